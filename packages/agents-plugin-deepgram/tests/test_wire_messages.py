"""What Deepgram's messages mean, as it documents them."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from agents_core.errors import APIConnectionError, APIError
from agents_core.stt import SpeechEvent, SpeechEventType, TimedWord
from agents_core.tts import RequestId, SegmentEnd
from agents_plugin_deepgram._wire.listening import parse_recording
from agents_plugin_deepgram._wire.results import Results
from agents_plugin_deepgram._wire.speaking import (
    cut_text,
    format_text,
    parse_message,
    split_words,
)
from agents_plugin_deepgram._wire.turns import Turns
from agents_plugin_deepgram._wire.usage import Meter

START = SpeechEventType.START_OF_SPEECH
INTERIM = SpeechEventType.INTERIM_TRANSCRIPT
PREFLIGHT = SpeechEventType.PREFLIGHT_TRANSCRIPT
FINAL = SpeechEventType.FINAL_TRANSCRIPT
END = SpeechEventType.END_OF_SPEECH

TWO_WORDS = [
    {
        "word": "six",
        "start": 0.56,
        "end": 0.8,
        "confidence": 0.98,
        "speaker": 0,
        "punctuated_word": "Six",
    },
    {"word": "geese", "start": 0.8, "end": 1.1, "confidence": 0.9, "speaker": 1},
    {"word": "fly", "start": 1.1, "end": 1.3, "speaker": 1, "punctuated_word": "fly."},
]
STARTED = {"type": "SpeechStarted", "channel": [0], "timestamp": 0.56}
SUMMARY = {"type": "Metadata", "request_id": "52cc0efe", "duration": 8.5, "channels": 1}
FLUX_WORDS = [
    {"word": "Six", "confidence": 0.9, "start": 0.5, "end": 0.7},
    {"word": "geese", "confidence": 0.7, "start": 0.8, "end": 1.1},
]


def result(
    text: str = "Six geese fly.", *, final: bool = False, last: bool = False, **alternative: object
) -> dict[str, Any]:
    words = TWO_WORDS if text else []
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "duration": 1.5,
        "start": 0.5,
        "is_final": final,
        "speech_final": last,
        "channel": {
            "alternatives": [
                {"transcript": text, "confidence": 0.97, "words": words, **alternative}
            ]
        },
        "metadata": {
            "request_id": "52cc0efe",
            "model_info": {"name": "general-nova-3", "version": "2025-01-09", "arch": "nova-3"},
            "model_uuid": "4899aa60",
        },
        "from_finalize": False,
    }


def turn(event: str, text: str = "", **more: object) -> dict[str, Any]:
    return {
        "type": "TurnInfo",
        "request_id": "dcf06d8b",
        "sequence_id": 11,
        "event": event,
        "turn_index": 0,
        "audio_window_start": 0.0,
        "audio_window_end": 1.44,
        "transcript": text,
        "words": FLUX_WORDS if text else [],
        "end_of_turn_confidence": 0.66,
        **more,
    }


def read(reader: Results | Turns, *messages: dict[str, Any]) -> list[SpeechEvent]:
    return [event for message in messages for event in reader.read(json.dumps(message))]


def kinds(events: list[SpeechEvent]) -> list[SpeechEventType]:
    return [event.type for event in events]


def test_a_transcript_has_words_times_and_the_one_who_speaks() -> None:
    [_, event] = read(Results(language="en-US"), result(final=True))
    [data] = event.alternatives

    assert event.request_id == "52cc0efe"
    assert (data.text, data.language, data.confidence) == ("Six geese fly.", "en-US", 0.97)
    assert (data.start_time, data.end_time, data.speaker_id) == (0.56, 1.3, "S1")
    assert data.words == (
        TimedWord(text="Six", start_time=0.56, end_time=0.8, confidence=0.98),
        TimedWord(text="geese", start_time=0.8, end_time=1.1, confidence=0.9),
        TimedWord(text="fly.", start_time=1.1, end_time=1.3),
    )


def test_a_transcript_without_words_lies_where_its_sound_does() -> None:
    [_, event] = read(Results(language="en"), result(words=[]))

    assert (event.alternatives[0].start_time, event.alternatives[0].end_time) == (0.5, 2.0)
    assert event.alternatives[0].speaker_id is None


def test_who_speaks_is_not_told_of_what_may_change() -> None:
    [_, event] = read(Results(language="en"), result())

    assert event.alternatives[0].speaker_id is None


def test_the_language_that_was_heard_goes_before_the_one_asked_for() -> None:
    [_, event] = read(Results(language="multi"), result(languages=["es", "en"]))

    assert event.alternatives[0].language == "es"


def test_each_beginning_has_one_end() -> None:
    reader = Results(language="en")

    assert kinds(read(reader, STARTED, STARTED, result())) == [START, INTERIM]
    assert kinds(read(reader, result(final=True), result("", final=True, last=True))) == [
        FINAL,
        END,
    ]
    assert kinds(read(reader, result("", final=True, last=True))) == []
    assert kinds(read(reader, result(final=True, last=True))) == [START, FINAL, END]


def test_the_end_of_an_utterance_ends_speech_in_spite_of_noise() -> None:
    reader = Results(language="en")
    ended = {"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 1.3}

    assert kinds(read(reader, result(final=True), ended, ended)) == [START, FINAL, END]


def test_speech_that_goes_on_at_the_end_is_ended() -> None:
    reader = Results(language="en")
    read(reader, STARTED, SUMMARY)

    assert [event.type for event in reader.end()] == [END]
    assert reader.end() == ()


def test_a_goodbye_before_the_summary_says_that_something_is_missing() -> None:
    reader = Results(language="en")
    read(reader, STARTED)

    with pytest.raises(APIConnectionError, match="hung up"):
        reader.end()


def test_the_summary_says_that_all_was_told() -> None:
    reader = Results(language="en")
    assert not reader.over

    assert read(reader, SUMMARY) == []
    assert (reader.over, reader.request_id) == (True, "52cc0efe")


def test_a_recording_has_one_transcript() -> None:
    alternative = result()["channel"]["alternatives"][0]
    answer: dict[str, Any] = {
        "metadata": {"request_id": "a847f427", "duration": 25.9, "channels": 1},
        "results": {"channels": [{"alternatives": [alternative], "detected_language": "es"}]},
    }

    event = parse_recording(json.dumps(answer).encode(), language="en")
    assert (event.type, event.request_id) == (FINAL, "a847f427")
    assert event.alternatives[0].language == "es"
    assert event.alternatives[0].speaker_id == "S1"

    del answer["results"]["channels"][0]["detected_language"]
    event = parse_recording(json.dumps(answer).encode(), language="en")
    assert event.alternatives[0].language == "en"


def test_a_turn_begins_is_about_to_end_resumes_and_ends() -> None:
    reader = Turns(language="en")
    told = read(
        reader,
        {"type": "Connected", "request_id": "dcf06d8b", "sequence_id": 0},
        turn("StartOfTurn"),
        turn("Update", "Six geese"),
        turn("Update"),
        turn("EagerEndOfTurn", "Six geese"),
        turn("TurnResumed", "Six geese"),
        turn("EndOfTurn", "Six geese"),
    )

    assert kinds(told) == [START, INTERIM, PREFLIGHT, INTERIM, FINAL, END]
    assert {event.request_id for event in told} == {"dcf06d8b"}
    [data] = told[-2].alternatives
    assert (data.text, data.language, data.start_time, data.end_time) == (
        "Six geese",
        "en",
        0.5,
        1.1,
    )
    assert data.confidence == pytest.approx(0.8)
    assert data.words[0] == TimedWord(text="Six", start_time=0.5, end_time=0.7, confidence=0.9)


def test_a_turn_whose_beginning_was_not_told_begins_all_the_same() -> None:
    assert kinds(read(Turns(language=""), turn("Update", "Six"))) == [START, INTERIM]
    assert kinds(read(Turns(language=""), turn("EndOfTurn", "Six"))) == [START, FINAL, END]


def test_a_turn_in_which_nothing_was_said_has_no_transcript() -> None:
    reader = Turns(language="")

    assert kinds(read(reader, turn("StartOfTurn"), turn("EagerEndOfTurn"))) == [START]
    assert kinds(read(reader, turn("EndOfTurn"))) == [END]
    assert kinds(read(reader, turn("EndOfTurn"), turn("Tomorrow"))) == []


def test_a_turn_that_goes_on_at_the_end_is_told_as_far_as_it_came() -> None:
    reader = Turns(language="")
    read(reader, turn("StartOfTurn"), turn("Update", "Six geese"))

    ending = reader.end()
    assert [event.type for event in ending] == [FINAL, END]
    assert ending[0].text == "Six geese"
    assert reader.end() == ()
    assert not reader.over


def test_words_without_times_are_not_told() -> None:
    words = [{"word": "Six", "confidence": 0.9}, {"word": "geese", "confidence": 0.7}]
    [_, event] = read(Turns(language="en"), turn("Update", "Six geese", words=words))
    [data] = event.alternatives

    assert (data.words, data.start_time, data.end_time) == ((), 0.0, 1.44)
    assert data.confidence == pytest.approx(0.8)


def test_flux_tells_which_languages_it_hears() -> None:
    [_, event] = read(Turns(language="en"), turn("Update", "Seis", languages=["es", "en"]))

    assert event.alternatives[0].language == "es"


@pytest.mark.parametrize("reader", [Results(language=""), Turns(language="")])
def test_an_error_of_the_listener_is_raised_and_a_warning_logged(
    reader: Results | Turns, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(APIError, match="INTERNAL_SERVER_ERROR: it broke") as caught:
        read(reader, {"type": "Error", "code": "INTERNAL_SERVER_ERROR", "description": "it broke"})
    assert caught.value.body

    with caplog.at_level(logging.WARNING):
        assert read(reader, {"type": "Warning", "description": "slowly"}) == []
    assert "slowly" in caplog.text
    assert read(reader, {"type": "of a later version"}) == []


@pytest.mark.parametrize("message", ['{"type": "Results"}', '{"type": "Turn', "{}", "[]", b"\xff"])
def test_a_malformed_message_is_told_by_what_it_lacks(message: str | bytes) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        Results(language="").read(message)


@pytest.mark.parametrize("message", ['{"type": "TurnInfo"}', '{"type": "TurnInfo", "event": "Up'])
def test_a_malformed_turn_is_told_by_what_it_lacks(message: str) -> None:
    with pytest.raises((LookupError, ValueError)):
        Turns(language="").read(message)


def test_a_voice_tells_its_request_and_the_ends_of_segments(
    caplog: pytest.LogCaptureFixture,
) -> None:
    metadata = {"type": "Metadata", "request_id": "1b1c", "model_name": "aura-asteria-en"}

    assert parse_message(json.dumps(metadata)) == (RequestId("1b1c"),)
    assert parse_message('{"type": "Flushed", "sequence_id": 0}') == (SegmentEnd(),)
    assert parse_message('{"type": "Cleared", "sequence_id": 0}') == ()
    with caplog.at_level(logging.WARNING):
        warning = {"type": "Warning", "code": "SLOW", "description": "a moment"}
        assert parse_message(json.dumps(warning)) == ()
    assert "a moment" in caplog.text
    with pytest.raises(APIError, match="DATA-0001: no such voice"):
        parse_message('{"type": "Error", "err_code": "DATA-0001", "err_msg": "no such voice"}')
    with pytest.raises(APIError, match="without a word"):
        parse_message('{"type": "Error"}')


@pytest.mark.parametrize("words", [("code", "description"), ("warn_code", "warn_msg")])
def test_a_segment_that_will_not_be_said_is_an_error_that_passes(words: tuple[str, str]) -> None:
    code, why = words
    warning = {"type": "Warning", code: "EXCESSIVE_FLUSH", why: "wait a minute"}

    with pytest.raises(APIError, match="EXCESSIVE_FLUSH: wait a minute") as caught:
        parse_message(json.dumps(warning))
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("waiting", "text", "expected"),
    [
        ("", "", ("", "")),
        ("", "Good mor", ("Good ", "mor")),
        ("mor", "ning, ", ("morning, ", "")),
        ("mor", "ning", ("", "morning")),
        ("", "one\ntwo", ("one\n", "two")),
        ("", "你好wor", ("你好", "wor")),
    ],
)
def test_a_word_waits_for_its_end(waiting: str, text: str, expected: tuple[str, str]) -> None:
    assert split_words(waiting, text) == expected


def test_a_word_without_end_does_not_wait_for_ever() -> None:
    waiting, told = "", []
    for _ in range(10_000):
        words, waiting = split_words(waiting, "x")
        told.append(words)
        assert len(waiting) <= 2000
    assert "".join((*told, waiting)) == "x" * 10_000


def test_a_message_of_text_is_no_longer_than_deepgram_takes() -> None:
    text = "word " * 900 + "x" * 4100
    told = [str(message["text"]) for message in format_text(text)]

    assert "".join(told) == text
    assert max(map(len, told)) <= 2000
    assert told[0].endswith("word ")
    assert format_text("") == ()


def test_a_long_text_is_cut_between_sentences() -> None:
    text = "Six geese fly. " * 200
    told = cut_text(text)

    assert "".join(told) == text
    assert all(piece.endswith("fly. ") for piece in told)


def _with(message: dict[str, Any], place: tuple[str | int, ...], value: object) -> str:
    changed = json.loads(json.dumps(message))
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return json.dumps(changed)


_ALTERNATIVE = ("channel", "alternatives", 0)


@pytest.mark.parametrize(
    "place",
    [
        (*_ALTERNATIVE, "transcript"),
        (*_ALTERNATIVE, "confidence"),
        (*_ALTERNATIVE, "words", 0, "start"),
        (*_ALTERNATIVE, "words", 0, "end"),
        (*_ALTERNATIVE, "words", 0, "punctuated_word"),
    ],
)
@pytest.mark.parametrize("value", [["x"], {"a": 1}])
def test_what_is_of_another_kind_than_it_should_be_is_malformed(
    place: tuple[str | int, ...], value: object
) -> None:
    message = _with(result(final=True), place, value)

    with pytest.raises((AttributeError, TypeError, ValueError)):
        Results(language="").read(message)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("transcript",), 5),
        (("audio_window_start",), None),
        (("audio_window_end",), "soon"),
        (("words", 0, "word"), None),
        (("words", 0, "start"), None),
        (("words", 0, "end"), []),
    ],
)
def test_what_is_of_another_kind_in_a_turn_is_malformed(
    place: tuple[str | int, ...], value: object
) -> None:
    told = _with(turn("Update", "Six", words=FLUX_WORDS), place, value)

    with pytest.raises((AttributeError, TypeError, ValueError)):
        Turns(language="").read(told)


def test_usage_is_told_every_five_seconds_and_at_the_end() -> None:
    meter = Meter()
    told = []
    for _ in range(12):
        meter.push(1.0)
        told += meter.take("r")
    told += meter.rest("r")

    assert [event.usage.audio_duration for event in told if event.usage] == [5.0, 5.0, 2.0]
    assert {event.request_id for event in told} == {"r"}
    assert meter.rest("r") == ()
