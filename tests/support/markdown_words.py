"""Words of the code as Markdown shows them: as they are written, not as marks of its own."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\\*`]|<(?=[A-Za-z/!?])|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""What Markdown would take for more than a sign."""


def as_written(text: str) -> str:
    """A text on one line; what stands in backquotes stays code."""
    pieces = " ".join(text.split()).split("`")
    has_pairs = len(pieces) % 2 == 1 and "``" not in text
    if not has_pairs:
        return _MARKS.sub(r"\\\g<0>", "`".join(pieces))
    return "`".join(
        piece if place % 2 else _MARKS.sub(r"\\\g<0>", piece) for place, piece in enumerate(pieces)
    )


def in_cell(text: str) -> str:
    """Likewise in a table, where an upright line would end the cell."""
    return as_written(text).replace("|", "\\|")


def code_in_cell(text: str) -> str:
    """Code in a table."""
    return "`" + text.replace("|", "\\|") + "`"
