"""What ElevenLabs answers, as parts of speech."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents_core.errors import APIError, APIStatusError
from agents_core.http import malformed
from agents_core.tts import SegmentEnd, TTSPart, Words
from agents_plugin_elevenlabs._wire import PROVIDER
from agents_plugin_elevenlabs._wire.asking import Options, sample_rate_of
from agents_plugin_elevenlabs._wire.letters import Letter, Letters

_BYTES_PER_SAMPLE = 2
_POLICY_VIOLATION = 1008
"""The code for what another try would not change: a key, a voice, a model that is none."""
_PASSING = frozenset({"max_active_conversations", "input_timeout_exceeded"})
"""Errors of that code that are about the one socket: too much on it, or nothing for too long."""


def context_of(message: str | bytes) -> str | None:
    """Whose a message is; None where it is about the whole socket."""
    told: Mapping[str, Any] = json.loads(message)
    context: str | None = told.get("contextId")
    return context


def is_last(message: str | bytes) -> bool:
    """Whether a context is gone with this message."""
    told: Mapping[str, Any] = json.loads(message)
    return bool(told.get("isFinal") or told.get("error"))


class Answer:
    """What comes of one text, message after message."""

    def __init__(self, options: Options) -> None:
        self._bytes_per_second = _BYTES_PER_SAMPLE * sample_rate_of(options.encoding)
        self._normalized_first = options.preferred_alignment == "normalized"
        self._length = 0
        """Of the sound so far, in bytes."""
        self._letters = Letters()

    def read(self, message: str | bytes) -> tuple[TTSPart, ...]:
        """The parts in a message of the websocket, where it has any; a `SegmentEnd` is the last.

        Raises:
            APIError: ElevenLabs tells of an error, or the message is malformed.
        """
        with malformed(PROVIDER):
            told = json.loads(message)
            if told.get("error"):
                raise _complaint(told)
            aligned = self._preferred(told, "normalizedAlignment")
            parts = self._parts(_in_milliseconds(aligned), told.get("audio"))
            return (*parts, *self.end(), SegmentEnd()) if told.get("isFinal") else tuple(parts)

    def read_line(self, line: str) -> tuple[TTSPart, ...]:
        """The parts in a line of an answer over HTTP that tells times.

        Raises:
            APIError: the line is malformed.
        """
        if not line.strip():
            return ()
        with malformed(PROVIDER):
            told = json.loads(line)
            aligned = self._preferred(told, "normalized_alignment")
            return tuple(self._parts(_in_seconds(aligned), told["audio_base64"]))

    def end(self) -> tuple[Words, ...]:
        """The last word, after which no space came."""
        words = tuple(self._letters.flush())
        return (Words(words),) if words else ()

    def _preferred(self, told: Mapping[str, Any], normalized: str) -> Mapping[str, Any] | None:
        both = told.get(normalized), told.get("alignment")
        first, second = both if self._normalized_first else both[::-1]
        return first or second

    def _parts(self, letters: Sequence[Letter], audio: str | None) -> Iterator[TTSPart]:
        if words := tuple(self._letters.push(letters, self._length / self._bytes_per_second)):
            yield Words(words)
        if audio:
            sound = base64.b64decode(audio, validate=True)
            self._length += len(sound)
            yield sound


def _in_milliseconds(aligned: Mapping[str, Any] | None) -> tuple[Letter, ...]:
    """Some of its documents have an `s` in these names, and some have none."""
    if aligned is None:
        return ()
    starts = aligned["charStartTimesMs" if "charStartTimesMs" in aligned else "charsStartTimesMs"]
    lengths = aligned["charDurationsMs" if "charDurationsMs" in aligned else "charsDurationsMs"]
    return tuple(
        Letter(text, start / 1000, (start + length) / 1000)
        for text, start, length in zip(aligned["chars"], starts, lengths, strict=True)
    )


def _in_seconds(aligned: Mapping[str, Any] | None) -> tuple[Letter, ...]:
    if aligned is None:
        return ()
    starts = aligned["character_start_times_seconds"]
    ends = aligned["character_end_times_seconds"]
    letters = zip(aligned["characters"], starts, ends, strict=True)
    return tuple(itertools.starmap(Letter, letters))


def _complaint(told: Mapping[str, Any]) -> APIError:
    words = dict.fromkeys(str(told[name]) for name in ("error", "message") if told.get(name))
    message = f"{PROVIDER}: {': '.join(words)}"
    if (code := told.get("code")) is None:
        return APIError(message, body=dict(told))
    final = code == _POLICY_VIOLATION and told.get("error") not in _PASSING
    return APIStatusError(message, status_code=code, body=dict(told), retryable=not final)
