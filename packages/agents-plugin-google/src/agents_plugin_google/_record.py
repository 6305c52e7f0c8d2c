"""What was said in a conversation, and how much of it Google would remember."""

from __future__ import annotations

from collections.abc import Iterable

from agents_core.chat import ChatContext, ChatItem


class Record:
    """The conversation as we know it; Google keeps its own, which we cannot see."""

    def __init__(self, handle: str | None) -> None:
        """Begin.

        Args:
            handle: of an earlier conversation that goes on; None for a new one.
        """
        self.chat_ctx = ChatContext()
        self.handle = handle
        """By which a new connection goes on with the conversation as it was then."""
        self._remembered: frozenset[str] = frozenset()
        self._told: set[str] = set()

    def add(self, item: ChatItem) -> str | None:
        """Google said this, or wrote it down; given is the id of what was before it."""
        before = self.chat_ctx.items[-1].id if len(self.chat_ctx) else None
        self.chat_ctx.items.append(item)
        self._told.add(item.id)
        return before

    def was_told(self, items: Iterable[ChatItem]) -> None:
        """Google knows these."""
        self._told |= {item.id for item in items}

    def remember(self, handle: str) -> None:
        """Google will know by this handle what it knows now."""
        self.handle, self._remembered = handle, frozenset(self._told)

    def forget_handle(self) -> None:
        """A new connection will know nothing."""
        self.handle, self._remembered = None, frozenset()

    def reopen(self, *, resumed: bool) -> list[ChatItem]:
        """A new connection is there, and will be told these: what it does not know."""
        known = self._remembered if resumed else frozenset()
        self._told = {item.id for item in self.chat_ctx.items}
        return [item for item in self.chat_ctx.items if item.id not in known]
