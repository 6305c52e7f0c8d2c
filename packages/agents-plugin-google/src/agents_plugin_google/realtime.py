"""Realtime models of Google: the Live API."""

from __future__ import annotations

import dataclasses
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agents_core import realtime
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_plugin_google import models
from agents_plugin_google._client import Client, uses_vertex
from agents_plugin_google._session import Session
from agents_plugin_google._wire.chat import Fields
from agents_plugin_google._wire.setup import Talk

if TYPE_CHECKING:
    import aiohttp
    from google.auth.credentials import Credentials

_TRANSCRIBED: Fields = {}
"""To be told what is said, in whatever language."""


class RealtimeModel(realtime.RealtimeModel):
    """Hears and speaks over one websocket a conversation, at the Gemini API or at Vertex AI.

    Options that are mappings hold fields of Google's API, in its names or in Python's. What is not
    given is left to Google. It cannot be told how much of an answer was heard, takes instructions
    and tools at the beginning of a connection only, and has no choice of tools but ``none``.
    """

    def __init__(  # noqa: PLR0913 - the options of the service
        self,
        *,
        instructions: str = "",
        model: models.RealtimeModels | models.VertexRealtimeModels | str | None = None,
        voice: models.RealtimeVoices | str = models.DEFAULT_REALTIME_VOICE,
        language: str | None = None,
        modalities: Sequence[str] = ("AUDIO",),
        candidate_count: int | None = None,
        temperature: float | None = None,
        max_output_tokens: int | None = None,
        top_p: float | None = None,
        top_k: int | None = None,
        presence_penalty: float | None = None,
        frequency_penalty: float | None = None,
        media_resolution: str | None = None,
        thinking_config: Fields | None = None,
        enable_affective_dialog: bool | None = None,
        proactivity: bool | None = None,
        input_audio_transcription: Fields | None = _TRANSCRIBED,
        output_audio_transcription: Fields | None = _TRANSCRIBED,
        realtime_input_config: Fields | None = None,
        context_window_compression: Fields | None = None,
        session_resumption: Fields | None = _TRANSCRIBED,
        tool_behavior: str | None = None,
        tool_response_scheduling: str | None = None,
        gemini_tools: Sequence[Fields] = (),
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        api_key: str | None = None,
        vertexai: bool | None = None,
        project: str | None = None,
        location: str | None = None,
        credentials: Credentials | None = None,
        base_url: str | None = None,
        api_version: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            instructions: how to behave, until a session is told otherwise.
            model: the model; without, the default of the Gemini API or of Vertex AI.
            voice: the voice.
            language: spoken, such as ``de-DE``; without, Gemini finds out.
            modalities: ``AUDIO`` or ``TEXT``.
            candidate_count: how many answers to choose from.
            temperature: how varied the answers are.
            max_output_tokens: of an answer.
            top_p: of the most probable tokens, those that make up this much are looked at.
            top_k: likewise, this many.
            presence_penalty: against tokens that were used before.
            frequency_penalty: against them, the more often they were.
            media_resolution: of pictures, such as ``MEDIA_RESOLUTION_LOW``.
            thinking_config: such as ``{"thinking_budget": 0}``.
            enable_affective_dialog: whether to answer in the tone of the user.
            proactivity: whether it may leave unanswered what is not meant for it.
            input_audio_transcription: how to write down what the user says; None for not at all.
            output_audio_transcription: likewise, what the model says; without, its text is empty.
            realtime_input_config: when the user's turn begins and ends; with
                ``{"automatic_activity_detection": {"disabled": True}}`` you say so.
            context_window_compression: such as ``{"sliding_window": {}}``, for long conversations.
            session_resumption: with ``{"handle": ...}`` an earlier conversation goes on; None for
                conversations that are told anew after a connection was lost.
            tool_behavior: ``BLOCKING`` or ``NON_BLOCKING``: whether it talks on while tools run.
            tool_response_scheduling: of the latter: ``INTERRUPT``, ``WHEN_IDLE`` or ``SILENT``.
            gemini_tools: Google's own, such as ``{"google_search": {}}``.
            conn_options: when a connection is tried again, and how long Google may be silent
                while it owes something.
            api_key: without, ``GOOGLE_API_KEY`` of the environment, else ``GEMINI_API_KEY``.
            vertexai: whether to ask Vertex AI; without, ``GOOGLE_GENAI_USE_VERTEXAI``.
            project: of Vertex AI; without, ``GOOGLE_CLOUD_PROJECT``, else that of the credentials.
            location: of Vertex AI; without, ``GOOGLE_CLOUD_LOCATION``, else us-central1.
            credentials: of google-auth, for Vertex AI; without, Application Default Credentials.
            base_url: without, ``GOOGLE_BASE_URL`` of the environment, else Google's own.
            api_version: without, v1beta of the Gemini API, and v1alpha where affective dialog or
                proactivity are asked for; v1 of Vertex AI.
            http_session: one of yours, which is left open.

        Raises:
            MissingCredentialsError: the Gemini API is asked, and there is no key.
            ValueError: the base URL is none.
        """
        vertex = uses_vertex(vertexai)
        usual = models.DEFAULT_VERTEX_REALTIME_MODEL if vertex else models.DEFAULT_REALTIME_MODEL
        self.talk = Talk(
            model=model or usual,
            voice=voice,
            language=language,
            modalities=tuple(modalities),
            candidate_count=candidate_count,
            temperature=temperature,
            max_output_tokens=max_output_tokens,
            top_p=top_p,
            top_k=top_k,
            presence_penalty=presence_penalty,
            frequency_penalty=frequency_penalty,
            media_resolution=media_resolution,
            thinking_config=thinking_config,
            enable_affective_dialog=enable_affective_dialog,
            proactivity=proactivity,
            input_audio_transcription=input_audio_transcription,
            output_audio_transcription=output_audio_transcription,
            realtime_input_config=realtime_input_config,
            context_window_compression=context_window_compression,
            session_resumption=session_resumption,
            tool_behavior=tool_behavior,
            tool_response_scheduling=tool_response_scheduling,
            gemini_tools=tuple(gemini_tools),
        )
        super().__init__(
            capabilities=realtime.RealtimeCapabilities(
                message_truncation=False,
                turn_detection=self.talk.decides_turns,
                user_transcription=input_audio_transcription is not None,
                auto_tool_reply_generation=True,
                audio_output=self.talk.speaks,
            )
        )
        preview = not vertex and (enable_affective_dialog or proactivity)
        self.client = Client(
            api_key=api_key,
            vertexai=vertex,
            project=project,
            location=location,
            credentials=credentials,
            url=base_url,
            version=api_version or (models.PREVIEW_API_VERSION if preview else None),
            http_session=http_session,
        )
        self.instructions = instructions
        self.conn_options = conn_options
        self._sessions: weakref.WeakSet[Session] = weakref.WeakSet()

    @property
    def model(self) -> str:
        """The model."""
        return self.talk.model

    @property
    def provider(self) -> str:
        """Who answers: Gemini, or Vertex AI."""
        return self.client.provider

    def session(self) -> Session:
        """Begin a conversation; call it in a running event loop.

        It connects once it is told its tools or what was said, is asked something, or hears it.
        """
        session = Session(self)
        self._sessions.add(session)
        return session

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Talk`
        """Change options of the talk, for sessions to come; those that there are keep theirs.

        Raises:
            TypeError: there is no such option, or it is one of the capabilities.
        """
        talk = dataclasses.replace(self.talk, **options)
        if (talk.speaks, talk.decides_turns) != (self.talk.speaks, self.talk.decides_turns):
            raise TypeError("what the model can do stays as it is: others rely on it")
        self.talk = talk

    async def aclose(self) -> None:
        """Close every session, and the connections."""
        for session in tuple(self._sessions):
            await session.aclose()
        await self.client.aclose()
