"""A text-to-speech port for whole texts, made to speak while a text is written."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace

from agents_core.errors import APIError
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import Flush, Inlet
from agents_core.tokenize import SentenceTokenizer, Splitter, basic
from agents_core.tts import (
    TTS,
    RequestId,
    SegmentEnd,
    Spoken,
    SynthesizedAudio,
    TTSCapabilities,
    TTSPart,
    Words,
)


class StreamAdapter(TTS):
    """Has a text said sentence by sentence.

    It takes the port over: `aclose` closes it.
    """

    def __init__(
        self,
        *,
        tts: TTS,
        sentence_tokenizer: SentenceTokenizer | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> None:
        """Take over.

        Args:
            tts: says whole texts.
            sentence_tokenizer: finds the sentences; the basic one without.
            conn_options: when to try a sentence again; its `timeout` is the stream's.
        """
        aligned = tts.capabilities.aligned_transcript
        super().__init__(
            capabilities=TTSCapabilities(streaming=True, aligned_transcript=aligned),
            sample_rate=tts.sample_rate,
            num_channels=tts.num_channels,
        )
        self._tts = tts
        self._tokenizer = sentence_tokenizer or basic.SentenceTokenizer()
        self._options = conn_options

    @property
    def wrapped_tts(self) -> TTS:
        """The port that speaks."""
        return self._tts

    @property
    def model(self) -> str:
        """That of the port that speaks."""
        return self._tts.model

    @property
    def provider(self) -> str:
        """That of the port that speaks."""
        return self._tts.provider

    def prewarm(self) -> None:
        """Make it faster."""
        self._tts.prewarm()

    async def aclose(self) -> None:
        """Close it."""
        await self._tts.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        options = replace(self._options, max_retry=0, timeout=timeout)
        async with self._tts.synthesize(text, conn_options=options) as stream:
            async for speech in stream:
                for part in _parts(speech, 0.0):
                    yield part

    async def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[TTSPart]:
        options = replace(self._options, timeout=timeout)
        splitter = self._tokenizer.splitter()
        said = 0.0
        async for piece in text:
            for sentence in _sentences(splitter, piece):
                yield Spoken(sentence)
                before = said
                try:
                    async with self._tts.synthesize(sentence, conn_options=options) as stream:
                        async for speech in stream:
                            said += speech.frame.duration
                            for part in _parts(speech, before):
                                yield part
                except APIError as error:
                    # It was tried as often as was asked for: not once more by who listens here.
                    error.retryable = False
                    raise
            if isinstance(piece, Flush):
                yield SegmentEnd()
                said = 0.0


def _sentences(splitter: Splitter, piece: str | Flush) -> tuple[str, ...]:
    return tuple(splitter.flush() if isinstance(piece, Flush) else splitter.push(piece))


def _parts(speech: SynthesizedAudio, before: float) -> Iterator[TTSPart]:
    """What it is made of; words later by `before` seconds."""
    yield RequestId(speech.request_id)
    if speech.words:
        yield Words(tuple(word.shifted(before) for word in speech.words))
    yield speech.frame.data
