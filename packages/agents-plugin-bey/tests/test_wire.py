"""What Beyond Presence is asked, and what it answers, as its documentation shows it."""

from __future__ import annotations

import json

import pytest

from agents_plugin_bey._wire import format_request, read_session


def test_an_avatar_is_asked_for_by_its_id_and_sent_into_a_room() -> None:
    place = {"url": "wss://example.livekit.cloud", "token": "a-token"}

    body = format_request("01234567-89ab", **place)

    assert body == {
        "avatar_id": "01234567-89ab",
        "livekit_url": "wss://example.livekit.cloud",
        "livekit_token": "a-token",
    }


def test_a_session_has_an_id() -> None:
    answer = """
    {
      "id": "01234567-89ab-cdef-0123-456789abcdef",
      "created_at": "2022-01-01T00:00:00Z",
      "avatar_id": "01234567-89ab",
      "livekit_url": "wss://example.livekit.cloud",
      "livekit_token": "a-token"
    }
    """

    assert read_session(json.loads(answer)) == "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize("answer", [{}, [], None, "started", {"id": None}])
def test_what_has_no_id_is_no_session(answer: object) -> None:
    with pytest.raises((LookupError, TypeError)):
        read_session(answer)
