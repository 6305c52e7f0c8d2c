"""A patch as a unified diff: every line that would change."""

from __future__ import annotations

import re
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
_NO_NEWLINE = "\\ No newline at end of file\n"


def diff_bytes(patch: Patch) -> bytes:
    """The whole patch, byte for byte as ``git apply`` takes it."""
    lines = (line for edit in patch.edits for line in _lines_of(edit))
    return "".join(lines).encode("utf-8", "surrogateescape")


def diff_text(patch: Patch, palette: Palette = PLAIN) -> str:
    """The whole patch for somebody at a terminal: coloured, and nothing in it steers."""
    marks = {"-": palette.red, "+": palette.green, "@": palette.dim}
    headed = {"--- ": palette.bold, "+++ ": palette.bold, "diff": palette.bold}
    shown = []
    for edit in patch.edits:
        for number, line in enumerate(_lines_of(edit)):
            mark = headed.get(line[:4], "") if number < _HEADER else marks.get(line[0], "")
            words = printable_lines(line.removesuffix("\n").removesuffix("\r"))
            shown.append(f"{mark}{words}{palette.off if mark else ''}\n")
    return "".join(shown)


_HEADER = 2
"""How many lines of a file's diff name the file."""
