"""A patch as a unified diff: every line that would change."""

from __future__ import annotations

from monorelease.model.patch import FileEdit, Patch
from monorelease.reports.terminal import printable


def diff_text(patch: Patch) -> str:
    """The whole patch, in the form that ``git apply`` and people read."""
    return "".join(_file_diff(edit) for edit in patch.edits)


def _file_diff(edit: FileEdit) -> str:
    from difflib import unified_diff

    before, after = _lines(edit.before), _lines(edit.after)
    name = printable(str(edit.path))
    old = f"a/{name}" if edit.before is not None else "/dev/null"
    new = f"b/{name}" if edit.after is not None else "/dev/null"
    return "".join(_terminated(line) for line in unified_diff(before, after, old, new))


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode("utf-8", "replace").splitlines(keepends=True)


def _terminated(line: str) -> str:
    shown = printable(line.rstrip("\r\n"))
    return f"{shown}\n" if line.endswith("\n") else f"{shown}\n\\ No newline at end of file\n"
