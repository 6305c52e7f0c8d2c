"""What Beyond Presence is asked and what it answers: pure, from values to values."""

from __future__ import annotations

from typing import Any


def format_request(avatar_id: str, *, url: str, token: str) -> dict[str, object]:
    """The body that asks for an avatar in the room that `token` opens."""
    return {"avatar_id": avatar_id, "livekit_url": url, "livekit_token": token}


def read_session(answer: Any) -> str:  # noqa: ANN401 - JSON, which is looked at here
    """The id of the session in an answer.

    Raises:
        LookupError, TypeError: it is no answer of the service.
    """
    session = answer["id"]
    if not isinstance(session, str):
        raise TypeError(f"the id is no text: {session!r}")
    return session
