"""What was written of a change's own words: for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from monorelease.model.fragment import Fragment
from monorelease.model.patch import FileEdit, Patch
from monorelease.reports.json import SCHEMA, Value
from monorelease.reports.printable import printable, printable_lines
from monorelease.reports.terminal import PLAIN, Palette


def fragments_text(fragments: Sequence[Fragment], patch: Patch, palette: Palette = PLAIN) -> str:
    """Each fragment: its path and what becomes of the file, who moves how far, the words."""
    edits = {edit.path: edit for edit in patch.edits}
    blocks = [_block(fragment, _change(edits, fragment.path), palette) for fragment in fragments]
    gone = (edit.path for edit in patch.edits if edit.after is None)
    blocks += (f"{printable(str(path))}  (removed)\n" for path in gone)
    return "\n".join(blocks)


def authoring_value(
    fragments: Iterable[Fragment], patch: Patch, story: Sequence[str], *, is_rehearsal: bool
) -> Value:
    """What ``add --from-commits --json`` and its like print."""
    return {
        "schema": SCHEMA,
        "written": not is_rehearsal,
        **fragments_value(fragments, patch),
        "notes": list(story),
    }


def fragments_value(fragments: Iterable[Fragment], patch: Patch) -> Value:
    """Each fragment with what becomes of its file, and the files that go."""
    edits = {edit.path: edit for edit in patch.edits}
    told = [_fragment(fragment, _change(edits, fragment.path)) for fragment in fragments]
    removed = [str(edit.path) for edit in patch.edits if edit.after is None]
    return {"fragments": told, "removed": removed}


def _block(fragment: Fragment, change: str, palette: Palette) -> str:
    bumps = ", ".join(f"{entry.name}: {entry.bump.word}" for entry in fragment.entries)
    head = f"{palette.bold}{printable(str(fragment.path))}{palette.off}"
    note = "" if change == "added" else f"  ({change})"
    words = printable_lines(fragment.text).split("\n") if fragment.text else []
    lines = [f"{head}{note}", f"  {bumps or 'no release needed'}"]
    return "\n".join([*lines, *(f"  {line}".rstrip() for line in words)]) + "\n"


def _fragment(fragment: Fragment, change: str) -> Value:
    return {
        "path": str(fragment.path),
        "change": change,
        "category": fragment.category,
        "bumps": {entry.name: entry.bump.word for entry in fragment.entries},
        "text": fragment.text,
    }


def _change(edits: dict[PurePosixPath, FileEdit], path: PurePosixPath) -> str:
    if path not in edits:
        return "unchanged"
    return "added" if edits[path].before is None else "changed"
