"""What LemonSlice is asked and what it answers: pure, from values to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

END = {"event": "terminate"}
"""The body that ends a session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Who comes, and how they behave; what is None is left to LemonSlice."""

    agent_id: str | None = None
    agent_image_url: str | None = None
    agent_prompt: str | None = None
    agent_idle_prompt: str | None = None
    idle_timeout: int | None = None
    """Seconds."""
    extra: Mapping[str, object] = field(default_factory=dict)
    """Whatever else the service knows, by its own names."""


def format_request(face: Face, *, url: str, token: str) -> dict[str, object]:
    """The body that asks for an avatar in the room that `token` opens."""
    body = {
        "transport_type": "livekit",
        "properties": {"livekit_url": url, "livekit_token": token},
        "agent_id": face.agent_id,
        "agent_image_url": face.agent_image_url,
        "agent_prompt": face.agent_prompt,
        "agent_idle_prompt": face.agent_idle_prompt,
        "idle_timeout": face.idle_timeout,
        **face.extra,
    }
    return {name: value for name, value in body.items() if value is not None}


def control_path(session_id: str) -> str:
    """Where a session is controlled, below where it was asked for."""
    return f"/{quote(session_id, safe='')}/control"


def read_session(answer: Any) -> str:  # noqa: ANN401 - JSON, which is looked at here
    """The id of the session in an answer.

    Raises:
        LookupError, TypeError: it is no answer of the service.
    """
    session = answer["session_id"]
    if not isinstance(session, str):
        raise TypeError(f"the id is no text: {session!r}")
    return session
