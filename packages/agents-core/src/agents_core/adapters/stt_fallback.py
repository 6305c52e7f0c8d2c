"""Speech-to-text ports that stand in for one another."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from agents_core.adapters.candidates import Candidates, Probing, StandIn, all_failed
from agents_core.adapters.lines import Line
from agents_core.adapters.stt_stream import StreamAdapter
from agents_core.audio import AudioFrame, silence
from agents_core.retry import APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.stt import STT, SpeechEvent, SpeechEventType, SpeechStream, STTCapabilities
from agents_core.stt.hearing import SoundInlet
from agents_core.vad import VAD

_PROBE_SECONDS = 0.5
_PROBE_RATE = 16_000


class FallbackAdapter(StandIn[STT], STT):
    """Listens with the first port that works.

    One that fails is replaced by the next one, also in the middle of a stream: that one hears again
    what no final transcript has covered, up to some seconds. It takes the ports over: `aclose`
    closes them.

    Emits "availability_changed" with `agents_core.adapters.candidates.AvailabilityChanged`.
    """

    def __init__(  # noqa: PLR0913 - how patient to be with each, and how to find out that one is back
        self,
        stts: Sequence[STT],
        *,
        vad: VAD | None = None,
        attempt_timeout: float = 10.0,
        max_retry_per_stt: int = 1,
        retry_interval: float = 0.5,
        probing: Probing | None = None,
    ) -> None:
        """Take over.

        Args:
            stts: the preferred one first.
            vad: finds speech for those that only recognise whole recordings.
            attempt_timeout: seconds that each is given as its `timeout`.
            max_retry_per_stt: tries after the first one, before the next port is asked.
            retry_interval: seconds between them.
            probing: how to find out that a port works again.

        Raises:
            ValueError: no ports, or one that needs `vad` and there is none.
        """
        options = APIConnectOptions(
            max_retry=max_retry_per_stt, retry_interval=retry_interval, timeout=attempt_timeout
        )
        ports = tuple(_streaming(stt, vad, options) for stt in stts)
        super().__init__(capabilities=_common([port.capabilities for port in ports]))
        self._options = options
        probing = probing or Probing()
        self._candidates = Candidates(self, ports, self._probe, probing=probing)

    async def _recognize(
        self,
        audio: AudioFrame,
        *,
        language: str | None,
        timeout: float,  # noqa: ARG002 - each has its own
    ) -> SpeechEvent:
        failures: list[Exception] = []
        for stt in self._candidates.in_order():
            try:
                heard = await stt.recognize(audio, language=language, conn_options=self._options)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next one is asked
                self._candidates.failed(stt, error)
                failures.append(error)
            else:
                self._candidates.worked(stt)
                return heard
        raise all_failed(failures)

    async def _listen(
        self,
        audio: Inlet[AudioFrame | Flush],
        *,
        language: str | None,
        timeout: float,  # noqa: ARG002 - each has its own
    ) -> AsyncGenerator[SpeechEvent]:
        line: Line[AudioFrame, SpeechStream] = Line(audio, SpeechStream.push_frame)
        began = _passed(audio)
        failures: dict[STT, Exception] = {}
        async with line.flowing():
            while (stt := self._candidates.untried(failures)) is not None:
                try:
                    async with stt.stream(language=language, conn_options=self._options) as stream:
                        stream.start_time_offset = _passed(audio) - began
                        line.connect(stream)
                        async for event in stream:
                            if event.type is SpeechEventType.FINAL_TRANSCRIPT:
                                self._candidates.worked(stt)
                                failures.clear()
                            yield event
                except Exception as error:  # noqa: BLE001 - whatever it is, the next one is asked
                    self._candidates.failed(stt, error)
                    failures[stt] = error
                else:
                    return
        raise all_failed(tuple(failures.values()))

    async def _probe(self, stt: STT) -> None:
        async with stt.stream(conn_options=self._options) as stream:
            stream.push_frame(silence(_PROBE_SECONDS, sample_rate=_PROBE_RATE))
            stream.end_input()
            async for _ in stream:
                pass


def _streaming(stt: STT, vad: VAD | None, options: APIConnectOptions) -> STT:
    if stt.capabilities.streaming:
        return stt
    if vad is None:
        raise ValueError(f"{stt.label} recognises whole recordings only, and there is no vad")
    return StreamAdapter(stt=stt, vad=vad, conn_options=options)


def _common(capabilities: Sequence[STTCapabilities]) -> STTCapabilities:
    aligned = {each.aligned_transcript for each in capabilities}
    return STTCapabilities(
        streaming=True,
        interim_results=all(each.interim_results for each in capabilities),
        aligned_transcript=aligned.pop() if len(aligned) == 1 else None,
        diarization=all(each.diarization for each in capabilities),
    )


def _passed(audio: Inlet[AudioFrame | Flush]) -> float:
    return audio.passed if isinstance(audio, SoundInlet) else 0.0
