"""Text to speech by a model that is deployed at Baseten."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from agents_core import tts
from agents_core.audio import WavReader
from agents_plugin_baseten import models
from agents_plugin_baseten._client import PROVIDER, Client, understand
from agents_plugin_baseten._wire.speaking import Voice, format_request

if TYPE_CHECKING:
    import aiohttp


class TTS(tts.TTS):
    """Speaks whole texts, and hands sound on while it comes; a session cuts its text in sentences.

    What is None is left to the deployment.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model_endpoint: str | None = None,
        voice: models.TTSVoices | str = models.DEFAULT_TTS_VOICE,
        language: str = models.DEFAULT_TTS_LANGUAGE,
        temperature: float = models.DEFAULT_TTS_TEMPERATURE,
        max_tokens: int | None = None,
        sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE,
        api_key: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model_endpoint: where the deployment answers; without, ``BASETEN_MODEL_ENDPOINT`` of
                the environment.
            voice: who speaks.
            language: of the text.
            temperature: how varied the delivery is.
            max_tokens: the most sound for one text.
            sample_rate: samples a second that the deployment answers with; it is not told.
            api_key: without, ``BASETEN_API_KEY`` of the environment.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the endpoint is none, or there is none.
        """
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=sample_rate)
        self._voice = Voice(
            voice=voice, language=language, temperature=temperature, max_tokens=max_tokens
        )
        self._client = Client(
            api_key=api_key, endpoint=model_endpoint or "", http_session=http_session
        )

    @property
    def model(self) -> str:
        """The deployment."""
        return self._client.deployment

    @property
    def provider(self) -> str:
        """Who answers."""
        return PROVIDER

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Voice`
        """Change options of the voice, from the next text on; the sample rate stays.

        Raises:
            TypeError: there is no such option.
        """
        self._voice = dataclasses.replace(self._voice, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        wav = WavReader()  # deployments differ: some send a header
        body = format_request(text, self._voice)
        async with aclosing(self._client.speak(body, timeout=timeout)) as parts:
            async for part in parts:
                yield understand(wav.push, part) if isinstance(part, bytes) else part
        yield wav.flush()
