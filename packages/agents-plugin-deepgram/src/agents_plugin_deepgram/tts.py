"""Text to speech by Deepgram."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from agents_core import tts
from agents_core.audio import WavReader
from agents_core.streams import Flush, Inlet
from agents_plugin_deepgram import models
from agents_plugin_deepgram._client import PROVIDER, SPEAK, Client, understand
from agents_plugin_deepgram._speaking import speak
from agents_plugin_deepgram._wire.speaking import Voice, cut_text, format_voice, format_whole

if TYPE_CHECKING:
    import aiohttp


class TTS(tts.TTS):
    """Speaks whole texts over HTTP, and text that is still being written over a websocket.

    Each stream has a socket of its own, on which all its segments are said. A whole text of more
    than 2000 characters, which is what Deepgram takes, is said in several requests.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.TTSModels | str = models.DEFAULT_TTS_MODEL,
        sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE,
        mip_opt_out: bool | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: the speech model, which is a voice.
            sample_rate: samples a second.
            mip_opt_out: whether to stay out of the vendor's model improvement program.
            api_key: without, ``DEEPGRAM_API_KEY`` of the environment.
            base_url: without, ``DEEPGRAM_BASE_URL`` of the environment, else Deepgram's own; a
                query in it goes along with every request.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none.
        """
        super().__init__(capabilities=tts.TTSCapabilities(streaming=True), sample_rate=sample_rate)
        self._voice = Voice(model=model, sample_rate=sample_rate, mip_opt_out=mip_opt_out)
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
        """Change options of the voice, from the next text on; the sample rate stays.

        Raises:
            TypeError: there is no such option.
        """
        if "sample_rate" in options:
            raise TypeError("the sample rate stays as it is: others rely on it")
        self._voice = dataclasses.replace(self._voice, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        query = format_whole(self._voice)
        wav = WavReader()  # a service of one's own may wrap what was asked for without a container
        for piece in cut_text(text):
            asked = self._client.speak(query, {"text": piece}, timeout=timeout)
            async with aclosing(asked) as parts:
                async for part in parts:
                    yield understand(wav.push, part) if isinstance(part, bytes) else part
            yield wav.flush()

    def _speak(self, text: Inlet[str | Flush], *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        query = format_voice(self._voice)
        return speak(self._client.connect(SPEAK, query, timeout=timeout), text)
