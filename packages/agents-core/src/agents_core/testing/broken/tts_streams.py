"""Defects in the streams of a text to speech."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

import itertools
from dataclasses import replace

from agents_core.audio import AudioFrame
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.testing.broken.bending import bend, closing_once
from agents_core.testing.broken.defects import caught_by
from agents_core.testing.fakes.tts import FakeTTS
from agents_core.tts import (
    ChunkedStream,
    SynthesizedAudio,
    SynthesizeStream,
)


class BentTTS(FakeTTS):
    """Bends its streams."""

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> ChunkedStream:
        return self.bent_whole(super().synthesize(text, conn_options=conn_options))

    def stream(
        self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> SynthesizeStream:
        return self.bent(super().stream(conn_options=conn_options))

    def bent_whole(self, stream: ChunkedStream) -> ChunkedStream:
        return stream

    def bent(self, stream: SynthesizeStream) -> SynthesizeStream:
        return stream


@caught_by("frames_are_as_announced", "all_can_be_collected")
class EndsAtAnotherRate(BentTTS):
    """Hands on a last frame at another rate than it says."""

    def bent_whole(self, stream: ChunkedStream) -> ChunkedStream:
        return bend(stream, _faster_at_the_end)


@caught_by("a_blank_stream_makes_no_request")
class StreamsBlanks(BentTTS):
    """Asks for the sound of nothing, piece by piece."""

    def bent(self, stream: SynthesizeStream) -> SynthesizeStream:
        push = stream.push_text
        return bend(stream, push_text=lambda _self, text: push(text or "um"))


@caught_by("a_whole_text_is_one_segment")
class NamesEveryFrame(BentTTS):
    """Makes a segment of each frame."""

    def bent_whole(self, stream: ChunkedStream) -> ChunkedStream:
        count = itertools.count()
        return bend(stream, lambda event: replace(event, segment_id=f"{next(count)}"))


@caught_by("all_can_be_collected")
class CollectsTheFirstFrame(BentTTS):
    """Collects less than there is."""

    def bent_whole(self, stream: ChunkedStream) -> ChunkedStream:
        async def collect(self: ChunkedStream) -> AudioFrame:
            async with self:
                return (await anext(self)).frame

        return bend(stream, collect=collect)


@caught_by(
    "each_segment_ends_once_and_in_order",
    "flushing_twice_makes_no_segment",
    "a_segment_is_said_before_the_next_one_is_known",
)
class EndsWithEveryFrame(BentTTS):
    """Takes every frame for the last one."""

    def bent(self, stream: SynthesizeStream) -> SynthesizeStream:
        return bend(stream, lambda event: replace(event, is_final=True))


@caught_by(
    "flushing_twice_makes_no_segment",
    "each_segment_ends_once_and_in_order",
    "a_blank_stream_makes_no_request",
)
class FlushesNothing(BentTTS):
    """Makes a segment of every flush."""

    def bent(self, stream: SynthesizeStream) -> SynthesizeStream:
        flush = stream.flush

        def flush_anyway(self: SynthesizeStream) -> None:
            if not self._open:
                self.push_text("um")
            flush()

        return bend(stream, flush=flush_anyway)


@caught_by("closing_a_stream_ends_it")
class ClosesAStreamOnce(BentTTS):
    """Has streams that cannot be closed twice."""

    def bent(self, stream: SynthesizeStream) -> SynthesizeStream:
        return closing_once(stream)


def _faster_at_the_end(event: SynthesizedAudio) -> SynthesizedAudio:
    if not event.is_final:
        return event
    frame = event.frame
    return replace(event, frame=AudioFrame(frame.data, frame.sample_rate + 1, frame.num_channels))
