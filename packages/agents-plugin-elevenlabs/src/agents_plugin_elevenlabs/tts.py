"""Text to speech by ElevenLabs."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Literal

from agents_core import tts
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS
from agents_core.streams import Flush, Inlet
from agents_core.tokenize import Tokenizer, basic
from agents_plugin_elevenlabs import models
from agents_plugin_elevenlabs._client import Client, Context
from agents_plugin_elevenlabs._wire import PROVIDER
from agents_plugin_elevenlabs._wire.asking import (
    Options,
    PronunciationDictionaryLocator,
    VoiceSettings,
    sample_rate_of,
)
from agents_plugin_elevenlabs._wire.markup import Markup
from agents_plugin_elevenlabs._wire.voices import Voice

if TYPE_CHECKING:
    import aiohttp

_FIXED = frozenset({"encoding", "sync_alignment"})


class TTS(tts.TTS):
    """Speaks whole texts over HTTP, and text that is still being written over a websocket.

    All streams share one websocket, as long as their voice and model are the same and they are no
    more than ElevenLabs bears on one; each utterance is a context of its own. ElevenLabs' names for
    the options are in its documentation; what is not given is left to ElevenLabs.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        voice_id: str = models.DEFAULT_TTS_VOICE,
        voice_settings: VoiceSettings | None = None,
        model: models.TTSModels | str = models.DEFAULT_TTS_MODEL,
        encoding: models.TTSEncodings | str = models.DEFAULT_TTS_ENCODING,
        language: str | None = None,
        streaming_latency: int | None = None,
        inactivity_timeout: int = models.DEFAULT_TTS_INACTIVITY_TIMEOUT_S,
        auto_mode: bool | None = None,
        apply_text_normalization: Literal["auto", "on", "off"] | None = None,
        word_tokenizer: Tokenizer | None = None,
        enable_ssml_parsing: bool | None = None,
        enable_logging: bool | None = None,
        chunk_length_schedule: Sequence[int] = (),
        sync_alignment: bool = True,
        preferred_alignment: Literal["original", "normalized"] = "original",
        pronunciation_dictionary_locators: Sequence[PronunciationDictionaryLocator] = (),
        api_key: str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            voice_id: the voice.
            voice_settings: how it speaks, where that is to be otherwise than it was saved.
            model: the speech model.
            encoding: of the sound that comes, with the sample rate in its name: samples alone.
            language: of the text, as ISO 639-1; of the models that can be told.
            streaming_latency: from 0 to 4: how much quality to give for a sooner beginning.
            inactivity_timeout: seconds without text after which ElevenLabs closes a websocket.
            auto_mode: whether what is sent is spoken at once; without, unless
                `chunk_length_schedule` is given.
            apply_text_normalization: whether numbers and the like are spelled out.
            word_tokenizer: cuts what is written into what is sent; without, into sentences where
                they are spoken at once, else into words.
            enable_ssml_parsing: whether the text has tags, which are sent whole then.
            enable_logging: whether ElevenLabs keeps what was asked.
            chunk_length_schedule: characters to wait for before each stretch of speech.
            sync_alignment: whether to tell when each word is said.
            preferred_alignment: which words to tell: as they were written, so that the core finds
                in the text what was heard of it, or as they are spoken.
            pronunciation_dictionary_locators: dictionaries of yours, in the order of their use.
            api_key: without, ``ELEVEN_API_KEY`` of the environment.
            base_url: without, ``ELEVEN_BASE_URL`` of the environment, else ElevenLabs' own.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none, or the encoding another one than samples.
        """
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=True, aligned_transcript=sync_alignment),
            sample_rate=sample_rate_of(encoding),
        )
        self._options = Options(
            voice_id=voice_id,
            voice_settings=voice_settings,
            model=model,
            encoding=encoding,
            language=language,
            streaming_latency=streaming_latency,
            inactivity_timeout=inactivity_timeout,
            auto_mode=auto_mode,
            apply_text_normalization=apply_text_normalization,
            enable_ssml_parsing=enable_ssml_parsing,
            enable_logging=enable_logging,
            chunk_length_schedule=tuple(chunk_length_schedule),
            sync_alignment=sync_alignment,
            preferred_alignment=preferred_alignment,
            pronunciation_dictionary_locators=tuple(pronunciation_dictionary_locators),
        )
        self._tokenizer = word_tokenizer
        self._client = Client(api_key=api_key, url=base_url, http_session=http_session)

    @property
    def model(self) -> str:
        """The speech model."""
        return self._options.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Options`
        """Change options, from the next utterance on.

        Raises:
            TypeError: there is no such option, or it stays: how sound comes, and whether words are
                timed.
        """
        if fixed := _FIXED & options.keys():
            raise TypeError(f"{', '.join(sorted(fixed))} cannot be changed: others rely on it")
        self._options = dataclasses.replace(self._options, **options)

    async def list_voices(self) -> tuple[Voice, ...]:
        """The voices that the key may use.

        Raises:
            APIError: whatever went wrong.
        """
        return await self._client.voices(timeout=DEFAULT_API_CONNECT_OPTIONS.timeout)

    def prewarm(self) -> None:
        """Open the websocket ahead, in a session's event loop; returns at once."""
        self._client.open(self._options, timeout=DEFAULT_API_CONNECT_OPTIONS.timeout)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        async with aclosing(self._client.speak(text, self._options, timeout=timeout)) as parts:
            async for part in parts:
                yield part

    async def _speak(
        self, text: Inlet[str | Flush], *, timeout: float
    ) -> AsyncGenerator[tts.TTSPart]:
        while await text.ready():
            async with (
                self._client.context(self._options, timeout=timeout) as context,
                asyncio.TaskGroup() as writing,
            ):
                work = self._write(text, context, self._options)
                writing.create_task(work, name=f"text for {context.name}")
                yield tts.RequestId(context.name)
                while not context.over:
                    for part in await context.receive():
                        yield part

    async def _write(self, text: Inlet[str | Flush], context: Context, options: Options) -> None:
        """Say the next segment; a space is what is left of it where nothing is."""
        cutting, markup = self._tokenizer_for(options).splitter(language=options.language), Markup()
        async for piece in text:
            if isinstance(piece, Flush):
                break
            for token in cutting.push(piece):
                if whole := markup.push(token) if options.enable_ssml_parsing else token:
                    await context.say(whole, last=False)
        else:
            return  # the stream was closed: there is nobody to say the rest to
        rest = " ".join((markup.flush(), *cutting.flush()))
        await context.say(rest.strip(), last=True)

    def _tokenizer_for(self, options: Options) -> Tokenizer:
        if self._tokenizer is not None:
            return self._tokenizer
        if options.speaks_at_once:
            return basic.SentenceTokenizer()
        return basic.WordTokenizer(ignore_punctuation=False)
