"""Text-to-speech ports that stand in for one another."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence

from agents_core.adapters.candidates import Candidates, Probing, StandIn, all_failed
from agents_core.adapters.lines import Line
from agents_core.adapters.tts_stream import StreamAdapter
from agents_core.audio import Resampler
from agents_core.retry import APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.tts import (
    TTS,
    RequestId,
    SegmentEnd,
    Spoken,
    SynthesizedAudio,
    SynthesizeStream,
    TTSCapabilities,
    TTSPart,
    Words,
)

_PROBE_TEXT = "Hello."


class FallbackAdapter(StandIn[TTS], TTS):
    """Speaks with the first port that works.

    A port that fails before anything of a segment was heard is replaced by the next one, which says
    the whole segment; after that the failure is raised, as nobody changes voice in the middle of a
    sentence. Rates that differ are resampled. It takes the ports over: `aclose` closes them.

    Emits "availability_changed" with `agents_core.adapters.candidates.AvailabilityChanged`.
    """

    def __init__(  # noqa: PLR0913 - how patient to be with each, and how to find out that one is back
        self,
        ttss: Sequence[TTS],
        *,
        sample_rate: int | None = None,
        attempt_timeout: float = 10.0,
        max_retry_per_tts: int = 1,
        retry_interval: float = 0.5,
        probing: Probing | None = None,
    ) -> None:
        """Take over.

        Args:
            ttss: the preferred one first.
            sample_rate: of what is said; without, the highest of theirs.
            attempt_timeout: seconds that each is given as its `timeout`.
            max_retry_per_tts: tries after the first one, before the next port is asked.
            retry_interval: seconds between them.
            probing: how to find out that a port works again.

        Raises:
            ValueError: no ports, or they differ in channels.
        """
        if len({tts.num_channels for tts in ttss}) != 1:
            raise ValueError("an adapter of no ports, or of ports that differ in channels")
        options = APIConnectOptions(
            max_retry=max_retry_per_tts, retry_interval=retry_interval, timeout=attempt_timeout
        )
        ports = tuple(_streaming(tts, options) for tts in ttss)
        aligned = all(tts.capabilities.aligned_transcript for tts in ttss)
        super().__init__(
            capabilities=TTSCapabilities(streaming=True, aligned_transcript=aligned),
            sample_rate=sample_rate or max(tts.sample_rate for tts in ttss),
            num_channels=ttss[0].num_channels,
        )
        self._options = options
        probing = probing or Probing()
        self._candidates = Candidates(self, ports, self._probe, probing=probing)

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:  # noqa: ARG002 - each has its own
        failures: list[Exception] = []
        for tts in self._candidates.in_order():
            voice = _Voice(tts, self)
            try:
                async with tts.synthesize(text, conn_options=self._options) as stream:
                    async for speech in stream:
                        for part in voice.parts(speech):
                            yield part
            except Exception as error:
                self._candidates.failed(tts, error)
                if voice.heard:
                    raise
                failures.append(error)
            else:
                self._candidates.worked(tts)
                return
        raise all_failed(failures)

    async def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:  # noqa: ARG002 - each has its own
        line: Line[str, SynthesizeStream] = Line(text, SynthesizeStream.push_text)
        failures: dict[TTS, Exception] = {}
        async with line.flowing():
            while (tts := self._candidates.untried(failures)) is not None:
                voice = _Voice(tts, self)
                try:
                    async with tts.stream(conn_options=self._options) as stream:
                        line.connect(stream)
                        async for speech in stream:
                            for part in voice.parts(speech):
                                yield part
                            if speech.is_final:
                                self._candidates.worked(tts)
                                failures.clear()
                                yield SegmentEnd()
                except Exception as error:
                    self._candidates.failed(tts, error)
                    if voice.heard:
                        raise
                    failures[tts] = error
                else:
                    return
        raise all_failed(tuple(failures.values()))

    async def _probe(self, tts: TTS) -> None:
        async with tts.synthesize(_PROBE_TEXT, conn_options=self._options) as stream:
            await anext(stream)


def _streaming(tts: TTS, options: APIConnectOptions) -> TTS:
    if tts.capabilities.streaming:
        return tts
    return StreamAdapter(tts=tts, conn_options=options)


class _Voice:
    """What one port says, at the adapter's rate."""

    def __init__(self, tts: TTS, adapter: TTS) -> None:
        self.heard = False
        """Whether something of the segment that is being said was handed on."""
        self._resampler = Resampler(
            input_rate=tts.sample_rate,
            output_rate=adapter.sample_rate,
            num_channels=adapter.num_channels,
        )

    def parts(self, speech: SynthesizedAudio) -> Iterator[TTSPart]:
        yield RequestId(speech.request_id)
        if speech.words:
            yield Words(speech.words)
        if speech.delta_text:
            yield Spoken(speech.delta_text)
        frames = self._resampler.push(speech.frame)
        if speech.is_final:
            frames += self._resampler.flush()
        for frame in frames:
            self.heard = True
            yield frame.data
        if speech.is_final:
            self.heard = False
