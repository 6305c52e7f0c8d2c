"""Defects of a detector of voice activity."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from typing import Any

from agents_core.audio import AudioFrame, mono
from agents_core.streams import Flush, Inlet
from agents_core.testing.broken.bending import changed, closing_once, late
from agents_core.testing.broken.defects import Defect, caught_by, defects
from agents_core.testing.broken.ports import PORTS
from agents_core.testing.broken.quick import QuickVADSuite
from agents_core.testing.fakes.vad import Ear, FakeVAD
from agents_core.testing.watching import HEARTBEAT
from agents_core.vad import VADEvent, VADEventType, VADStream

START = VADEventType.START_OF_SPEECH
END = VADEventType.END_OF_SPEECH
DONE = VADEventType.INFERENCE_DONE

_LONG = 2.5
"""Seconds of silence that only the sentences about silence have."""


class BentVAD(FakeVAD):
    """Bends what it hears and what it notices."""

    def heard(self, piece: AudioFrame | Flush) -> AudioFrame | Flush | None:
        return piece

    def bent(self, event: VADEvent) -> VADEvent | None:
        return event

    def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        pieces: Any = changed(_pieces(audio), self.heard)
        return changed(super()._detect(pieces), self.bent)


@caught_by("silence_is_no_speech", "two_at_once_do_not_mix")
class HearsThingsInSilence(BentVAD):
    """Takes a long silence for speech."""

    def bent(self, event: VADEvent) -> VADEvent:
        long = event.raw_accumulated_silence > _LONG
        return replace(event, type=START) if long else event


@caught_by("speech_begins_and_ends_where_it_does")
class EndsLate(FakeVAD):
    """Waits too long for more speech."""

    def __init__(self) -> None:
        super().__init__(min_silence_duration=1.1)


@caught_by("speech_is_as_long_as_it_was")
class CountsTheSilence(BentVAD):
    """Takes the silence after speech for a part of it."""

    def bent(self, event: VADEvent) -> VADEvent:
        return replace(event, speech_duration=event.speech_duration + event.silence_duration)


@caught_by("what_was_said_comes_with_the_events")
class KeepsNoSound(BentVAD):
    """Says that somebody spoke, and not what."""

    def bent(self, event: VADEvent) -> VADEvent:
        return replace(event, frames=())


@caught_by("each_utterance_begins_and_ends_once")
class HearsOneUtterance(FakeVAD):
    """Is deaf once somebody has spoken."""

    async def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        over = False
        async for event in super()._detect(audio):
            if event.type == DONE or not over:
                yield event
            over = over or event.type == END


@caught_by("events_say_whether_somebody_speaks")
class NeverSpeaks(BentVAD):
    """Does not say whether somebody speaks."""

    def bent(self, event: VADEvent) -> VADEvent:
        return replace(event, speaking=False)


@caught_by("samples_are_counted")
class CountsAnotherRate(BentVAD):
    """Counts the samples that the model got, not those that came."""

    def bent(self, event: VADEvent) -> VADEvent:
        return replace(event, samples_index=round(event.timestamp * 16000))


@caught_by("the_cut_of_frames_does_not_matter")
class LooksAtFramesAlone(BentVAD):
    """Drops of each frame what is left over from its last whole window."""

    def heard(self, piece: AudioFrame | Flush) -> AudioFrame | Flush | None:
        if isinstance(piece, Flush):
            return piece
        rest = piece.samples_per_channel % (piece.sample_rate // 100)
        size = len(piece.data) - 2 * piece.num_channels * rest
        data = piece.data[:size]
        return AudioFrame(data, piece.sample_rate, piece.num_channels) if data else None


@caught_by("a_second_channel_changes_nothing")
class TakesTwoChannelsForOne(BentVAD):
    """Hears the samples of both channels one after the other."""

    def heard(self, piece: AudioFrame | Flush) -> AudioFrame | Flush:
        if isinstance(piece, Flush):
            return piece
        return AudioFrame(piece.data, piece.sample_rate)


@caught_by("a_flush_forgets")
class OverhearsAFlush(BentVAD):
    """Goes on as if nothing had been said."""

    def heard(self, piece: AudioFrame | Flush) -> AudioFrame | Flush | None:
        return None if isinstance(piece, Flush) else piece


@caught_by("two_at_once_do_not_mix")
class SharesAnEar(FakeVAD):
    """Has one state for all streams that are open at the same time."""

    _ear: Ear | None = None
    _open = 0

    async def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        self._open += 1
        try:
            async for piece in audio:
                await asyncio.sleep(0)
                if isinstance(piece, AudioFrame):
                    self._ear = self._ear or Ear(self, piece.sample_rate)
                if self._ear is None:
                    continue
                for event in _heard(self._ear, piece):
                    yield event
        finally:
            self._open -= 1
            self._ear = self._ear if self._open else None


@caught_by("events_come_while_sound_comes")
class WaitsForTheEnd(FakeVAD):
    """Notices nothing before all sound is there."""

    def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        return late(super()._detect(audio))


@caught_by("the_event_loop_is_never_blocked")
class BlocksTheLoop(BentVAD):
    """Waits where nothing else can run; only while it is watched, to save the time of others."""

    def bent(self, event: VADEvent) -> VADEvent:
        if event.type != START:
            return event
        watched = any(task.get_name() == HEARTBEAT for task in asyncio.all_tasks())
        if watched:
            time.sleep(1.3)
        return event


@caught_by("closing_a_stream_ends_it")
class ClosesAStreamOnce(FakeVAD):
    """Has streams that cannot be closed twice."""

    def stream(self) -> VADStream:
        return closing_once(super().stream())


@caught_by("nothing_is_left_behind")
class LeavesATask(FakeVAD):
    """Begins something with each stream, and never ends it."""

    def stream(self) -> VADStream:
        self._reporting = asyncio.create_task(asyncio.sleep(60), name="reporting")
        return super().stream()


async def _pieces(audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[AudioFrame | Flush]:
    async for piece in audio:
        yield piece


def _heard(ear: Ear, piece: AudioFrame | Flush) -> Iterator[VADEvent]:
    return ear.flush() if isinstance(piece, Flush) else ear.hear(mono(piece))


BROKEN: tuple[type[FakeVAD], ...] = (
    HearsThingsInSilence,
    EndsLate,
    CountsTheSilence,
    KeepsNoSound,
    HearsOneUtterance,
    NeverSpeaks,
    CountsAnotherRate,
    LooksAtFramesAlone,
    TakesTwoChannelsForOne,
    OverhearsAFlush,
    SharesAnEar,
    WaitsForTheEnd,
    BlocksTheLoop,
    ClosesAStreamOnce,
    LeavesATask,
)
DEFECTS: tuple[Defect, ...] = (
    *defects(QuickVADSuite, PORTS, made_with="kind", fake=FakeVAD),
    *defects(QuickVADSuite, BROKEN, made_with="kind"),
)
