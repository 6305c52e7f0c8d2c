"""What a realtime conversation is set to, as the service is told."""

from __future__ import annotations

import pytest

from agents_core.llm import NamedToolChoice
from agents_core.tools import function_tool
from agents_plugin_openai._wire.realtime_options import (
    SEMANTIC_VAD,
    SERVER_VAD,
    Dialect,
    Options,
    Setting,
    azure_place,
    format_change,
    format_session,
    headers,
    noise_reduction,
    realtime_url,
)

FORMAT = {"type": "audio/pcm", "rate": 24_000}


@function_tool
async def look(where: str) -> str:
    """Looks somewhere."""
    return where


def everything(dialect: Dialect) -> Setting:
    options = Options(
        model="gpt-realtime",
        dialect=dialect,
        voice="cedar",
        turn_detection=SEMANTIC_VAD,
        input_audio_transcription={"model": "whisper-1", "language": "de"},
        input_audio_noise_reduction={"type": "near_field"},
        temperature=0.7,
        speed=1.1,
        max_response_output_tokens=500,
        tracing="auto",
        truncation="disabled",
    )
    return Setting(
        options=options,
        instructions="Be brief.",
        tools=(look,),
        tool_choice=NamedToolChoice("look"),
    )


LOOK = {
    "type": "function",
    "name": "look",
    "description": "Looks somewhere.",
    "parameters": look.parameters,
}
COMMON = {
    "instructions": "Be brief.",
    "tools": [LOOK],
    "tool_choice": {"type": "function", "name": "look"},
}


def test_what_is_not_given_is_left_to_the_service() -> None:
    assert format_session(Setting(options=Options(voice=None))) == {
        "type": "realtime",
        "model": "gpt-realtime",
        "output_modalities": ["audio"],
        "audio": {
            "input": {"format": FORMAT, "transcription": None, "turn_detection": None},
            "output": {"format": FORMAT},
        },
        "tools": [],
        "tool_choice": "auto",
    }


def test_every_option_has_the_name_that_the_service_gives_it() -> None:
    assert format_session(everything("ga")) == {
        "type": "realtime",
        "model": "gpt-realtime",
        "output_modalities": ["audio"],
        "audio": {
            "input": {
                "format": FORMAT,
                "transcription": {"model": "whisper-1", "language": "de"},
                "turn_detection": SEMANTIC_VAD,
                "noise_reduction": {"type": "near_field"},
            },
            "output": {"format": FORMAT, "voice": "cedar", "speed": 1.1},
        },
        "max_output_tokens": 500,
        "tracing": "auto",
        "truncation": "disabled",
        **COMMON,
    }


def test_before_general_availability_they_stood_side_by_side() -> None:
    assert format_session(everything("beta")) == {
        "modalities": ["text", "audio"],
        "input_audio_format": "pcm16",
        "output_audio_format": "pcm16",
        "voice": "cedar",
        "turn_detection": SEMANTIC_VAD,
        "input_audio_transcription": {"model": "whisper-1", "language": "de"},
        "input_audio_noise_reduction": {"type": "near_field"},
        "temperature": 0.7,
        "speed": 1.1,
        "max_response_output_tokens": 500,
        "tracing": "auto",
        **COMMON,
    }


def test_xai_has_voice_and_turn_detection_above_the_sound() -> None:
    session = format_session(everything("xai"))

    assert session["voice"] == "cedar"
    assert session["turn_detection"] == SEMANTIC_VAD
    audio = session["audio"]
    assert isinstance(audio, dict)
    assert "turn_detection" not in audio["input"]
    assert audio["output"] == {"format": FORMAT, "speed": 1.1}


@pytest.mark.parametrize(
    ("dialect", "name", "told"),
    [("ga", "output_modalities", ["text"]), ("beta", "modalities", ["text"])],
)
def test_answers_may_be_text_alone(dialect: Dialect, name: str, told: list[str]) -> None:
    options = Options(dialect=dialect, modalities=("text",), turn_detection=SERVER_VAD)

    assert format_session(Setting(options=options))[name] == told
    assert not options.speaks


@pytest.mark.parametrize(
    ("dialect", "name", "told"),
    [
        ("ga", "instructions", {"type": "realtime", "instructions": "Be brief."}),
        ("beta", "instructions", {"instructions": "Be brief."}),
        ("xai", "tools", {"type": "realtime", "tools": [LOOK]}),
    ],
)
def test_of_a_change_nothing_else_is_told(
    dialect: Dialect, name: str, told: dict[str, object]
) -> None:
    assert format_change(everything(dialect), name) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, None),
        ("far_field", {"type": "far_field"}),
        ({"type": "near_field"}, {"type": "near_field"}),
    ],
)
def test_a_kind_of_noise_reduction_is_enough(given: object, told: object) -> None:
    assert noise_reduction(given) == told  # type: ignore[arg-type]


@pytest.mark.parametrize("base", ["wss://api.example/v1", "wss://api.example/v1/realtime"])
def test_the_url_ends_in_realtime_once(base: str) -> None:
    assert realtime_url(base, {"model": "a b"}) == "wss://api.example/v1/realtime?model=a+b"


@pytest.mark.parametrize(
    ("endpoint", "version", "base", "query"),
    [
        ("https://r.example", None, "https://r.example/openai/v1", {"model": "d"}),
        ("https://openai.example", None, "https://openai.example/openai/v1", {"model": "d"}),
        ("https://r.example/openai/v1", None, "https://r.example/openai/v1", {"model": "d"}),
        (
            "https://r.example",
            "2025-04-01-preview",
            "https://r.example/openai",
            {"api-version": "2025-04-01-preview", "deployment": "d"},
        ),
    ],
)
def test_a_deployment_has_its_own_place(
    endpoint: str, version: str | None, base: str, query: dict[str, str]
) -> None:
    assert azure_place(endpoint, "d", version) == (base, query)


@pytest.mark.parametrize(
    ("dialect", "told"), [("ga", {}), ("xai", {}), ("beta", {"OpenAI-Beta": "realtime=v1"})]
)
def test_the_protocol_of_before_has_a_header(dialect: Dialect, told: dict[str, str]) -> None:
    assert headers(dialect) == told
