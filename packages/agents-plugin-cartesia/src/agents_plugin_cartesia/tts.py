"""Text to speech by Cartesia."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from agents_core import tts
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS
from agents_core.streams import Flush, Inlet
from agents_core.tokenize import SentenceTokenizer, basic
from agents_plugin_cartesia import models
from agents_plugin_cartesia._client import Client, Context
from agents_plugin_cartesia._wire import PROVIDER, Voice

if TYPE_CHECKING:
    import aiohttp

_FIXED = frozenset({"api_version", "encoding", "sample_rate", "word_timestamps"})


class TTS(tts.TTS):
    """Speaks text while it is written, sentence by sentence, and tells when each word is said.

    One websocket serves all streams; each utterance is a context of its own. Whole texts go the
    same way where words are to be timed, since Cartesia times none over HTTP; else each is a
    request.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.TTSModels | str = models.DEFAULT_TTS_MODEL,
        voice: str | Sequence[float] = models.DEFAULT_TTS_VOICE,
        language: str | None = models.DEFAULT_TTS_LANGUAGE,
        speed: models.TTSSpeeds | str | float | None = None,
        emotion: str | Sequence[str] | None = None,
        volume: float | None = None,
        pronunciation_dict_id: str | None = None,
        max_buffer_delay_ms: int | None = None,
        encoding: models.TTSEncodings = models.DEFAULT_TTS_ENCODING,
        sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE,
        word_timestamps: bool = True,
        tokenizer: SentenceTokenizer | None = None,
        api_version: str = models.API_VERSION,
        api_key: str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: the speech model.
            voice: by its id, or by its embedding, where the version of the API knows those.
            language: of the text; None leaves it to Cartesia.
            speed: a number, of the models that take one, or a name.
            emotion: one, or several where the version of the API takes them; else the first counts.
            volume: of the models that take one; 1 is the voice's own.
            pronunciation_dict_id: a dictionary of yours at Cartesia.
            max_buffer_delay_ms: how long a text may wait there for more, in milliseconds.
            encoding: of the sound that comes; it has to be the default.
            sample_rate: samples a second.
            word_timestamps: whether to tell when each word is said.
            tokenizer: cuts what is written into the sentences that are sent; it should keep the
                spaces around them, else one is put after each.
            api_version: of Cartesia's API, as a date.
            api_key: without, ``CARTESIA_API_KEY`` of the environment.
            base_url: without, ``CARTESIA_BASE_URL`` of the environment, else Cartesia's own.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none, or the encoding another one.
        """
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=True, aligned_transcript=word_timestamps),
            sample_rate=sample_rate,
        )
        self._voice = Voice(
            model=model,
            voice=voice,
            language=language,
            speed=speed,
            emotion=emotion,
            volume=volume,
            pronunciation_dict_id=pronunciation_dict_id,
            max_buffer_delay_ms=max_buffer_delay_ms,
            encoding=encoding,
            sample_rate=sample_rate,
            word_timestamps=word_timestamps,
            api_version=api_version,
        )
        self._tokenizer = tokenizer or basic.SentenceTokenizer(retain_format=True)
        self._client = Client(
            api_key=api_key, url=base_url, api_version=api_version, http_session=http_session
        )

    @property
    def model(self) -> str:
        """The speech model."""
        return self._voice.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Voice`
        """Change options of the voice, from the next utterance on.

        Raises:
            TypeError: there is no such option, or it stays: how sound comes, whether words are
                timed, and the version of the API.
        """
        if fixed := _FIXED & options.keys():
            raise TypeError(f"{', '.join(sorted(fixed))} cannot be changed: others rely on it")
        self._voice = dataclasses.replace(self._voice, **options)

    def prewarm(self) -> None:
        """Open the websocket ahead, in a session's event loop; returns at once."""
        self._client.open(timeout=DEFAULT_API_CONNECT_OPTIONS.timeout)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        if self._voice.word_timestamps:
            return super()._synthesize(text, timeout=timeout)
        return self._ask(text, timeout=timeout)

    async def _ask(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        async with aclosing(self._client.speak(text, self._voice, timeout=timeout)) as sound:
            async for piece in sound:
                yield piece

    async def _speak(
        self, text: Inlet[str | Flush], *, timeout: float
    ) -> AsyncGenerator[tts.TTSPart]:
        while await text.ready():
            async with (
                self._client.context(self._voice, timeout=timeout) as context,
                asyncio.TaskGroup() as writing,
            ):
                writing.create_task(self._write(text, context), name=f"text for {context.name}")
                yield tts.RequestId(context.name)
                while not context.over:
                    for part in await context.receive():
                        yield part

    async def _write(self, text: Inlet[str | Flush], context: Context) -> None:
        """Say the next segment; its last sentence is the one after which nothing comes."""
        cutting = self._tokenizer.splitter(language=self._voice.language)
        async for piece in text:
            if isinstance(piece, Flush):
                break
            for sentence in cutting.push(piece):
                await context.say(_spaced(sentence), more=True)
        else:
            return  # the stream was closed: there is nobody to say the rest to
        *others, last = [*cutting.flush()] or [""]
        for sentence in others:
            await context.say(_spaced(sentence), more=True)
        await context.say(last, more=False)


def _spaced(sentence: str) -> str:
    """Cartesia joins what it is sent as it is."""
    return sentence if sentence[-1:].isspace() else f"{sentence} "
