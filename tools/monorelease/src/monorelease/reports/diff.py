"""A patch as a unified diff: every line that would change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from monorelease.model.patch import FileEdit, Patch
from monorelease.reports.printable import printable, printable_lines
from monorelease.reports.terminal import PLAIN, Palette

_ESCAPES = {
    "\a": r"\a",
    "\b": r"\b",
    "\t": r"\t",
    "\n": r"\n",
    "\v": r"\v",
    "\f": r"\f",
    "\r": r"\r",
    '"': r"\"",
    "\\": r"\\",
}


def diff_bytes(patch: Patch) -> bytes:
    """The whole patch as ``git apply`` takes it: the files' own bytes."""
    lines = (line for edit in patch.edits for line in (*_header(edit), *_hunks(edit)))
    return "".join(lines).encode("utf-8", "surrogateescape")


def diff_text(patch: Patch, palette: Palette = PLAIN) -> str:
    """The whole patch for somebody at a terminal: `palette` marks it, and nothing in it steers."""
    marks = {"-": palette.red, "+": palette.green, "@": palette.dim}
    shown = []
    for edit in patch.edits:
        shown += [_marked(line, palette.bold, palette) for line in _header(edit)]
        shown += [_marked(line, marks.get(line[0], ""), palette) for line in _hunks(edit)]
    return "".join(shown)


def _header(edit: FileEdit) -> tuple[str, str]:
    """The two lines that name the file before and after."""
    old, new = _name("a", edit.path), _name("b", edit.path)
    if not edit.before and not edit.after:  # no hunk tells an empty file from none
        made = "new" if edit.before is None else "deleted"
        return f"diff --git {old} {new}\n", f"{made} file mode 100644\n"
    # A name with blanks ends in a tab, or its last word could be taken for a date.
    tab = "\t" if " " in old and not old.startswith('"') else ""
    before = "/dev/null" if edit.before is None else f"{old}{tab}"
    after = "/dev/null" if edit.after is None else f"{new}{tab}"
    return f"--- {before}\n", f"+++ {after}\n"


def _hunks(edit: FileEdit) -> Iterator[str]:
    from difflib import unified_diff
    from itertools import islice

    for line in islice(unified_diff(_lines(edit.before), _lines(edit.after)), 2, None):
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n"
            yield "\\ No newline at end of file\n"


def _lines(data: bytes | None) -> list[str]:
    """The lines, each with its newline; only a newline ends a line, as git and editors see it."""
    *whole, rest = (data or b"").decode("utf-8", "surrogateescape").split("\n")
    return [f"{line}\n" for line in whole] + [rest] * bool(rest)


def _name(side: str, path: PurePosixPath) -> str:
    """The name as git writes it: between quotes, in the manner of C, where it is an odd one."""
    name = f"{side}/{path}"
    quoted = "".join(_ESCAPES.get(character) or _octal(character) for character in name)
    return name if quoted == name else f'"{quoted}"'


def _octal(character: str) -> str:
    """The character, or its bytes in octal where it would steer or is no text."""
    is_text = not "\ud800" <= character <= "\udfff"
    if is_text and printable(character) == character:
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _marked(line: str, mark: str, palette: Palette) -> str:
    words = printable_lines(line.removesuffix("\n").removesuffix("\r"))
    return f"{mark}{words}{palette.off if mark else ''}\n"
