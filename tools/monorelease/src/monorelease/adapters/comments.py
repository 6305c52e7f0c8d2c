"""Comments on a pull request, as all forges keep them: listed, written, changed and removed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import ForgeRefused
from monorelease.adapters.one_comment import Said
from monorelease.model.value import value

_NOT_FOUND = 404


class Comment(Protocol):
    """What somebody said, as a forge tells of it."""

    @property
    def number(self) -> int:
        """As the forge counts comments."""
        ...

    @property
    def text(self) -> str:
        """Markdown."""
        ...


C = TypeVar("C", bound=Comment)


@value
class Place:
    """Where a forge keeps the comments on one pull request."""

    everyones: tuple[str, ...]
    """The path of all of them."""
    each: tuple[str, ...]
    """What stands before the number in the path of one."""
    query: Mapping[str, str | int] = MappingProxyType({})
    """How all of them are asked for."""
    method: str = "PATCH"
    """With which one is given other words."""


class Comments(ABC, Generic[C]):
    """Those that are ours, and meant; see `monorelease.adapters.one_comment.Board`."""

    def __init__(
        self,
        api: ForgeApi,
        place: Place,
        parse: Callable[[object], C],
        is_meant: Callable[[str], bool],
    ) -> None:
        """Nothing is asked yet.

        Args:
            api: where to ask.
            place: of the comments.
            parse: makes one of an answer.
            is_meant: tells by its text whether a comment of ours is one that we look for.
        """
        self._api = api
        self._place = place
        self._parse = parse
        self._is_meant = is_meant

    @abstractmethod
    def is_ours(self, comment: C) -> bool:
        """Whether our token's owner wrote it."""

    def everyones(self) -> Iterator[C]:
        """All that are there now, of whomever."""
        for page in self._api.pages(self._place.everyones, self._place.query):
            yield from (self._api.understand(self._parse, item) for item in page)

    def ours(self) -> tuple[Said, ...]:
        """All of ours that are there now."""
        return tuple(
            Said(number=comment.number, text=comment.text)
            for comment in self.everyones()
            if self.is_ours(comment) and self._is_meant(comment.text)
        )

    def write(self, text: str) -> Said:
        """Add one."""
        made = self._api.send("POST", self._place.everyones, {"body": text})
        comment = self._api.understand(self._parse, made)
        return Said(number=comment.number, text=comment.text)

    def rewrite(self, number: int, text: str) -> None:
        """Give one other words."""
        self._api.send(self._place.method, (*self._place.each, str(number)), {"body": text})

    def erase(self, number: int) -> None:
        """Remove one; it may be gone already."""
        try:
            self._api.send("DELETE", (*self._place.each, str(number)))
        except ForgeRefused as refused:
            if refused.status != _NOT_FOUND:
                raise
