"""Keep one comment of ours on a pull request: written, rewritten, and never two for long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import ForgeRefused
from monorelease.model.forge import Change
from monorelease.model.value import value

_NOT_FOUND = 404


@value
class Said:
    """One comment."""

    number: int
    """As the forge counts comments: a later one has a larger number."""
    text: str


class Board(Protocol):
    """Those comments on one pull request that are ours, and meant."""

    def ours(self) -> Sequence[Said]:
        """All that are there now, in any order."""
        ...

    def write(self, text: str) -> Said:
        """Add one."""
        ...

    def rewrite(self, number: int, text: str) -> None:
        """Give one other words."""
        ...

    def erase(self, number: int) -> None:
        """Remove one; it may be gone already."""
        ...


def keep_one(api: ForgeApi, board: Board, text: str) -> tuple[int, Change]:
    """The number of the one comment that is there now, with `text`, and what was done for it.

    Who has written looks again. So where two runs write at once, at least the later one sees
    both comments, and moves its words into the older. One that is removed meanwhile is written
    anew.

    Raises:
        ForgeUnavailable: the forge refuses, or cannot be asked.
    """
    try:
        return _keep(api, board, text)
    except ForgeRefused as refused:
        if refused.status != _NOT_FOUND:
            raise
        return _keep(api, board, text)


def same_text(one: str, other: str) -> bool:
    """Whether a forge gives back what it got: line ends, and blanks around it, may differ."""
    return _plain(one) == _plain(other)


def marked(marker: str, text: str) -> str:
    """`text`, beginning with `marker`."""
    return text if text.startswith(marker) else f"{marker}\n{text}"


def _keep(api: ForgeApi, board: Board, text: str) -> tuple[int, Change]:
    found, is_new = api.ensure(lambda: board.ours() or None, lambda: (board.write(text),))
    known = {said.number: said for said in (*found, *(board.ours() if is_new else ()))}
    first, *others = (known[number] for number in sorted(known))
    for other in others:
        board.erase(other.number)
    if same_text(first.text, text):
        return first.number, Change.CREATED if is_new else Change.UNCHANGED
    board.rewrite(first.number, text)
    return first.number, Change.UPDATED


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
