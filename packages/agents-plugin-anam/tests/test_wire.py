"""What Anam is asked, and what it answers, as its documentation shows it."""

from __future__ import annotations

import pytest

from agents_plugin_anam import DirectorNotes, PersonaConfig, SessionOptions
from agents_plugin_anam._wire import format_request, read_session, read_token

PLACE = {"url": "wss://example.livekit.cloud", "token": "a-token"}
CARA = PersonaConfig(name="Cara", avatarId="30fa96d0-26c4-4e55-94a0-517025942e18")


def test_what_is_not_given_is_left_to_anam() -> None:
    assert format_request(CARA, SessionOptions(), **PLACE) == {
        "personaConfig": {
            "type": "ephemeral",
            "name": "Cara",
            "avatarId": "30fa96d0-26c4-4e55-94a0-517025942e18",
            "llmId": "CUSTOMER_CLIENT_V1",
        },
        "environment": {"livekitUrl": "wss://example.livekit.cloud", "livekitToken": "a-token"},
    }


def test_every_option_has_the_name_that_anam_gives_it() -> None:
    persona = PersonaConfig(
        name="Cara",
        avatarId="30fa96d0",
        avatarModel="cara-3",
        directorNotes=DirectorNotes(
            expressivity=0.0, presetStyle="warm", customStylePrompt="like a friend"
        ),
    )
    shown = SessionOptions(video_width=720, video_height=480, show_ai_avatar_disclosure=False)

    body = format_request(persona, shown, **PLACE)

    assert body["personaConfig"] == {
        "type": "ephemeral",
        "name": "Cara",
        "avatarId": "30fa96d0",
        "llmId": "CUSTOMER_CLIENT_V1",
        "avatarModel": "cara-3",
        "directorNotes": {
            "expressivity": 0.0,
            "presetStyle": "warm",
            "customStylePrompt": "like a friend",
        },
    }
    assert body["sessionOptions"] == {
        "videoWidth": 720,
        "videoHeight": 480,
        "showAIAvatarDisclosure": False,
    }


def test_a_token_and_then_a_session_are_answered() -> None:
    assert read_token({"sessionToken": "eyJhbGciOi"}) == "eyJhbGciOi"
    assert read_session({"sessionId": "01234567", "engineHost": "engine.invalid"}) == "01234567"


@pytest.mark.parametrize("read", [read_token, read_session])
@pytest.mark.parametrize(
    "answer", [{}, [], None, "started", {"sessionToken": None, "sessionId": 7}]
)
def test_what_has_neither_is_no_answer(read: object, answer: object) -> None:
    with pytest.raises((LookupError, TypeError)):
        read(answer)
