"""Realtime conversation by xAI, which speaks OpenAI's protocol with some ways of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from agents_plugin_openai import Service, realtime
from agents_plugin_openai.realtime import SERVER_VAD, RealtimeSession
from agents_plugin_xai import models
from agents_plugin_xai.llm import LLM

if TYPE_CHECKING:
    from agents_plugin_openai.realtime import Dialect

__all__ = ["RealtimeModel", "RealtimeSession"]

_TRANSCRIPTION: Mapping[str, object] = {}
"""Turns it on: xAI has no choice of models for it."""


class RealtimeModel(realtime.RealtimeModel):
    """A realtime model of xAI; its options are those of `agents_plugin_openai.RealtimeModel`."""

    service: ClassVar[Service] = LLM.service
    dialect: ClassVar[Dialect] = "xai"

    def __init__(
        self,
        *,
        model: models.RealtimeModels | str | None = None,
        voice: models.RealtimeVoices | str | None = None,
        turn_detection: Mapping[str, object] | None = SERVER_VAD,
        input_audio_transcription: Mapping[str, object] | None = _TRANSCRIPTION,
        **options: Any,  # noqa: ANN401 - those of OpenAI's
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            model: which one; without, the default.
            voice: who speaks; without, the default.
            turn_detection: how xAI finds out that the user is done; None where you say it, by
                `commit_audio`.
            input_audio_transcription: what writes down what the user says; None for nothing.
            options: all others of `agents_plugin_openai.RealtimeModel`, such as `api_key` and
                `base_url`, which are in the environment where they are not given.

        Raises:
            MissingCredentialsError: there is no key.
            ValueError: the base URL is none.
            TypeError: there is no such option.
        """
        super().__init__(
            model=model or models.DEFAULT_REALTIME_MODEL,
            voice=voice or models.DEFAULT_REALTIME_VOICE,
            turn_detection=turn_detection,
            input_audio_transcription=input_audio_transcription,
            **options,
        )
