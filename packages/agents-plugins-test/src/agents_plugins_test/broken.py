"""Plugins written in a hurry: each breaks sentences, by which a suite has to catch it."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from agents_core.audio import AudioFrame, wav_bytes
from agents_core.errors import APIError
from agents_core.retry import APIConnectOptions
from agents_core.testing.broken.defects import Defect, caught_by, defects
from agents_core.tts import ChunkedStream, TTSPart
from agents_plugins_test.tidy import RATE, Tidy, TidySuite

_BLOCK = 960


@caught_by("a_malformed_answer_is_an_api_error")
class PlaysWhateverComes(Tidy):
    """Takes a page about a mistake for sound."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        async with self._asked(text, timeout) as response:
            async for piece in response.content.iter_any():
                yield piece


@caught_by(
    "a_cut_in_the_answer_is_not_papered_over",
    "a_limit_is_waited_out_as_long_as_the_vendor_says",
    "a_malformed_answer_is_an_api_error",
    "a_refused_key_is_final",
    "a_stall_ends_at_the_timeout",
    "each_failure_is_an_error_event",
    "the_key_is_not_in_an_error",
)
class SwallowsEveryFailure(Tidy):
    """Takes whatever goes wrong for the end of the answer."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        try:
            async with self._asked(text, timeout) as response:
                async for piece in response.content.iter_any():
                    yield piece
        except APIError:
            return


@caught_by("every_sample_is_handed_on")
class KeepsWholePiecesOnly(Tidy):
    """Hands on blocks of one size, and forgets the last one, which is shorter."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        async with self._asked(text, timeout) as response:
            held = b""
            async for piece in response.content.iter_any():
                held += piece
                while len(held) >= _BLOCK:
                    yield held[:_BLOCK]
                    held = held[_BLOCK:]


@caught_by(
    "a_cut_in_the_answer_is_not_papered_over",
    "a_malformed_answer_is_an_api_error",
    "an_answer_begins_before_it_is_whole",
    "every_sample_is_handed_on",
    "leaving_an_answer_closes_the_connection_at_once",
    "no_header_is_played_as_sound",
)
class PlaysTheHeader(Tidy):
    """Hands on a file with all that is in it."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        sound = b""
        async with self._asked(text, timeout) as response:
            async for piece in response.content.iter_any():
                sound += piece
        yield wav_bytes(AudioFrame(sound[: len(sound) // 2 * 2], RATE))


@caught_by(
    "a_cut_in_the_answer_is_not_papered_over",
    "a_malformed_answer_is_an_api_error",
    "an_answer_begins_before_it_is_whole",
    "leaving_an_answer_closes_the_connection_at_once",
)
class ReadsTheWholeBody(Tidy):
    """Waits for all sound before it hands on the first."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        async with self._asked(text, timeout) as response:
            yield await response.read()


@caught_by("the_key_is_told_to_nobody")
class PutsItsKeyIntoTheUrl(Tidy):
    """Where every log on the way has it."""

    def __init__(self, key: str, url: str) -> None:
        super().__init__(key, url)
        self._url += f"?api_key={key}"


@caught_by("nothing_is_left_behind")
class ForgetsItsHeartbeat(Tidy):
    """Begins a task with its first request, and ends it never."""

    _beating: asyncio.Task[None] | None = None

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        self._beating = self._beating or asyncio.create_task(asyncio.sleep(3600))
        async for part in super()._synthesize(text, timeout=timeout):
            yield part


@caught_by(
    "a_cut_in_the_answer_is_not_papered_over",
    "a_limit_is_waited_out_as_long_as_the_vendor_says",
    "a_malformed_answer_is_an_api_error",
    "a_refused_key_is_final",
    "a_stall_ends_at_the_timeout",
    "an_error_that_the_vendor_tells_of_is_raised",
    "each_failure_is_an_error_event",
    "failures_without_end_are_given_up",
    "the_key_is_not_in_an_error",
)
class TriesEverythingAgain(Tidy):
    """Has a loop of its own around what the core tries again anyway."""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        for last in (False, True):
            try:
                async for part in super()._synthesize(text, timeout=timeout):
                    yield part
            except APIError:
                if last:
                    raise
            else:
                return


@caught_by("a_stall_ends_at_the_timeout")
class WaitsForEver(Tidy):
    """Has time, whatever was asked for."""

    def patience(self, timeout: float) -> float | None:  # noqa: ARG002 - that is what is broken
        return None

    def _asked(self, text: str, timeout: float) -> Any:  # noqa: ANN401, ARG002 - likewise
        return super()._asked(text, 600.0)


@caught_by("two_at_once_do_not_mix")
class HasOneBuffer(Tidy):
    """Keeps what comes in one place, for all who ask at the same time."""

    _held = b""

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        async for part in super()._synthesize(text, timeout=timeout):
            assert isinstance(part, bytes)  # noqa: S101 - it makes nothing else
            self._held += part
            await asyncio.sleep(0)
            piece, self._held = self._held, b""
            yield piece


@caught_by("a_blank_text_makes_no_request")
class AsksForNothing(Tidy):
    """Asks the vendor to say a blank text."""

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions | None = None
    ) -> ChunkedStream:
        options = conn_options or APIConnectOptions()
        return super().synthesize(text if text.strip() else ".", conn_options=options)


DEFECTS: tuple[Defect, ...] = tuple(
    defects(
        TidySuite,
        [
            PlaysWhateverComes,
            SwallowsEveryFailure,
            KeepsWholePiecesOnly,
            PlaysTheHeader,
            ReadsTheWholeBody,
            PutsItsKeyIntoTheUrl,
            ForgetsItsHeartbeat,
            TriesEverythingAgain,
            WaitsForEver,
            HasOneBuffer,
            AsksForNothing,
        ],
        made_with="kind",
    )
)
"""Each of them, with the sentences that catch it."""
