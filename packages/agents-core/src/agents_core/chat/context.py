"""A conversation so far."""

from __future__ import annotations

import bisect
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, Self

from agents_core.chat import records
from agents_core.chat.items import (
    AgentHandoff,
    ChatContent,
    ChatItem,
    ChatMessage,
    ChatRole,
    FunctionCall,
    FunctionCallOutput,
    new_id,
)


class Named(Protocol):
    """Anything with a name: a tool."""

    @property
    def name(self) -> str:
        """By which models call it."""


class ChatContext:
    """A list of items in the order of the conversation; the items themselves never change.

    `items` is the list itself: what a user does to it is done to the conversation.
    """

    def __init__(self, items: Iterable[ChatItem] = ()) -> None:
        self._items = list(items)

    @classmethod
    def empty(cls) -> Self:
        """A conversation in which nothing was said."""
        return cls()

    @property
    def items(self) -> list[ChatItem]:
        """All of it, in order."""
        return self._items

    @items.setter
    def items(self, items: Iterable[ChatItem]) -> None:
        self._items = list(items)

    def messages(self) -> list[ChatMessage]:
        """What was said, without calls of tools and handoffs."""
        return [item for item in self._items if isinstance(item, ChatMessage)]

    def add_message(  # noqa: PLR0913 - the fields of a message
        self,
        *,
        role: ChatRole,
        content: ChatContent | Sequence[ChatContent],
        id: str | None = None,  # noqa: A002 - the field's name
        interrupted: bool = False,
        created_at: float | None = None,
        metrics: Mapping[str, float] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> ChatMessage:
        """Put a new message where its time belongs: at the end, unless `created_at` is earlier."""
        message = ChatMessage(
            role=role,
            content=(content,) if isinstance(content, ChatContent) else tuple(content),
            id=id or new_id(),
            interrupted=interrupted,
            metrics=metrics or {},
            extra=extra or {},
            created_at=time.time() if created_at is None else created_at,
        )
        if created_at is None:
            self._items.append(message)
        else:
            self.insert(message)
        return message

    def insert(self, item: ChatItem | Sequence[ChatItem]) -> None:
        """Put items where their times belong; after those of the same time."""
        for each in item if isinstance(item, Sequence) else (item,):
            bisect.insort_right(self._items, each, key=_created_at)

    def get_by_id(self, item_id: str) -> ChatItem | None:
        """The item of that id."""
        return next((item for item in self._items if item.id == item_id), None)

    def index_by_id(self, item_id: str) -> int | None:
        """Where the item of that id stands."""
        return next((at for at, item in enumerate(self._items) if item.id == item_id), None)

    def copy(
        self,
        *,
        exclude_function_call: bool = False,
        exclude_instructions: bool = False,
        exclude_empty_message: bool = False,
        exclude_handoff: bool = False,
        tools: Iterable[Named] | None = None,
    ) -> ChatContext:
        """A list of its own, of the same items.

        Args:
            exclude_function_call: leave out calls of tools and what they answered.
            exclude_instructions: leave out what the system and the developer said.
            exclude_empty_message: leave out messages without content.
            exclude_handoff: leave out handoffs.
            tools: leave out calls of any other tool, and what those answered.
        """
        names = None if tools is None else {tool.name for tool in tools}

        def kept(item: ChatItem) -> bool:
            match item:
                case ChatMessage():
                    return not (
                        (exclude_instructions and item.role in _INSTRUCTING)
                        or (exclude_empty_message and not any(item.content))
                    )
                case FunctionCall() | FunctionCallOutput():
                    return not exclude_function_call and (names is None or item.name in names)
                case AgentHandoff():
                    return not exclude_handoff

        return ChatContext(filter(kept, self._items))

    def truncate(self, *, max_items: int) -> Self:
        """Keep the last `max_items`, and the instructions before them.

        What would begin with a call of a tool or with its answer begins after it: a call without
        its answer, or the other way round, is refused by providers.

        Raises:
            ValueError: a negative number.
        """
        if max_items < 0:
            raise ValueError(f"no number of items: {max_items}")
        dropped, last = (
            self._items[: -max_items or None],
            self._items[-max_items or len(self._items) :],
        )
        while last and isinstance(last[0], (FunctionCall, FunctionCallOutput)):
            last.pop(0)
        instructions = next((item for item in dropped if _instructs(item)), None)
        self._items[:] = last if instructions is None else [instructions, *last]
        return self

    def merge(
        self,
        other: ChatContext,
        *,
        exclude_function_call: bool = False,
        exclude_instructions: bool = False,
    ) -> Self:
        """Take in what `other` has and this one has not, each where its time belongs."""
        known = {item.id for item in self._items}
        new = other.copy(
            exclude_function_call=exclude_function_call, exclude_instructions=exclude_instructions
        )
        self.insert([item for item in new.items if item.id not in known])
        return self

    def is_equivalent(self, other: ChatContext) -> bool:
        """Whether both say the same with the same ids; times and metrics do not count."""
        return [_said(item) for item in self._items] == [_said(item) for item in other.items]

    def to_dict(
        self,
        *,
        exclude_image: bool = True,
        exclude_audio: bool = True,
        exclude_timestamp: bool = True,
        exclude_function_call: bool = False,
        exclude_metrics: bool = False,
    ) -> dict[str, Any]:
        """A record of it that JSON can hold; `from_dict` reads it."""
        items = self.copy(exclude_function_call=exclude_function_call).items
        leave_out = records.LeaveOut(
            image=exclude_image,
            audio=exclude_audio,
            timestamp=exclude_timestamp,
            metrics=exclude_metrics,
        )
        return {"items": [records.record(item, leave_out) for item in items]}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote.

        Raises:
            ValueError: it is no such record; the message tells the item.
        """
        return cls(records.items(record))

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<ChatContext of {len(self._items)} items>"


_INSTRUCTING = ("system", "developer")


def _instructs(item: ChatItem) -> bool:
    return isinstance(item, ChatMessage) and item.role in _INSTRUCTING


def _created_at(item: ChatItem) -> float:
    return item.created_at


def _said(item: ChatItem) -> tuple[object, ...]:
    match item:
        case ChatMessage():
            return item.id, item.role, item.interrupted, item.content
        case FunctionCall():
            return item.id, item.call_id, item.name, item.arguments
        case FunctionCallOutput():
            return item.id, item.call_id, item.name, item.output, item.is_error
        case AgentHandoff():
            return item.id, item.old_agent_id, item.new_agent_id
