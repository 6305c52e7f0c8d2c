"""Defects in the answers of a realtime model."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from agents_core.audio import AudioFrame
from agents_core.errors import APIConnectionError, APITimeoutError
from agents_core.realtime import (
    Generated,
    GenerationCreatedEvent,
    MessageGeneration,
    RealtimeEvent,
)
from agents_core.testing.broken.bending import changed, late
from agents_core.testing.broken.defects import caught_by
from agents_core.testing.fakes.conversing import FakeRealtimeSession


class BentSession(FakeRealtimeSession):
    """Bends its answers."""

    def bent(self, event: GenerationCreatedEvent) -> GenerationCreatedEvent:
        return event

    def bent_message(self, message: MessageGeneration) -> MessageGeneration:
        return message

    def emit(self, event: RealtimeEvent, *args: object) -> None:
        super().emit(event, *map(self._bent, args))

    def generate_reply(self, *, instructions: str | None = None) -> Generated:
        return _mapped(super().generate_reply(instructions=instructions), self._bent)

    def _bent(self, event: Any) -> Any:  # noqa: ANN401 - any event
        if not isinstance(event, GenerationCreatedEvent):
            return event
        messages: Any = event.message_stream
        return self.bent(replace(event, message_stream=changed(messages, self.bent_message)))


@caught_by("a_reply_that_is_asked_for_is_made")
class SaysNotThatItWasAsked(BentSession):
    """Takes every answer for one of its own."""

    def bent(self, event: GenerationCreatedEvent) -> GenerationCreatedEvent:
        return replace(event, user_initiated=False)


@caught_by("an_answer_follows_speech")
class SaysThatItWasAsked(BentSession):
    """Takes no answer for one of its own."""

    def bent(self, event: GenerationCreatedEvent) -> GenerationCreatedEvent:
        return replace(event, user_initiated=True)


@caught_by("each_answer_is_announced_once")
class NamesAllAnswersTheSame(BentSession):
    """Gives one name to all answers."""

    def bent(self, event: GenerationCreatedEvent) -> GenerationCreatedEvent:
        return replace(event, response_id="response")


@caught_by("what_is_said_is_what_is_written")
class LosesItsVoice(BentSession):
    """Hands on no sound."""

    def bent_message(self, message: MessageGeneration) -> MessageGeneration:
        return replace(message, audio_stream=_nothing())


@caught_by("an_answer_begins_before_it_is_whole")
class WaitsForTheWholeText(BentSession):
    """Hands on no text before it has all of it."""

    def bent_message(self, message: MessageGeneration) -> MessageGeneration:
        text: Any = message.text_stream
        return replace(message, text_stream=late(text))


@caught_by("a_tool_call_is_whole")
class CutsArguments(BentSession):
    """Hands on arguments before they are whole."""

    def bent(self, event: GenerationCreatedEvent) -> GenerationCreatedEvent:
        calls: Any = event.function_stream
        return replace(
            event,
            function_stream=changed(
                calls, lambda call: replace(call, arguments=call.arguments[:9])
            ),
        )


@caught_by("a_stall_ends_at_the_timeout")
class SaysNotThatItWasLate(FakeRealtimeSession):
    """Takes a timeout for a lost connection."""

    def generate_reply(self, *, instructions: str | None = None) -> Generated:
        asked = super().generate_reply(instructions=instructions)
        return _mapped(asked, _as_it_is, _lost)


def _mapped(
    inner: Generated,
    change: Callable[[GenerationCreatedEvent], GenerationCreatedEvent],
    failing: Callable[[BaseException], BaseException] = lambda error: error,
) -> Generated:
    """The same answer, or its error, changed."""
    outer: Generated = inner.get_loop().create_future()

    def settle(done: Generated) -> None:
        error = done.exception()
        if outer.done():
            return
        if error is None:
            outer.set_result(change(done.result()))
        else:
            outer.set_exception(failing(error))

    inner.add_done_callback(settle)
    return outer


def _as_it_is(event: GenerationCreatedEvent) -> GenerationCreatedEvent:
    return event


def _lost(error: BaseException) -> BaseException:
    late = isinstance(error, APITimeoutError)
    return APIConnectionError("no answer") if late else error


async def _nothing() -> AsyncIterator[AudioFrame]:
    frames: tuple[AudioFrame, ...] = ()
    for frame in frames:
        yield frame
