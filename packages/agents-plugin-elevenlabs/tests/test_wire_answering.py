"""What ElevenLabs answers, as it documents it, and what comes of it."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest

from agents_core.errors import APIError, APIStatusError
from agents_core.tts import SegmentEnd, TimedWord, TTSPart, Words
from agents_plugin_elevenlabs._wire.answering import Answer, context_of, is_last
from agents_plugin_elevenlabs._wire.asking import Options
from agents_plugin_elevenlabs._wire.voices import Voice, read_voices

# The sound is a second of silence, at 8 samples a second.
SECOND = "AAAAAAAAAAAAAAAAAAAAAA=="
OPTIONS = Options(encoding="pcm_8")


def word(text: str, start: float, end: float) -> TimedWord:
    return TimedWord(text=text, start_time=pytest.approx(start), end_time=pytest.approx(end))


def aligned(text: str, start: int = 0, *, each: int = 100) -> dict[str, Any]:
    return {
        "chars": [*text],
        "charStartTimesMs": [start + each * at for at in range(len(text))],
        "charDurationsMs": [each] * len(text),
    }


def read(*messages: dict[str, Any], options: Options = OPTIONS) -> list[TTSPart]:
    answer = Answer(options)
    return [part for message in messages for part in answer.read(json.dumps(message))]


def words_of(parts: list[TTSPart]) -> list[TimedWord]:
    return [word for part in parts if isinstance(part, Words) for word in part.words]


def test_sound_and_the_words_in_it_come_together_and_the_last_word_at_the_end() -> None:
    parts = read(
        {"audio": SECOND, "alignment": aligned("Hi yo"), "contextId": "c"},
        {"audio": None, "isFinal": True, "contextId": "c"},
    )
    assert parts == [
        Words((word("Hi", 0, 0.2),)),
        bytes(16),
        Words((word("yo", 0.3, 0.5),)),
        SegmentEnd(),
    ]


def test_a_word_may_be_cut_in_the_middle() -> None:
    parts = read(
        {"audio": SECOND, "alignment": aligned("On")},
        {"audio": SECOND, "alignment": aligned("e two ", 200)},
    )
    assert words_of(parts) == [word("One", 0, 0.3), word("two", 0.4, 0.7)]


def test_times_that_begin_anew_count_from_the_sound_they_come_with() -> None:
    parts = read(
        {"audio": SECOND, "alignment": aligned("One. ")},
        {"audio": SECOND, "alignment": None},
        {"audio": SECOND, "alignment": aligned("Two. ")},
        {"audio": SECOND, "alignment": aligned("Go. ", 500)},
    )
    assert words_of(parts) == [word("One.", 0, 0.4), word("Two.", 2, 2.4), word("Go.", 2.5, 2.8)]


def test_the_names_of_some_of_its_documents_are_known_too() -> None:
    told = {
        "chars": ["H", "i", " "],
        "charsStartTimesMs": [0, 100, 200],
        "charsDurationsMs": [100, 100, 50],
    }
    assert words_of(read({"audio": "", "alignment": told})) == [word("Hi", 0, 0.2)]


@pytest.mark.parametrize(("preferred", "said"), [("normalized", "three "), ("original", "3 ")])
def test_words_are_those_that_were_preferred_where_there_are_both(
    preferred: Literal["normalized", "original"], said: str
) -> None:
    options = Options(encoding="pcm_8", preferred_alignment=preferred)
    both = {"alignment": aligned("3 "), "normalizedAlignment": aligned("three ")}
    [one] = words_of(read({"audio": "", **both}, options=options))
    assert one.text == said.strip()
    [other] = words_of(read({"audio": "", "alignment": aligned("3 ")}, options=options))
    assert other.text == "3"


def test_over_http_every_line_has_sound_and_seconds() -> None:
    answer = Answer(OPTIONS)
    told = {
        "audio_base64": SECOND,
        "alignment": {
            "characters": ["H", "i"],
            "character_start_times_seconds": [0, 0.1],
            "character_end_times_seconds": [0.1, 0.25],
        },
        "normalized_alignment": None,
    }
    later = {"audio_base64": SECOND, "alignment": None, "normalized_alignment": None}
    assert answer.read_line("") == ()
    assert answer.read_line(json.dumps(told)) == (bytes(16),)
    assert answer.read_line(json.dumps(later)) == (bytes(16),)
    assert answer.end() == (Words((word("Hi", 0, 0.25),)),)
    assert answer.end() == ()


@pytest.mark.parametrize(
    "message",
    [
        "{",
        "[]",
        '{"audio": 5}',
        '{"audio": "A"}',
        '{"audio": "AAAA?"}',
        '{"audio": "", "alignment": {"chars": ["a"]}}',
        '{"audio": "", "alignment": {"chars": ["a"], "charStartTimesMs": [], "charDurationsMs": []}}',  # noqa: E501 - a message
    ],
)
def test_what_is_malformed_is_an_api_error(message: str) -> None:
    with pytest.raises(APIError, match="malformed"):
        Answer(OPTIONS).read(message)
    with pytest.raises(APIError, match="malformed"):
        Answer(OPTIONS).read_line(message)


def test_what_is_unknown_is_passed_over() -> None:
    assert read({"contextId": "c", "news": "of tomorrow"}) == []


def test_its_own_errors_are_raised() -> None:
    told = {"message": "A voice does not exist.", "error": "voice_id_does_not_exist", "code": 1008}
    with pytest.raises(
        APIStatusError, match=r"voice_id_does_not_exist: A voice does not"
    ) as caught:
        read(told)
    assert (caught.value.status_code, caught.value.retryable) == (1008, False)
    assert caught.value.body == told
    with pytest.raises(APIStatusError) as caught:
        read({"error": "system_busy", "code": 1013})
    assert caught.value.retryable
    with pytest.raises(APIStatusError) as caught:
        read({"error": "max_active_conversations", "code": 1008})
    assert caught.value.retryable
    with pytest.raises(APIError, match=r"^ElevenLabs: Too many requests$") as passing:
        read({"error": "Too many requests", "message": "Too many requests", "contextId": "c"})
    assert passing.value.retryable


def test_a_message_belongs_to_its_context_or_to_all() -> None:
    assert context_of('{"audio": "", "contextId": "c"}') == "c"
    assert context_of('{"error": "quota_exceeded"}') is None


@pytest.mark.parametrize(
    ("told", "last"),
    [
        ({"audio": "AAA=", "contextId": "c"}, False),
        ({"audio": None, "isFinal": True, "contextId": "c"}, True),
        ({"error": "Too many requests", "contextId": "c"}, True),
    ],
)
def test_a_context_is_gone_once_it_is_final_or_failed(told: dict[str, Any], *, last: bool) -> None:
    assert is_last(json.dumps(told)) is last


def test_voices_are_told_with_more_than_is_kept() -> None:
    told = {"voice_id": "v", "name": "Will", "category": "premade", "labels": {"age": "young"}}
    assert read_voices({"voices": [told]}) == (Voice(id="v", name="Will", category="premade"),)
    for broken in ({}, {"voices": [{}]}, {"voices": None}):
        with pytest.raises(APIError, match="malformed"):
            read_voices(broken)
