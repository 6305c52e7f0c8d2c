"""What Anam is asked and what it answers: pure, from values to values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents_plugin_anam import models
from agents_plugin_anam.persona import DirectorNotes, PersonaConfig, SessionOptions


def format_request(
    persona: PersonaConfig, options: SessionOptions, *, url: str, token: str
) -> dict[str, object]:
    """The body that asks for leave to send an avatar into the room that `token` opens."""
    notes = persona.directorNotes or DirectorNotes()
    body = {
        "personaConfig": {
            "type": models.PERSONA_TYPE,
            "name": persona.name,
            "avatarId": persona.avatarId,
            "llmId": models.PERSONA_LLM,
            "avatarModel": persona.avatarModel,
            "directorNotes": {
                "expressivity": notes.expressivity,
                "presetStyle": notes.presetStyle,
                "customStylePrompt": notes.customStylePrompt,
            },
        },
        "environment": {"livekitUrl": url, "livekitToken": token},
        "sessionOptions": {
            "videoWidth": options.video_width,
            "videoHeight": options.video_height,
            "showAIAvatarDisclosure": options.show_ai_avatar_disclosure,
        },
    }
    return _given(body)


def read_token(answer: Any) -> str:  # noqa: ANN401 - JSON, which is looked at here
    """What the session is begun with.

    Raises:
        LookupError, TypeError: it is no answer to the first request.
    """
    return _text(answer["sessionToken"])


def read_session(answer: Any) -> str:  # noqa: ANN401 - likewise
    """The id of the session.

    Raises:
        LookupError, TypeError: it is no answer to the second request.
    """
    return _text(answer["sessionId"])


def _given(body: Mapping[str, object]) -> dict[str, object]:
    """Without what is None, and without what is empty then."""
    kept = {
        name: _given(value) if isinstance(value, Mapping) else value for name, value in body.items()
    }
    return {name: value for name, value in kept.items() if value is not None and value != {}}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"it is no text: {type(value).__name__}")
    return value
