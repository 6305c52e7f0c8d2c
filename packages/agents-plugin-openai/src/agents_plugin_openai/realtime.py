"""Realtime conversation by OpenAI, and by whoever speaks its protocol."""

from __future__ import annotations

import asyncio
import dataclasses
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from agents_core import realtime
from agents_core.http import base_url as place
from agents_core.llm import ToolChoice
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_plugin_openai import models
from agents_plugin_openai._realtime_client import RealtimeClient
from agents_plugin_openai._realtime_session import RealtimeSession
from agents_plugin_openai._wire.realtime_options import (
    SEMANTIC_VAD,
    SERVER_VAD,
    Dialect,
    Modality,
    Options,
    Setting,
    azure_place,
    headers,
    noise_reduction,
)
from agents_plugin_openai.services import AZURE, OPENAI, Service

if TYPE_CHECKING:
    import aiohttp

    from agents_plugin_openai._client import TokenSource

__all__ = ["SEMANTIC_VAD", "SERVER_VAD", "Dialect", "RealtimeModel", "RealtimeSession"]

_TRANSCRIPTION: Mapping[str, object] = {"model": models.DEFAULT_REALTIME_TRANSCRIPTION_MODEL}
_AZURE_TRANSCRIPTION: Mapping[str, object] = {
    "model": models.DEFAULT_AZURE_REALTIME_TRANSCRIPTION_MODEL
}


