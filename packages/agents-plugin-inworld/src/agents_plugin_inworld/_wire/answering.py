"""What Inworld answers, as parts of speech."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from agents_core.audio import WavReader
from agents_core.errors import APIStatusError
from agents_core.http import malformed
from agents_core.timing import TimedWord
from agents_core.tts import SegmentEnd, TTSPart, Words
from agents_plugin_inworld._wire import PROVIDER

_BYTES_PER_SAMPLE = 2
_STATUSES: Final[Mapping[int, HTTPStatus]] = MappingProxyType(
    {
        3: HTTPStatus.BAD_REQUEST,  # INVALID_ARGUMENT
        4: HTTPStatus.GATEWAY_TIMEOUT,  # DEADLINE_EXCEEDED
        5: HTTPStatus.NOT_FOUND,
        6: HTTPStatus.BAD_REQUEST,  # ALREADY_EXISTS, which is a conflict that lasts
        7: HTTPStatus.FORBIDDEN,  # PERMISSION_DENIED
        8: HTTPStatus.TOO_MANY_REQUESTS,  # RESOURCE_EXHAUSTED
        9: HTTPStatus.BAD_REQUEST,  # FAILED_PRECONDITION
        11: HTTPStatus.BAD_REQUEST,  # OUT_OF_RANGE
        14: HTTPStatus.SERVICE_UNAVAILABLE,
        16: HTTPStatus.UNAUTHORIZED,  # UNAUTHENTICATED
    }
)
"""Of HTTP, for the codes of gRPC in which Inworld's messages tell of errors; others are its own
failures."""
_ARRAYS = (
    ("wordAlignment", "words", "word"),
    ("characterAlignment", "characters", "character"),
)


def context_of(message: str | bytes) -> str | None:
    """Whose a message is; None where it is about the whole socket."""
    told: Mapping[str, Any] = json.loads(message)
    context: str | None = (told.get("result") or {}).get("contextId", told.get("contextId"))
    return context


def is_last(message: str | bytes) -> bool:
    """Whether a context is gone with this message."""
    result: Mapping[str, Any] = json.loads(message).get("result") or {}
    return "contextClosed" in result or bool((result.get("status") or {}).get("code"))


class Answer:
    """What comes of one text, message after message."""

    def __init__(self, *, sample_rate: int) -> None:
        """Begin.

        Args:
            sample_rate: of the sound that comes.
        """
        self._sample_rate = sample_rate
        self._length = 0
        """Of the sound so far, in bytes."""
        self._began = 0.0
        """Seconds before the zero that times count from: they begin anew after a flush."""

    def read(self, message: str | bytes) -> tuple[TTSPart, ...]:
        """The parts in a message of the websocket, where it has any; a `SegmentEnd` is the last.

        Raises:
            APIStatusError: Inworld tells of an error.
            APIError: the message is malformed.
        """
        with malformed(PROVIDER):
            told = _result(json.loads(message))
            if "contextClosed" in told:
                return (SegmentEnd(),)
            if "flushCompleted" in told:
                self._began = self._length / (_BYTES_PER_SAMPLE * self._sample_rate)
            return tuple(self._parts(told["audioChunk"])) if "audioChunk" in told else ()

    def read_line(self, line: str) -> tuple[TTSPart, ...]:
        """The parts in a line of an answer over HTTP.

        Raises:
            APIStatusError: Inworld tells of an error.
            APIError: the line is malformed.
        """
        if not line.strip():
            return ()
        with malformed(PROVIDER):
            return tuple(self._parts(_result(json.loads(line))))

    def _parts(self, chunk: Mapping[str, Any]) -> Iterator[TTSPart]:
        """Times may come with sound, or later by themselves."""
        times = chunk.get("timestampInfo")
        if times and (words := tuple(self._words(times))):
            yield Words(words)
        if sound := chunk.get("audioContent"):
            yield self._samples(base64.b64decode(sound, validate=True))

    def _samples(self, sound: bytes) -> bytes:
        reader = WavReader()  # each piece may be a file of its own
        samples = reader.push(sound) + reader.flush()
        if reader.sample_rate not in {None, self._sample_rate}:
            raise ValueError(f"sound of {reader.sample_rate} samples a second")
        self._length += len(samples)
        return samples

    def _words(self, times: Mapping[str, Any]) -> Iterator[TimedWord]:
        """Some models tell of spaces as of words."""
        for alignment, texts, kind in _ARRAYS:
            told = times.get(alignment) or {texts: ()}
            starts = told.get(f"{kind}StartTimeSeconds", ())
            ends = told.get(f"{kind}EndTimeSeconds", ())
            for text, start, end in zip(told[texts], starts, ends, strict=True):
                if text.strip():
                    word = TimedWord(text=text, start_time=start, end_time=end)
                    yield word.shifted(self._began)


def _result(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a message is about.

    Raises:
        APIStatusError: an error.
    """
    result: Mapping[str, Any] = told.get("result") or {}
    error = told.get("error") or result.get("status") or {}
    if "error" in told or error.get("code"):
        raise _complaint(error)
    return told["result"]  # type: ignore[no-any-return]  # of JSON


def _complaint(error: Mapping[str, Any]) -> APIStatusError:
    code = error.get("http_code") or error.get("code") or -1
    status = code if code not in range(17) else _STATUSES.get(code, HTTPStatus.BAD_GATEWAY)
    message = error.get("message") or "an error without words"
    return APIStatusError(f"{PROVIDER}: {message}", status_code=int(status), body=dict(error))
