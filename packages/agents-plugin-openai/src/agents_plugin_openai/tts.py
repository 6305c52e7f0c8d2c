"""Speech: text to speech of OpenAI, and of whoever speaks its protocol."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from agents_core import tts
from agents_core.audio import WavReader
from agents_core.http import malformed
from agents_plugin_openai import models, services
from agents_plugin_openai._client import Client, TokenSource
from agents_plugin_openai._wire.tts import Voice, format_speech, samples
from agents_plugin_openai.azure import azure
from agents_plugin_openai.services import Service

if TYPE_CHECKING:
    import aiohttp

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class TTS(tts.TTS):
    """Speaks whole texts, and hands sound on while it comes; a session cuts its text in sentences.

    The sound has 24 000 samples a second, in one channel.
    """

    service: ClassVar[Service] = services.OPENAI
    """Whom to ask, where the constructor is not told."""

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.TTSModels | str | None = None,
        voice: models.TTSVoices | str | Mapping[str, str] = models.DEFAULT_TTS_VOICE,
        speed: float | None = None,
        instructions: str | None = None,
        response_format: str = "pcm",
        extra_body: Mapping[str, object] = _NOTHING,
        extra_headers: Mapping[str, str] = _NOTHING,
        extra_query: Mapping[str, str] = _NOTHING,
        api_key: str | None = None,
        token_provider: TokenSource | None = None,
        base_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
        service: Service | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: which one; without, the service's default.
            voice: its name, or ``{"id": ...}`` for one of your own.
            speed: 1 is as the voice speaks by itself.
            instructions: how to speak, for models that can be told.
            response_format: ``pcm``, or ``wav`` for services that know no ``pcm``.
            extra_body: for the body of each request; None takes a field away.
            extra_headers: for the headers.
            extra_query: for the URL; no keys: URLs are logged.
            api_key: without, that of the environment.
            token_provider: asked for a bearer token before each request, instead of a key.
            base_url: without, that of the environment, else the service's own.
            http_session: one of yours, which is left open.
            service: whom to ask; without, what the class says.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL or the format is none, or there is no model.
        """
        super().__init__(
            capabilities=tts.TTSCapabilities(streaming=False), sample_rate=models.TTS_SAMPLE_RATE
        )
        self._service = service or self.service
        self._voice = Voice(
            model=services.chosen(model, self._service.tts_model, self._service),
            voice=voice,
            speed=speed,
            instructions=instructions,
            response_format=response_format,
            extra_body=extra_body,
        )
        self._client = Client(
            api_key=api_key,
            url=base_url,
            http_session=http_session,
            service=self._service,
            token=token_provider,
            headers=extra_headers,
            query=extra_query,
        )

    @classmethod
    def with_azure(cls, *, model: str | None = None, **options: Any) -> Self:  # noqa: ANN401 - see `AzureOptions`
        """One that is deployed at Azure; `options` are those of `AzureOptions`, and of the class.

        Raises:
            MissingCredentialsError: there is neither a key nor a token.
            ValueError: there is no endpoint, or no version of the API.
        """
        deployed = model or services.AZURE.tts_model
        return cls(model=model, **azure(options, default_deployment=deployed))

    @property
    def model(self) -> str:
        """Which one."""
        return self._voice.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return self._service.name

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Voice`
        """Change how it speaks, from the next text on.

        Raises:
            TypeError: there is no such option.
            ValueError: the format is none.
        """
        self._voice = dataclasses.replace(self._voice, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[tts.TTSPart]:
        reader = WavReader()
        body = format_speech(text, self._voice)
        async with aclosing(self._client.speak(body, timeout=timeout)) as parts:
            async for part in parts:
                if isinstance(part, tts.RequestId):
                    yield part
                    continue
                with malformed(self.provider):
                    sound = samples(reader, part)
                yield sound
        yield reader.flush()
