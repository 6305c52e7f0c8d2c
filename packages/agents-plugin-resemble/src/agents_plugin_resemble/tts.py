"""Text to speech by Resemble."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from agents_core import tts
from agents_core.streams import Flush, Inlet
from agents_core.tokenize import SentenceTokenizer, basic
from agents_plugin_resemble import models
from agents_plugin_resemble._client import Client, Line
from agents_plugin_resemble._wire import PROVIDER, Voice

if TYPE_CHECKING:
    import aiohttp

_FIXED = frozenset({"precision", "sample_rate"})


class TTS(tts.TTS):
    """Speaks text while it is written, sentence by sentence, and whole texts.

    Each stream has a websocket. The sound of a whole text comes in one piece: for anything long, a
    stream is heard sooner.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        voice_uuid: str = models.DEFAULT_TTS_VOICE,
        model: models.TTSModels | str | None = None,
        project_uuid: str | None = None,
        use_hd: bool | None = None,
        precision: models.TTSPrecisions = models.DEFAULT_TTS_PRECISION,
        sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE,
        use_streaming: bool = True,
        tokenizer: SentenceTokenizer | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        stream_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            voice_uuid: the voice.
            model: the speech model; without, the voice decides.
            project_uuid: the project of yours that the sound belongs to.
            use_hd: whether to speak better, and a little later.
            precision: of the samples that come; it has to be the default.
            sample_rate: samples a second.
            use_streaming: whether to use the websocket, which Resemble gives to some accounts only;
                without, whole texts are spoken alone, and a session cuts its text in sentences.
            tokenizer: cuts what is written into the sentences that are asked for.
            api_key: without, ``RESEMBLE_API_KEY`` of the environment.
            base_url: without, ``RESEMBLE_BASE_URL`` of the environment, else Resemble's own.
            stream_url: of the websocket; without, ``RESEMBLE_STREAM_URL`` of the environment, else
                that of Resemble if the base URL is Resemble's, else the base URL.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: a URL is none, or the precision another one.
        """
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=use_streaming), sample_rate=sample_rate
        )
        self._voice = Voice(
            voice_uuid=voice_uuid,
            model=model,
            project_uuid=project_uuid,
            use_hd=use_hd,
            precision=precision,
            sample_rate=sample_rate,
        )
        self._tokenizer = tokenizer or basic.SentenceTokenizer()
        self._client = Client(
            api_key=api_key, url=base_url, stream_url=stream_url, http_session=http_session
        )

    @property
    def model(self) -> str:
        """The speech model; that of the voice, where none was chosen."""
        return self._voice.model or f"of voice {self._voice.voice_uuid}"

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
        yield await self._client.speak(text, self._voice, timeout=timeout)

    async def _speak(
        self, text: Inlet[str | Flush], *, timeout: float
    ) -> AsyncGenerator[tts.TTSPart]:
        async with self._client.line(self._voice, timeout=timeout) as line:
            while await text.ready():
                line.begin()
                async with asyncio.TaskGroup() as writing:
                    writing.create_task(self._write(text, line), name=f"text for {self.label}")
                    while await line.owed():
                        yield await line.receive()
                yield tts.SegmentEnd()

    async def _write(self, text: Inlet[str | Flush], line: Line) -> None:
        """Say the next segment."""
        cutting = self._tokenizer.splitter()
        async for piece in text:
            if isinstance(piece, Flush):
                break
            for sentence in cutting.push(piece):
                await line.say(sentence)
        else:
            return  # the stream was closed: there is nobody to say the rest to
        for sentence in cutting.flush():
            await line.say(sentence)
        line.end()
