"""Text to speech by Neuphonic."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from agents_core import tts
from agents_core.streams import Flush, Inlet
from agents_core.tokenize import SentenceTokenizer, basic
from agents_plugin_neuphonic import models
from agents_plugin_neuphonic._client import Client, Utterance
from agents_plugin_neuphonic._wire import PROVIDER, Voice

if TYPE_CHECKING:
    import aiohttp

_FIXED = frozenset({"encoding", "sample_rate"})


class TTS(tts.TTS):
    """Speaks text while it is written, sentence by sentence, and whole texts.

    Each stream has a websocket, which serves all of its utterances; a whole text is a request.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.TTSModels | str = models.DEFAULT_TTS_MODEL,
        voice_id: str | None = None,
        lang_code: str = models.DEFAULT_TTS_LANGUAGE,
        speed: float = models.DEFAULT_TTS_SPEED,
        encoding: models.TTSEncodings = models.DEFAULT_TTS_ENCODING,
        sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE,
        tokenizer: SentenceTokenizer | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: the speech model.
            voice_id: the voice; None leaves it to Neuphonic, which has one for each language.
            lang_code: of the text, such as ``en``.
            speed: 1 is the voice's own.
            encoding: of the sound that comes; it has to be the default.
            sample_rate: samples a second.
            tokenizer: cuts what is written into the sentences that are sent; it should keep the
                spaces around them, else one is put after each.
            api_key: without, ``NEUPHONIC_API_KEY`` of the environment.
            base_url: without, ``NEUPHONIC_BASE_URL`` of the environment, else Neuphonic's own.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none, or the encoding another one.
        """
        super().__init__(capabilities=tts.TTSCapabilities(streaming=True), sample_rate=sample_rate)
        self._voice = Voice(
            model=model,
            voice_id=voice_id,
            lang_code=lang_code,
            speed=speed,
            encoding=encoding,
            sample_rate=sample_rate,
        )
        self._tokenizer = tokenizer or basic.SentenceTokenizer(retain_format=True)
        self._client = Client(api_key=api_key, url=base_url, http_session=http_session)

    @property
    def model(self) -> str:
        """The speech model."""
        return self._voice.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Voice`
        """Change options of the voice, from the next text or stream on.

        Raises:
            TypeError: there is no such option, or it stays: how sound comes.
        """
        if fixed := _FIXED & options.keys():
            raise TypeError(f"{', '.join(sorted(fixed))} cannot be changed: others rely on it")
        self._voice = dataclasses.replace(self._voice, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        async with aclosing(self._client.speak(text, self._voice, timeout=timeout)) as sound:
            async for piece in sound:
                yield piece

    async def _speak(
        self, text: Inlet[str | Flush], *, timeout: float
    ) -> AsyncGenerator[tts.TTSPart]:
        voice = self._voice
        async with self._client.line(voice, timeout=timeout) as socket:
            while await text.ready():
                utterance = Utterance(socket)
                async with asyncio.TaskGroup() as writing:
                    writing.create_task(
                        self._write(text, utterance, voice), name=f"text for {utterance.name}"
                    )
                    yield tts.RequestId(utterance.name)
                    while not utterance.over:
                        yield await utterance.receive()
                yield tts.SegmentEnd()
                socket.rest()

    async def _write(self, text: Inlet[str | Flush], utterance: Utterance, voice: Voice) -> None:
        """Say the next segment."""
        cutting = self._tokenizer.splitter(language=voice.lang_code)
        async for piece in text:
            if isinstance(piece, Flush):
                break
            for sentence in cutting.push(piece):
                await utterance.say(_spaced(sentence))
        else:
            return  # the stream was closed: there is nobody to say the rest to
        for sentence in cutting.flush():
            await utterance.say(_spaced(sentence))
        await utterance.end()


def _spaced(sentence: str) -> str:
    """Neuphonic joins what it is sent as it is."""
    return sentence if sentence[-1:].isspace() else f"{sentence} "
