"""What Inworld answers, as it documents it, and what comes of it."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from agents_core.audio import AudioFrame, wav_bytes
from agents_core.errors import APIError, APIStatusError
from agents_core.tts import SegmentEnd, TimedWord, TTSPart, Words
from agents_plugin_inworld._wire.answering import Answer, context_of, is_last
from agents_plugin_inworld._wire.voices import Voice, read_voices

RATE = 8
SECOND = bytes(range(16))
FINE = {"code": 0, "message": "", "details": []}


def encoded(sound: bytes) -> str:
    return base64.b64encode(sound).decode()


def file(*, rate: int = RATE) -> str:
    return encoded(wav_bytes(AudioFrame(SECOND, rate, 1)))


def of_words(*texts: str) -> dict[str, Any]:
    return {
        "wordAlignment": {
            "words": [*texts],
            "wordStartTimeSeconds": [0.25 * at for at in range(len(texts))],
            "wordEndTimeSeconds": [0.25 * at + 0.25 for at in range(len(texts))],
            "phoneticDetails": [],
        }
    }


def word(text: str, start: float) -> TimedWord:
    return TimedWord(text=text, start_time=start, end_time=start + 0.25)


def read(*results: dict[str, Any]) -> list[TTSPart]:
    answer = Answer(sample_rate=RATE)
    told = [{"result": {"contextId": "c", **result, "status": FINE}} for result in results]
    return [part for message in told for part in answer.read(json.dumps(message))]


def test_a_context_speaks_and_is_closed() -> None:
    parts = read(
        {"contextCreated": {"voiceId": "Ashley", "modelId": "inworld-tts-1"}},
        {"audioChunk": {"audioContent": file(), "usage": {}, "timestampInfo": of_words("Hello,")}},
        {"flushCompleted": {}},
        {"contextUpdated": {}},
        {"contextClosed": {}},
    )
    assert parts == [Words((word("Hello,", 0),)), SECOND, SegmentEnd()]


def test_every_piece_may_be_a_file_of_its_own_or_have_no_head() -> None:
    sound = {"audioContent": encoded(SECOND[:3])}
    whole = {"audioContent": file()}
    assert read({"audioChunk": whole}, {"audioChunk": whole}) == [SECOND, SECOND]
    assert read({"audioChunk": sound}, {"audioChunk": sound}) == [SECOND[:3]] * 2
    assert read({"audioChunk": {"usage": {"processedCharactersCount": 3}}}) == []


def test_times_begin_anew_after_a_flush_and_may_come_after_their_sound() -> None:
    parts = read(
        {"audioChunk": {"audioContent": file(), "timestampInfo": of_words("One.")}},
        {"audioChunk": {"audioContent": file()}},
        {"flushCompleted": {}},
        {"audioChunk": {"audioContent": file(), "timestampInfo": {}}},
        {"audioChunk": {"timestampInfo": of_words("Two", " ", "more.")}},
        {"flushCompleted": {}},
    )
    said = [word for part in parts if isinstance(part, Words) for word in part.words]
    assert said == [word("One.", 0), word("Two", 2), word("more.", 2.5)]


def test_over_http_every_line_is_a_piece() -> None:
    answer = Answer(sample_rate=RATE)
    times = {
        "characterAlignment": {
            "characters": ["H", "i", " "],
            "characterStartTimeSeconds": [0, 0.25, 0.5],
            "characterEndTimeSeconds": [0.25, 0.5, 0.75],
        }
    }
    line = {"result": {"audioContent": file(), "usage": {}, "timestampInfo": times}}
    assert answer.read_line(" ") == ()
    assert answer.read_line(json.dumps(line)) == (Words((word("H", 0), word("i", 0.25))), SECOND)


@pytest.mark.parametrize(
    "told",
    [
        "{",
        "[]",
        "{}",
        '{"news": {}}',
        '{"result": {"audioContent": 5, "audioChunk": {"audioContent": 5}}}',
        '{"result": {"audioContent": "A", "audioChunk": {"audioContent": "A"}}}',
        json.dumps(
            {
                "result": {
                    "audioContent": file(rate=9),
                    "audioChunk": {"audioContent": file(rate=9)},
                }
            }
        ),
        json.dumps(
            {
                "result": {
                    "timestampInfo": {"wordAlignment": {"words": ["a"]}},
                    "audioChunk": {"timestampInfo": {"wordAlignment": {"words": ["a"]}}},
                }
            }
        ),
    ],
)
def test_what_is_malformed_is_an_api_error(told: str) -> None:
    with pytest.raises(APIError, match="malformed"):
        Answer(sample_rate=RATE).read(told)
    with pytest.raises(APIError, match="malformed"):
        Answer(sample_rate=RATE).read_line(told)


@pytest.mark.parametrize(
    ("error", "status", "retryable"),
    [
        ({"code": 3, "message": "Unknown voice: Nobody not found!", "details": []}, 400, False),
        ({"code": 16, "message": "Unknown voice: invalid key"}, 401, False),
        ({"code": 6, "message": "Unknown voice: it exists"}, 400, False),
        ({"code": 8, "message": "Unknown voice: too many"}, 429, True),
        ({"code": 13, "message": "Unknown voice: our fault"}, 502, True),
        ({"code": 5, "http_code": 404, "message": "Unknown voice"}, 404, False),
        ({"code": 503, "message": "Unknown voice: later"}, 503, True),
    ],
)
def test_its_own_errors_are_raised(error: dict[str, Any], status: int, *, retryable: bool) -> None:
    answer = Answer(sample_rate=RATE)
    for read_it, told in (
        (answer.read, {"result": {"contextId": "c", "status": error}}),
        (answer.read, {"error": error, "contextId": "c"}),
        (answer.read_line, {"error": error}),
    ):
        with pytest.raises(APIStatusError, match="Inworld: Unknown voice") as caught:
            read_it(json.dumps(told))
        assert (caught.value.status_code, caught.value.retryable) == (status, retryable)
        assert caught.value.body == error


def test_an_error_without_words_is_one() -> None:
    with pytest.raises(APIStatusError, match="without words") as caught:
        Answer(sample_rate=RATE).read_line('{"error": {}}')
    assert caught.value.status_code == -1


def test_a_message_belongs_to_its_context_or_to_all() -> None:
    assert context_of('{"result": {"contextId": "c"}}') == "c"
    assert context_of('{"error": {"code": 3}, "contextId": "c"}') == "c"
    assert context_of('{"error": {"code": 3}}') is None
    assert context_of('{"result": null}') is None


@pytest.mark.parametrize(
    ("told", "last"),
    [
        ({"result": {"contextId": "c", "contextClosed": {}, "status": FINE}}, True),
        ({"result": {"contextId": "c", "status": {"code": 5}}}, True),
        ({"result": {"contextId": "c", "flushCompleted": {}, "status": FINE}}, False),
        ({"error": {"code": 5}}, False),
    ],
)
def test_a_context_is_gone_once_it_is_closed_or_failed(told: dict[str, Any], *, last: bool) -> None:
    assert is_last(json.dumps(told)) is last


def test_voices_are_told_without_what_is_empty() -> None:
    told = {"voiceId": "Hans", "displayName": "Hans", "languages": ["de"], "isCustom": False}
    hans = Voice(id="Hans", name="Hans", description="", languages=("de",), tags=())
    assert read_voices({"voices": [told]}) == (hans,)
    assert read_voices({}) == ()
    for broken in ({"voices": [{}]}, {"voices": None}):
        with pytest.raises(APIError, match="malformed"):
            read_voices(broken)
