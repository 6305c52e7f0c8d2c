"""Calls of tools that a model made, until it is told what the tools answered."""

from __future__ import annotations

from collections.abc import Iterable

from agents_core.chat import ChatItem
from agents_plugin_google._wire.talk import answered_by


class Calls:
    """Their ids, from one connection to the next."""

    def __init__(self) -> None:
        self.awaited: set[str] = set()
        """Those that this connection brought, and waits for."""
        self.called_off: set[str] = set()
        """Those that need no answer any more, and whose tools still run."""
        self._open: set[str] = set()

    def add(self, call_id: str) -> None:
        """One more was made."""
        self.awaited.add(call_id)
        self._open.add(call_id)

    def call_off(self, ids: Iterable[str]) -> None:
        """These need no answer any more."""
        self.awaited.difference_update(ids)
        self._open.difference_update(ids)
        self.called_off.update(ids)

    def lose(self) -> None:
        """The connection is gone, and waits for nothing."""
        self.awaited.clear()

    def answer(self, items: Iterable[ChatItem]) -> bool:
        """These are told; whether the answer to one of the calls is among them."""
        told = answered_by(items)
        wanted = bool(told & self._open)
        for ids in (self.awaited, self.called_off, self._open):
            ids.difference_update(told)
        return wanted
