"""Speech to text by Deepgram: while somebody speaks, and of whole recordings."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from agents_core import stt
from agents_core.audio import AudioFrame, wav_bytes
from agents_core.streams import Flush, Inlet
from agents_plugin_deepgram import models
from agents_plugin_deepgram._client import LISTEN, PROVIDER, Client, understand
from agents_plugin_deepgram._hearing import hear
from agents_plugin_deepgram._wire.listening import (
    Listening,
    format_recording,
    format_stream,
    parse_recording,
)
from agents_plugin_deepgram._wire.results import Results

if TYPE_CHECKING:
    import aiohttp


class STT(stt.STT):
    """Listens over a websocket, and hears whole recordings over HTTP.

    Deepgram's names for the options are in its documentation; what is None is left to Deepgram.
    """

    keep_alive: ClassVar[float] = 5.0
    """Seconds without sound after which Deepgram, which hangs up after 10, is told to stay."""

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.STTModels | str = models.DEFAULT_STT_MODEL,
        language: str = models.DEFAULT_STT_LANGUAGE,
        detect_language: bool = False,
        sample_rate: int = models.DEFAULT_STT_SAMPLE_RATE,
        interim_results: bool = True,
        punctuate: bool | None = True,
        smart_format: bool | None = None,
        dictation: bool | None = None,
        numerals: bool | None = None,
        no_delay: bool | None = True,
        endpointing_ms: int = models.DEFAULT_STT_ENDPOINTING_MS,
        utterance_end_ms: int | None = None,
        vad_events: bool = True,
        enable_diarization: bool = False,
        filler_words: bool | None = True,
        profanity_filter: bool | None = None,
        keywords: Iterable[tuple[str, float]] = (),
        keyterm: str | Iterable[str] = (),
        redact: str | Iterable[str] = (),
        replace: str | Iterable[str] = (),
        tags: Iterable[str] = (),
        mip_opt_out: bool | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: the transcription model.
            language: what is spoken, such as ``en-US``; ``multi`` where it changes.
            detect_language: find the language out, which Deepgram does of whole recordings alone:
                such an object does not stream.
            sample_rate: samples a second that Deepgram gets.
            interim_results: whether to tell what was understood so far.
            punctuate: whether to write full stops and capital letters.
            smart_format: whether to write dates, sums and the like as one writes them.
            dictation: whether to write a spoken "comma" as one.
            numerals: whether to write numbers in figures.
            no_delay: whether `smart_format` must not wait for the rest of a figure.
            endpointing_ms: silence that ends an utterance, in milliseconds; 0 for none.
            utterance_end_ms: time without a word that ends an utterance, in spite of noise.
            vad_events: whether to tell when speech begins.
            enable_diarization: whether to tell speakers apart.
            filler_words: whether to write "uh" and the like.
            profanity_filter: whether to leave out swearing.
            keywords: words to listen for and their weights; not for nova-3.
            keyterm: words and phrases to listen for; for nova-3.
            redact: kinds of information to leave out, such as ``pci``.
            replace: ``find:replace`` each.
            tags: names for the vendor's report of usage, of 128 characters at most.
            mip_opt_out: whether to stay out of the vendor's model improvement program.
            api_key: without, ``DEEPGRAM_API_KEY`` of the environment.
            base_url: without, ``DEEPGRAM_BASE_URL`` of the environment, else Deepgram's own; a
                query in it goes along with every request.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none, or a tag is too long.
        """
        self._options = Listening(
            model=model,
            language=language,
            detect_language=detect_language,
            sample_rate=sample_rate,
            interim_results=interim_results,
            punctuate=punctuate,
            smart_format=smart_format,
            dictation=dictation,
            numerals=numerals,
            no_delay=no_delay,
            endpointing_ms=endpointing_ms,
            utterance_end_ms=utterance_end_ms,
            vad_events=vad_events,
            enable_diarization=enable_diarization,
            filler_words=filler_words,
            profanity_filter=profanity_filter,
            keywords=tuple(keywords),
            keyterm=keyterm,  # type: ignore[arg-type]  # one or several: the options sort it out
            redact=redact,  # type: ignore[arg-type]  # likewise
            replace=replace,  # type: ignore[arg-type]  # likewise
            tags=tuple(tags),
            mip_opt_out=mip_opt_out,
        )
        super().__init__(capabilities=_capabilities(self._options), sample_rate=sample_rate)
        self._client = Client(api_key=api_key, url=base_url, http_session=http_session)

    @property
    def model(self) -> str:
        """The transcription model."""
        return self._options.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Listening`
        """Change options, from the next stream or recording on; the sample rate stays.

        Raises:
            TypeError: there is no such option.
            ValueError: a tag is too long.
        """
        if "sample_rate" in options:
            raise TypeError("the sample rate stays as it is: others rely on it")
        self._options = dataclasses.replace(self._options, **options)
        self._capabilities = _capabilities(self._options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _recognize(
        self, audio: AudioFrame, *, language: str | None, timeout: float
    ) -> stt.SpeechEvent:
        query = format_recording(self._options, language)
        answer = await self._client.transcribe(query, wav_bytes(audio), timeout=timeout)
        read = partial(parse_recording, language=language or self._options.language)
        return understand(read, answer)

    def _listen(
        self, audio: Inlet[AudioFrame | Flush], *, language: str | None, timeout: float
    ) -> AsyncGenerator[stt.SpeechEvent]:
        query = format_stream(self._options, language)
        return hear(
            self._client.connect(LISTEN, query, timeout=timeout),
            audio,
            Results(language=language or self._options.language),
            sample_rate=self._options.sample_rate,
            keep_alive=self.keep_alive,
        )


def _capabilities(options: Listening) -> stt.STTCapabilities:
    return stt.STTCapabilities(
        streaming=not options.detect_language,
        interim_results=options.interim_results,
        aligned_transcript="word",
        diarization=options.enable_diarization,
    )
