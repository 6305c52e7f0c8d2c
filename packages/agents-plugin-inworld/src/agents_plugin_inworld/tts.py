"""Text to speech by Inworld."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Literal

from agents_core import tts
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS
from agents_core.streams import Flush, Inlet
from agents_core.tokenize import SentenceTokenizer, basic
from agents_plugin_inworld import models
from agents_plugin_inworld._client import Client, Context
from agents_plugin_inworld._wire import PROVIDER
from agents_plugin_inworld._wire.asking import LONGEST_WHOLE, Options, check_encoding
from agents_plugin_inworld._wire.voices import Voice

if TYPE_CHECKING:
    import aiohttp

_FIXED = frozenset({"encoding", "sample_rate", "timestamp_type"})


class TTS(tts.TTS):
    """Speaks whole texts over HTTP, and text that is still being written over a websocket.

    All streams share one websocket, as long as they are no more than Inworld bears on one; each
    utterance is a context of its own. A whole text that is too long for one request goes over the
    websocket too. What is not given is left to Inworld, but for those with a default here.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        voice: models.TTSVoices | str = models.DEFAULT_TTS_VOICE,
        model: models.TTSModels | str = models.DEFAULT_TTS_MODEL,
        encoding: models.TTSEncodings | str = models.DEFAULT_TTS_ENCODING,
        bit_rate: int | None = models.DEFAULT_TTS_BITRATE,
        sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE,
        speaking_rate: float | None = models.DEFAULT_TTS_SPEAKING_RATE,
        temperature: float | None = models.DEFAULT_TTS_TEMPERATURE,
        timestamp_type: Literal["WORD", "CHARACTER"] | None = None,
        timestamp_transport_strategy: Literal["SYNC", "ASYNC"] | None = None,
        text_normalization: Literal["ON", "OFF"] | None = None,
        language: str | None = None,
        delivery_mode: str | None = None,
        buffer_char_threshold: int | None = None,
        max_buffer_delay_ms: int | None = None,
        auto_mode: bool | None = True,
        tokenizer: SentenceTokenizer | None = None,
        idle_connection_timeout: float = 300.0,
        api_key: str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            voice: by its id.
            model: the speech model.
            encoding: of the sound that comes: samples alone.
            bit_rate: bits a second, of the encodings that have a choice.
            sample_rate: samples a second.
            speaking_rate: from 0.5 to 1.5: 1 is the voice's own.
            temperature: from 0 to 2: how varied the delivery is.
            timestamp_type: what to tell the times of; nothing without.
            timestamp_transport_strategy: whether times come with their sound, or it need not wait
                for them.
            text_normalization: whether numbers and the like are spelled out.
            language: of the text, as BCP 47; of the models that can be told.
            delivery_mode: of the models that have it instead of a temperature.
            buffer_char_threshold: characters of a stream that are enough to begin with.
            max_buffer_delay_ms: how long they may wait for more, in milliseconds.
            auto_mode: whether Inworld decides by itself when to speak what was sent.
            tokenizer: cuts what is written into the sentences that are sent.
            idle_connection_timeout: seconds after which a websocket is closed that nobody uses;
                Inworld closes it after ten minutes.
            api_key: in base64, as Inworld gives it; without, ``INWORLD_API_KEY`` of the
                environment.
            base_url: without, ``INWORLD_BASE_URL`` of the environment, else Inworld's own.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none, or the encoding another one than samples.
        """
        check_encoding(encoding)
        super().__init__(
            capabilities=tts.TTSCapabilities(
                streaming=True, aligned_transcript=timestamp_type is not None
            ),
            sample_rate=sample_rate,
        )
        self._options = Options(
            voice=voice,
            model=model,
            encoding=encoding,
            bit_rate=bit_rate,
            sample_rate=sample_rate,
            speaking_rate=speaking_rate,
            temperature=temperature,
            timestamp_type=timestamp_type,
            timestamp_transport_strategy=timestamp_transport_strategy,
            text_normalization=text_normalization,
            language=language,
            delivery_mode=delivery_mode,
            buffer_char_threshold=buffer_char_threshold,
            max_buffer_delay_ms=max_buffer_delay_ms,
            auto_mode=auto_mode,
        )
        self._tokenizer = tokenizer or basic.SentenceTokenizer(retain_format=True)
        self._client = Client(
            api_key=api_key,
            url=base_url,
            idle=idle_connection_timeout,
            http_session=http_session,
        )

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
            TypeError: there is no such option, or it stays: how sound comes, and what the times are
                told of.
        """
        if fixed := _FIXED & options.keys():
            raise TypeError(f"{', '.join(sorted(fixed))} cannot be changed: others rely on it")
        self._options = dataclasses.replace(self._options, **options)

    async def list_voices(self, language: str | None = None) -> tuple[Voice, ...]:
        """The voices of a language, as ISO 639-1, or all.

        Raises:
            APIError: whatever went wrong.
        """
        timeout = DEFAULT_API_CONNECT_OPTIONS.timeout
        return await self._client.voices(language, timeout=timeout)

    def prewarm(self) -> None:
        """Open the websocket ahead, in a session's event loop; returns at once."""
        self._client.open(timeout=DEFAULT_API_CONNECT_OPTIONS.timeout)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        if len(text) > LONGEST_WHOLE:
            return super()._synthesize(text, timeout=timeout)
        return self._ask(text, timeout=timeout)

    async def _ask(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
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
                writing.create_task(self._write(text, context), name=f"text for {context.name}")
                yield tts.RequestId(context.name)
                while not context.over:
                    for part in await context.receive():
                        yield part

    async def _write(self, text: Inlet[str | Flush], context: Context) -> None:
        """Say the next segment."""
        cutting = self._tokenizer.splitter(language=self._options.language)
        async for piece in text:
            if isinstance(piece, Flush):
                break
            for sentence in cutting.push(piece):
                await context.say(_spaced(sentence))
        else:
            return  # the stream was closed: there is nobody to say the rest to
        for sentence in cutting.flush():
            await context.say(_spaced(sentence))
        await context.end()


def _spaced(sentence: str) -> str:
    """Inworld joins what it is sent as it is."""
    return sentence if sentence[-1:].isspace() else f"{sentence} "
