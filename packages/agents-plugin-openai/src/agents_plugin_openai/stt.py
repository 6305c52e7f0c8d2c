"""Transcriptions: speech to text of OpenAI, and of whoever speaks its protocol."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

from agents_core import stt
from agents_core.audio import AudioFrame, wav_bytes
from agents_core.http import malformed
from agents_plugin_openai import models, services
from agents_plugin_openai._client import Client, TokenSource
from agents_plugin_openai._wire.stt import (
    Granularity,
    Hearing,
    format_fields,
    language_asked_for,
    read_transcript,
)
from agents_plugin_openai.azure import azure
from agents_plugin_openai.compatible import At
from agents_plugin_openai.services import Service

if TYPE_CHECKING:
    import aiohttp

_NOTHING: Mapping[str, str] = MappingProxyType({})


class STT(stt.STT):
    """Writes down whole recordings; a session cuts what it hears with a VAD."""

    service: ClassVar[Service] = services.OPENAI
    """Whom to ask, where the constructor is not told."""

    with_groq = At(services.GROQ)

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.STTModels | str | None = None,
        language: str | None = None,
        detect_language: bool = False,
        prompt: str | None = None,
        temperature: float | None = None,
        response_format: str | None = None,
        timestamp_granularities: tuple[Granularity, ...] = (),
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
            language: which is spoken, as ISO 639-1; without, the service finds out.
            detect_language: whether it finds out, whatever a session says is spoken.
            prompt: words that are likely, or what was said before.
            temperature: how freely to guess.
            response_format: ``json`` or ``verbose_json``, which has times; without, the one of
                them that tells most of what the model is known to tell.
            timestamp_granularities: what is timed, ``word`` or ``segment`` or both, of models that
                answer ``verbose_json``.
            extra_headers: for the headers of each request.
            extra_query: for its URL; no keys: URLs are logged.
            api_key: without, that of the environment.
            token_provider: asked for a bearer token before each request, instead of a key.
            base_url: without, that of the environment, else the service's own.
            http_session: one of yours, which is left open.
            service: whom to ask; without, what the class says.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none, or there is no model.
        """
        super().__init__(
            capabilities=stt.STTCapabilities(
                streaming=False,
                interim_results=False,
                aligned_transcript="word" if "word" in timestamp_granularities else None,
            )
        )
        self._service = service or self.service
        self._hearing = Hearing(
            model=services.chosen(model, self._service.stt_model, self._service),
            language=language,
            detect_language=detect_language,
            prompt=prompt,
            temperature=temperature,
            response_format=response_format,
            timestamp_granularities=timestamp_granularities,
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
        deployed = model or services.AZURE.stt_model
        return cls(model=model, **azure(options, default_deployment=deployed))

    @property
    def model(self) -> str:
        """Which one."""
        return self._hearing.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return self._service.name

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Hearing`
        """Change how it listens, from the next recording on; what is timed stays.

        Raises:
            TypeError: there is no such option.
        """
        if "timestamp_granularities" in options:
            raise TypeError("what is timed stays as it is: others rely on it")
        self._hearing = dataclasses.replace(self._hearing, **options)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _recognize(
        self, audio: AudioFrame, *, language: str | None, timeout: float
    ) -> stt.SpeechEvent:
        hearing = self._hearing
        request_id, answer = await self._client.transcribe(
            format_fields(hearing, language=language), wav_bytes(audio), timeout=timeout
        )
        with malformed(self.provider):
            spoken = language_asked_for(hearing, language)
            return read_transcript(answer, request_id=request_id, language=spoken)
