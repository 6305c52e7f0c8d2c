"""What a test of an agent may say about one run, and how it is told where that is not so."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from agents_core.session.run_result import (
    AgentHandoffEvent,
    ChatMessageEvent,
    FunctionCallEvent,
    FunctionCallOutputEvent,
    RunEvent,
)

if TYPE_CHECKING:
    from agents_core.agent import Agent


class RunAssert:
    """The events of a run, one after another."""

    def __init__(self, events: Sequence[RunEvent]) -> None:
        self._events = tuple(events)
        self._next = 0

    def next_event(self, *, type: str | None = None) -> EventAssert:  # noqa: A002 - of the reference
        """The next one; of this type, where one is given, past those of others.

        Raises:
            AssertionError: there is none.
        """
        while self._next < len(self._events):
            at, self._next = self._next, self._next + 1
            if type is None or self._events[at].type == type:
                return EventAssert(self._events, at)
        wanted = "event" if type is None else type
        raise AssertionError(f"expected another {wanted}, but none is left\n{_shown(self._events)}")

    def no_more_events(self) -> None:
        """Say that all have been looked at.

        Raises:
            AssertionError: one has not.
        """
        if self._next < len(self._events):
            raise AssertionError(f"expected no more events\n{_shown(self._events, self._next)}")

    def __getitem__(self, at: int) -> EventAssert:
        if not -len(self._events) <= at < len(self._events):
            raise AssertionError(f"there is no event {at}\n{_shown(self._events)}")
        return EventAssert(self._events, at % len(self._events))

    def __len__(self) -> int:
        return len(self._events)


class EventAssert:
    """One event of a run; each check raises AssertionError, or returns the same for the next."""

    def __init__(self, events: Sequence[RunEvent], at: int) -> None:
        self._events = events
        self._at = at

    def event(self) -> RunEvent:
        """The event itself."""
        return self._events[self._at]

    def is_message(self, *, role: str | None = None, text: str | None = None) -> Self:
        """Somebody said something; `text` has to be part of it."""
        event = self.event()
        if not isinstance(event, ChatMessageEvent):
            raise self._wrong("a message")
        self._same("role", role, event.item.role)
        if text is not None and text not in (event.item.text_content or ""):
            raise self._wrong(f"a message with {text!r}")
        return self

    def is_function_call(
        self, *, name: str | None = None, arguments: Mapping[str, Any] | None = None
    ) -> Self:
        """The model called a tool, with at least these arguments."""
        event = self.event()
        if not isinstance(event, FunctionCallEvent):
            raise self._wrong("a function call")
        self._same("name", name, event.item.name)
        given = json.loads(event.item.arguments or "{}") if arguments else {}
        for key, value in (arguments or {}).items():
            self._same(f"argument {key!r}", value, given.get(key))
        return self

    def is_function_call_output(
        self, *, output: str | None = None, is_error: bool | None = None
    ) -> Self:
        """A tool answered."""
        event = self.event()
        if not isinstance(event, FunctionCallOutputEvent):
            raise self._wrong("a function call's output")
        self._same("output", output, event.item.output)
        self._same("is_error", is_error, event.item.is_error)
        return self

    def is_agent_handoff(self, *, new_agent_type: type[Agent] | None = None) -> Self:
        """Another agent took over."""
        event = self.event()
        if not isinstance(event, AgentHandoffEvent):
            raise self._wrong("a handoff")
        if new_agent_type is not None and not isinstance(event.new_agent, new_agent_type):
            raise self._wrong(f"a handoff to {new_agent_type.__name__}")
        return self

    def _same(self, what: str, wanted: object, found: object) -> None:
        if wanted is not None and wanted != found:
            raise self._wrong(f"{what} {wanted!r}, not {found!r}")

    def _wrong(self, wanted: str) -> AssertionError:
        return AssertionError(f"expected {wanted}\n{_shown(self._events, self._at)}")


def _shown(events: Sequence[RunEvent], marked: int | None = None) -> str:
    lines = (
        f"{'>' if at == marked else ' '} {at}: {event.item}" for at, event in enumerate(events)
    )
    return "\n".join(lines) or "  (no events)"
