"""What LemonSlice is asked, and what it answers, as its documentation shows it."""

from __future__ import annotations

import pytest

from agents_plugin_lemonslice._wire import END, Face, control_path, format_request, read_session

PLACE = {"url": "wss://example.livekit.cloud", "token": "a-token"}
ROOM = {
    "transport_type": "livekit",
    "properties": {"livekit_url": "wss://example.livekit.cloud", "livekit_token": "a-token"},
}


def test_what_is_not_given_is_left_to_lemonslice() -> None:
    assert format_request(Face(agent_id="agent_abc123"), **PLACE) == {
        **ROOM,
        "agent_id": "agent_abc123",
    }


def test_every_option_has_the_name_that_lemonslice_gives_it() -> None:
    face = Face(
        agent_image_url="https://example.com/agent.png",
        agent_prompt="a person talking",
        agent_idle_prompt="a serious person",
        idle_timeout=-1,
        extra={"aspect_ratio": "2x3"},
    )

    assert format_request(face, **PLACE) == {
        **ROOM,
        "agent_image_url": "https://example.com/agent.png",
        "agent_prompt": "a person talking",
        "agent_idle_prompt": "a serious person",
        "idle_timeout": -1,
        "aspect_ratio": "2x3",
    }


def test_a_session_is_ended_below_where_it_was_asked_for() -> None:
    assert control_path("livekit-3f7c2b91") == "/livekit-3f7c2b91/control"
    assert control_path("../other?x") == "/..%2Fother%3Fx/control"
    assert END == {"event": "terminate"}


def test_a_session_has_an_id() -> None:
    assert read_session({"session_id": "livekit-3f7c2b91"}) == "livekit-3f7c2b91"


@pytest.mark.parametrize("answer", [{}, [], None, "started", {"session_id": None}])
def test_what_has_no_id_is_no_session(answer: object) -> None:
    with pytest.raises((LookupError, TypeError)):
        read_session(answer)
