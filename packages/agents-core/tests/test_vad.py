from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from agents_core.audio import AudioFrame, silence
from agents_core.errors import APIConnectionError
from agents_core.metrics import VADMetrics
from agents_core.streams import FLUSH, Flush, Inlet, PortError
from agents_core.vad import VAD, VADCapabilities, VADEvent, VADEventType


def event(kind: VADEventType, **facts: object) -> VADEvent:
    return VADEvent(
        type=kind,
        samples_index=0,
        timestamp=0.0,
        speech_duration=0.0,
        silence_duration=0.0,
        **facts,
    )


class Counting(VAD):
    """Says one inference for each frame, and the end of speech at a flush."""

    def __init__(self, *, fails: bool = False) -> None:
        super().__init__(capabilities=VADCapabilities(update_interval=0.1))
        self.fails = fails
        self.metrics: list[VADMetrics] = []
        self.errors: list[PortError] = []
        self.on("metrics_collected", self.metrics.append)
        self.on("error", self.errors.append)
        self.kept = 0

    async def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        async for value in audio:
            self.kept += len(audio.behind)
            if self.fails:
                raise APIConnectionError("the detector broke")
            if value is FLUSH:
                yield event(VADEventType.END_OF_SPEECH)
            else:
                yield event(VADEventType.INFERENCE_DONE, inference_duration=0.01, speaking=True)


def test_a_detector_is_measured_once_a_second_and_at_the_end() -> None:
    vad = Counting()

    async def scenario() -> list[VADEvent]:
        async with vad.stream() as stream:
            for _ in range(13):
                stream.push_frame(silence(0.1, sample_rate=16_000))
            stream.end_input()
            return [each async for each in stream]

    seen = asyncio.run(scenario())

    assert [each.type for each in seen][-2:] == [
        VADEventType.INFERENCE_DONE,
        VADEventType.END_OF_SPEECH,
    ]
    assert [each.inference_count for each in vad.metrics] == [10, 3]
    assert round(vad.metrics[0].inference_duration_total, 3) == 0.1
    assert vad.kept == 0, "hours of sound are not kept"
    assert vad.capabilities.update_interval == 0.1


def test_a_detector_that_breaks_is_not_tried_again() -> None:
    vad = Counting(fails=True)

    async def scenario() -> None:
        async with vad.stream() as stream:
            stream.push_frame(silence(0.1, sample_rate=16_000))
            await anext(stream)

    with pytest.raises(APIConnectionError, match="the detector broke"):
        asyncio.run(scenario())
    assert [each.recoverable for each in vad.errors] == [False]
