"""A speech-to-text port for whole recordings, made to listen while somebody speaks."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace

from agents_core.adapters.lines import Line
from agents_core.audio import AudioFrame, combine, mono
from agents_core.errors import APIError
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.stt import STT, SpeechEvent, SpeechEventType, STTCapabilities
from agents_core.vad import VAD, VADEvent, VADEventType, VADStream


class StreamAdapter(STT):
    """Lets a detector find where somebody speaks, and has each stretch recognised.

    It takes both over: `aclose` closes them.
    """

    def __init__(
        self,
        *,
        stt: STT,
        vad: VAD,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> None:
        """Take over.

        Args:
            stt: recognises whole recordings.
            vad: finds them.
            conn_options: when to try a stretch of speech again; its `timeout` is the stream's.
        """
        aligned = stt.capabilities.aligned_transcript
        capabilities = STTCapabilities(
            streaming=True, interim_results=False, aligned_transcript=aligned
        )
        super().__init__(capabilities=capabilities)
        self._stt = stt
        self._vad = vad
        self._options = conn_options

    @property
    def wrapped_stt(self) -> STT:
        """The port that recognises."""
        return self._stt

    @property
    def model(self) -> str:
        """That of the port that recognises."""
        return self._stt.model

    @property
    def provider(self) -> str:
        """That of the port that recognises."""
        return self._stt.provider

    def prewarm(self) -> None:
        """Make both faster."""
        self._stt.prewarm()
        self._vad.prewarm()

    async def aclose(self) -> None:
        """Close both."""
        await self._stt.aclose()
        await self._vad.aclose()

    async def _recognize(
        self,
        audio: AudioFrame,
        *,
        language: str | None,
        timeout: float,
    ) -> SpeechEvent:
        options = replace(self._options, max_retry=0, timeout=timeout)
        return await self._stt.recognize(audio, language=language, conn_options=options)

    async def _listen(
        self,
        audio: Inlet[AudioFrame | Flush],
        *,
        language: str | None,
        timeout: float,
    ) -> AsyncGenerator[SpeechEvent]:
        options = replace(self._options, timeout=timeout)
        line: Line[AudioFrame, VADStream] = Line(audio, VADStream.push_frame)
        async with self._vad.stream() as activity, line.flowing():
            line.connect(activity)
            async for event in activity:
                if event.type is VADEventType.START_OF_SPEECH:
                    yield SpeechEvent(type=SpeechEventType.START_OF_SPEECH)
                elif event.type is VADEventType.END_OF_SPEECH:
                    yield SpeechEvent(type=SpeechEventType.END_OF_SPEECH)
                    yield await self._transcript(event, language, options)

    async def _transcript(
        self, event: VADEvent, language: str | None, options: APIConnectOptions
    ) -> SpeechEvent:
        if not event.frames:
            return SpeechEvent(type=SpeechEventType.FINAL_TRANSCRIPT)
        speech = combine(mono(frame) for frame in event.frames)
        try:
            heard = await self._stt.recognize(speech, language=language, conn_options=options)
        except APIError as error:
            # It was tried as often as was asked for: not once more by whoever listens here.
            error.retryable = False
            raise
        return heard.shifted(max(0.0, event.timestamp - event.silence_duration - speech.duration))
