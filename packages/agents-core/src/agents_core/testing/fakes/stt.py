"""A recogniser that reads tones, or follows a script."""

# ruff: noqa: D102 - what the methods of a port promise is written there

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence

from agents_core.audio import AudioFrame
from agents_core.streams import Flush, Inlet
from agents_core.stt import (
    STT,
    RecognitionUsage,
    SpeechData,
    SpeechEvent,
    SpeechEventType,
    STTCapabilities,
)
from agents_core.testing.fakes.transcribing import (
    Said,
    ScriptTranscriber,
    TonesTranscriber,
    Transcriber,
)
from agents_core.testing.fakes.vendor import FakeVendor
from agents_core.testing.tones import read


class FakeSTT(STT):
    """Understands what `FakeTTS` says, or, with a script, whatever the script says.

    Args:
        script: what is understood, one after the other, over all streams of the object; of a
            whole recording too.
        vendor: where faults are asked for, and what was heard is seen; one of its own else.
        streaming: whether it listens while somebody speaks.
        interim_results: whether it tells what it has understood so far.
        sample_rate: to which all sound is resampled before it is heard, 8000 at least.
        language: what it says was spoken, where the user does not.
    """

    def __init__(  # noqa: PLR0913 - options, each by keyword
        self,
        script: Sequence[Said] | None = None,
        *,
        vendor: FakeVendor | None = None,
        streaming: bool = True,
        interim_results: bool = True,
        sample_rate: int = 16000,
        language: str = "en",
    ) -> None:
        super().__init__(
            capabilities=STTCapabilities(
                streaming=streaming,
                interim_results=interim_results,
                aligned_transcript="word" if script is None else "chunk",
            ),
            sample_rate=sample_rate,
        )
        self.vendor = vendor or FakeVendor()
        self._script = None if script is None else iter(script)
        self._language = language

    @property
    def model(self) -> str:
        return "tones"

    @property
    def provider(self) -> str:
        return "fake"

    def update_options(self, *, language: str) -> None:
        """Have the requests that follow be about another language."""
        self._language = language

    async def _recognize(
        self, audio: AudioFrame, *, language: str | None, timeout: float
    ) -> SpeechEvent:
        language = language or self._language
        settings = {"language": language}
        async with self.vendor.connect("hear", timeout=timeout, settings=settings) as connection:
            await connection.part()
            self.vendor.heard(audio.data)
            data = SpeechData(
                text=self._understand(audio), language=language, end_time=audio.duration
            )
            return SpeechEvent(type=SpeechEventType.FINAL_TRANSCRIPT, alternatives=(data,))

    async def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[SpeechEvent]:
        language = language or self._language
        settings = {"language": language}
        async with self.vendor.connect("listen", timeout=timeout, settings=settings) as connection:
            transcriber = self._transcriber(language)
            seconds = 0.0
            async for piece in audio:
                if not isinstance(piece, Flush):
                    self.vendor.heard(piece.data)
                    seconds += piece.duration
                for event in self._wanted(_events(transcriber, piece)):
                    await connection.part()
                    yield event
            for event in self._wanted(transcriber.flush()):
                await connection.part()
                yield event
            usage = RecognitionUsage(audio_duration=seconds)
            yield SpeechEvent(type=SpeechEventType.RECOGNITION_USAGE, usage=usage)

    def _understand(self, audio: AudioFrame) -> str:
        if self._script is None:
            return " ".join(heard.text for heard in read([audio]))
        said = next(self._script, None)
        return "" if said is None else said.text

    def _transcriber(self, language: str) -> Transcriber:
        if self._script is None:
            return TonesTranscriber(language)
        return ScriptTranscriber(self._script, language)

    def _wanted(self, events: Iterator[SpeechEvent]) -> Iterator[SpeechEvent]:
        for event in events:
            interim = event.type is SpeechEventType.INTERIM_TRANSCRIPT
            if self.capabilities.interim_results or not interim:
                yield event


def _events(transcriber: Transcriber, piece: AudioFrame | Flush) -> Iterator[SpeechEvent]:
    if isinstance(piece, Flush):
        return transcriber.flush()
    return transcriber.hear(piece)
