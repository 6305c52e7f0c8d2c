"""Keep GitLab from carrying out, with our rights, what somebody wrote into words of ours."""

from __future__ import annotations

import re

MARK = "\u200b"
"""Of no width: before it a line begins, and after it no order does."""

# GitLab drops carriage returns before it looks, and does not look at Markdown as it reads it:
# what is code to people may hold orders, and the other way round.
_ORDER = re.compile(r"^[\r\u200b]*(?=/[A-Za-z])", re.MULTILINE)


def without_orders(text: str) -> str:
    """`text`, of a description or a note, in which no line is a quick action (``/merge``).

    People see no difference: of signs, only carriage returns before such a line are lost.
    """
    return _ORDER.sub(MARK, text)
