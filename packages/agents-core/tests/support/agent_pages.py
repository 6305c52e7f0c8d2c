"""The Python in pages for people, as what it is to a reader: a program, a test, an agent.

A block is a whole program, which ends with status 0, unless a comment right before it says
otherwise: ``<!-- python: with pytest -->``, ``<!-- python: as an agent -->``,
``<!-- python: saved as NAME -->`` for a file that later blocks of the page import, or
``<!-- python: not run, WHY -->``. A ``text`` block behind ``<!-- printed -->`` is what the program
above it prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^<!-- python: (?P<how>[^\n]*?) -->\n)?^```python\n(?P<code>.*?)^```$"
    r"(?:\n\n<!-- printed -->\n```text\n(?P<printed>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
_SAVED = "saved as "
_LEFT_OUT = "not run, "


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of Python."""

    page: str
    line: int
    how: str
    """Empty for a program."""
    code: str
    printed: str | None

    @property
    def file(self) -> str:
        """The name that later blocks import it by; empty where they do not."""
        return self.how.removeprefix(_SAVED) if self.how.startswith(_SAVED) else ""

    @property
    def why_not(self) -> str:
        """Why it is not run; empty where it is."""
        return self.how.removeprefix(_LEFT_OUT) if self.how.startswith(_LEFT_OUT) else ""


def blocks_of(page: Path) -> tuple[Block, ...]:
    """The blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return tuple(
        Block(
            page=page.name,
            line=text.count("\n", 0, found.start("code")) + 1,
            how=found["how"] or "",
            code=found["code"],
            printed=found["printed"],
        )
        for found in _BLOCK.finditer(text)
    )


def rows_of(page: Path, heading: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the table whose first column is headed so; what is code, without its marks."""
    table = re.search(
        rf"^\| {re.escape(heading)} \|.*\n\|[-|: ]+\|\n((?:\|.*\n)+)",
        page.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert table is not None, f"{page.name} has no table of {heading!r}"
    rows = (re.split(r"(?<!\\)\|", row.strip("|")) for row in table[1].splitlines())
    return tuple(tuple(_bare(cell.strip()) for cell in row) for row in rows)


def _bare(cell: str) -> str:
    code = re.fullmatch(r"`([^`]*)`", cell)
    return cell if code is None else code[1]