class RealtimeModel(realtime.RealtimeModel):
    """Hears and speaks by itself, over one websocket for each conversation.

    A connection that is lost, or `max_session_duration` old, is made anew: instructions, tools and
    the conversation, as text, are told again, and questions without an answer are asked again.
    """

    service: ClassVar[Service] = OPENAI
    """Whom to ask, where the constructor is not told."""
    dialect: ClassVar[Dialect] = "ga"
    """How settings are written."""

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        model: models.RealtimeModels | str = models.DEFAULT_REALTIME_MODEL,
        voice: models.RealtimeVoices | str | None = models.DEFAULT_REALTIME_VOICE,
        modalities: tuple[Modality, ...] = ("audio",),
        instructions: str | None = None,
        tool_choice: ToolChoice = "auto",
        turn_detection: Mapping[str, object] | None = SEMANTIC_VAD,
        input_audio_transcription: Mapping[str, object] | None = _TRANSCRIPTION,
        input_audio_noise_reduction: str | Mapping[str, object] | None = None,
        temperature: float | None = None,
        speed: float | None = None,
        max_response_output_tokens: int | Literal["inf"] | None = None,
        tracing: Literal["auto"] | Mapping[str, object] | None = None,
        truncation: Literal["auto", "disabled"] | Mapping[str, object] | None = None,
        api_key: str | None = None,
        token_provider: TokenSource | None = None,
        base_url: str | None = None,
        query: Mapping[str, str] | None = None,
        http_session: aiohttp.ClientSession | None = None,
        max_session_duration: float | None = models.DEFAULT_MAX_SESSION_DURATION,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        service: Service | None = None,
        dialect: Dialect | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: which one.
            voice: who speaks; None for the service's choice.
            modalities: what answers are: with ``audio`` they are spoken, and written as well; with
                ``text`` alone only written, for a TTS to speak.
            instructions: to begin with; a session has those of its agent.
            tool_choice: whether tools may, must or must not be called, to begin with.
            turn_detection: how the service finds out that the user is done, as it documents it:
                ``server_vad`` or ``semantic_vad``; None where you say it, by `commit_audio`.
            input_audio_transcription: what writes down what the user says; None for nothing.
            input_audio_noise_reduction: ``near_field`` or ``far_field``; None for none.
            temperature: how varied answers are; of the protocol before general availability.
            speed: of the voice, 1 as it is.
            max_response_output_tokens: the longest answer; ``inf`` for any.
            tracing: whether the service keeps traces, and under which names.
            truncation: what becomes of the beginning of a conversation that gets too long.
            api_key: without, that of the environment.
            token_provider: asked for a bearer token before each connection, instead of a key.
            base_url: without, that of the environment, else the service's own; all before
                ``/realtime``.
            query: of the URL; without, the model.
            http_session: one of yours, which is left open.
            max_session_duration: seconds after which a connection is renewed, in a pause; None for
                never.
            conn_options: when a connection is tried again, and the seconds in which an answer has
                to begin, and a change to be confirmed.
            service: whom to ask; without, what the class says.
            dialect: how settings are written; without, as the class says.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none.
        """
        super().__init__(
            capabilities=realtime.RealtimeCapabilities(
                message_truncation=True,
                turn_detection=turn_detection is not None,
                user_transcription=input_audio_transcription is not None,
                auto_tool_reply_generation=False,
                audio_output="audio" in modalities,
                manual_function_calls=True,
            )
        )
        options = Options(
            model=model,
            dialect=dialect or self.dialect,
            voice=voice,
            modalities=modalities,
            turn_detection=turn_detection,
            input_audio_transcription=input_audio_transcription,
            input_audio_noise_reduction=noise_reduction(input_audio_noise_reduction),
            temperature=temperature,
            speed=speed,
            max_response_output_tokens=max_response_output_tokens,
            tracing=tracing,
            truncation=truncation,
        )
        self.setting = Setting(options=options, instructions=instructions, tool_choice=tool_choice)
        """What a conversation begins with."""
        self.conn_options = conn_options
        self.max_session_duration = max_session_duration
        self.client = RealtimeClient(
            api_key=api_key,
            url=base_url,
            http_session=http_session,
            service=service or self.service,
            token=token_provider,
            query=query or {"model": model},
            headers=headers(options.dialect),
        )
        """Makes its connections."""
        self._sessions: weakref.WeakSet[RealtimeSession] = weakref.WeakSet()

    @classmethod
    def with_azure(  # noqa: PLR0913 - where it is deployed, and who asks
        cls,
        *,
        azure_deployment: str,
        azure_endpoint: str | None = None,
        api_version: str | None = None,
        api_key: str | None = None,
        entra_token: str | TokenSource | None = None,
        base_url: str | None = None,
        **options: Any,  # noqa: ANN401 - those of the constructor
    ) -> Self:
        """A model that is deployed at Azure.

        Args:
            azure_deployment: its name.
            azure_endpoint: without, ``AZURE_OPENAI_ENDPOINT`` of the environment.
            api_version: of a preview, which has the protocol before general availability; None for
                what is generally available.
            api_key: without, ``AZURE_OPENAI_API_KEY`` of the environment.
            entra_token: a token of Entra ID, or what gives one, instead of a key.
            base_url: instead of an endpoint: all before ``/realtime``.
            options: of the constructor.

        Raises:
            MissingCredentialsError: there is neither a key nor a token.
            ValueError: there is no endpoint.
        """
        endpoint = place(base_url or azure_endpoint, variable=AZURE.url_variable, default="")
        url, query = azure_place(endpoint, azure_deployment, api_version)
        given = {
            "turn_detection": SERVER_VAD,
            "input_audio_transcription": _AZURE_TRANSCRIPTION,
            "model": azure_deployment,
            "dialect": "ga" if api_version is None else "beta",
            **options,
        }
        return cls(
            api_key=api_key,
            token_provider=_source(entra_token),
            base_url=url,
            query=query,
            service=AZURE,
            **given,
        )

    @property
    def model(self) -> str:
        """Which one."""
        return self.setting.options.model

    @property
    def provider(self) -> str:
        """Who answers."""
        return self.client.service.name

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Options`
        """Change options, for the conversations that begin from now on.

        Those that say what the model can do stay: the modalities, and whether there is a turn
        detection and a transcription.

        Raises:
            TypeError: there is no such option, or it stays.
        """
        changed = dataclasses.replace(self.setting.options, **options)
        if _abilities(changed) != _abilities(self.setting.options):
            raise TypeError("what the model can do stays as it is: others rely on it")
        self.setting = dataclasses.replace(self.setting, options=changed)

    def session(self) -> RealtimeSession:
        """Begin a conversation; call it in a running event loop."""
        session = RealtimeSession(self)
        self._sessions.add(session)
        return session

    async def aclose(self) -> None:
        """End all conversations, and close the connections."""
        await asyncio.gather(*(session.aclose() for session in tuple(self._sessions)))
        await self.client.aclose()


def _abilities(options: Options) -> tuple[bool, ...]:
    return (
        options.speaks,
        options.turn_detection is None,
        options.input_audio_transcription is None,
    )


def _source(token: str | TokenSource | None) -> TokenSource | None:
    return (lambda: token) if isinstance(token, str) else token
