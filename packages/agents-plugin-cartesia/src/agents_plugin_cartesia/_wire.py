"""What Cartesia is asked and answers, in its own words: pure, from values to values."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from agents_core.errors import APIStatusError
from agents_core.tts import SegmentEnd, TimedWord, TTSPart, Words
from agents_plugin_cartesia import models

PROVIDER = "Cartesia"
_BYTES_PER_SAMPLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks, and how; what is None or empty is left to Cartesia.

    Raises:
        ValueError: the encoding is none that can be played.
    """

    model: str = models.DEFAULT_TTS_MODEL
    voice: str | Sequence[float] = models.DEFAULT_TTS_VOICE
    """By its id, or by its embedding."""
    language: str | None = models.DEFAULT_TTS_LANGUAGE
    speed: float | str | None = None
    emotion: str | Sequence[str] | None = None
    volume: float | None = None
    pronunciation_dict_id: str | None = None
    max_buffer_delay_ms: int | None = None
    encoding: str = models.DEFAULT_TTS_ENCODING
    sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE
    word_timestamps: bool = True
    api_version: str = models.API_VERSION

    def __post_init__(self) -> None:
        if self.encoding not in get_args(models.TTSEncodings):
            raise ValueError(f"{PROVIDER}: speech in {self.encoding!r} cannot be played")


def format_whole(text: str, voice: Voice) -> dict[str, object]:
    """The body that asks for `text` over HTTP."""
    return {**_format_voice(voice), "transcript": text}


def format_transcript(text: str, voice: Voice, *, context: str, more: bool) -> dict[str, object]:
    """The message that goes on with a context.

    Args:
        text: which follows what was sent before, without anything between them.
        voice: the same for all of a context.
        context: its name.
        more: whether there is more text to come.
    """
    return {
        **_format_voice(voice),
        **_filled(max_buffer_delay_ms=voice.max_buffer_delay_ms),
        "transcript": text,
        "context_id": context,
        "continue": more,
        "add_timestamps": voice.word_timestamps,
    }


def format_cancel(context: str) -> dict[str, object]:
    """The message that ends a context before its time."""
    return {"context_id": context, "cancel": True}


def context_of(message: str | bytes) -> str | None:
    """The context that a message is for; None where it is for all of them.

    Raises:
        ValueError: it is no JSON.
        AttributeError: it is no object.
    """
    context: str | None = json.loads(message).get("context_id")
    return context


class Answer:
    """What comes of one context, message after message."""

    def __init__(self, *, sample_rate: int) -> None:
        """Begin.

        Args:
            sample_rate: of the sound that comes.
        """
        self._bytes_per_second = _BYTES_PER_SAMPLE * sample_rate
        self._length = 0
        """Of the sound so far, in bytes."""
        self._began = 0.0
        """Seconds before the zero that words are told from."""

    def read(self, message: str | bytes, *, whole: bool) -> tuple[TTSPart, ...]:
        """The parts of speech in a message; what is unknown has none.

        Args:
            message: of this context.
            whole: whether all text was sent. A context that had to wait too long for its text is
                done before that; what is sent to it then is answered as if it was a new one.

        Raises:
            APIStatusError: Cartesia tells of an error.
            LookupError, TypeError, ValueError, AttributeError: the message is malformed.
        """
        told = json.loads(message)
        match told["type"]:
            case "chunk":
                return (self._sound(told["data"]),)
            case "timestamps":
                return (self._words(told["word_timestamps"]),)
            case "done" if whole:
                return (SegmentEnd(),)
            case "done":
                self._began = self._length / self._bytes_per_second
            case "error":
                raise _complaint(told)
            case _:
                pass
        return ()

    def _sound(self, data: str) -> bytes:
        sound = base64.b64decode(data, validate=True)
        self._length += len(sound)
        return sound

    def _words(self, told: Mapping[str, Any]) -> Words:
        times = zip(told["words"], told["start"], told["end"], strict=True)
        return Words(
            tuple(
                TimedWord(text=word, start_time=self._began + start, end_time=self._began + end)
                for word, start, end in times
                if word.strip()
            )
        )


def _complaint(told: Mapping[str, Any]) -> APIStatusError:
    """Older versions of the API say it in `error`, newer ones in `title` and `message`."""
    words = [told[name] for name in ("error", "title", "message") if told.get(name)]
    return APIStatusError(
        f"{PROVIDER}: {': '.join(map(str, words))}",
        status_code=told.get("status_code", -1),
        request_id=told.get("request_id"),
        body=dict(told),
    )


def _format_voice(voice: Voice) -> dict[str, object]:
    old = voice.api_version <= models.EMBEDDINGS_API_VERSION
    return _filled(
        model_id=voice.model,
        voice={**_format_speaker(voice), **(_format_controls(voice) if old else {})},
        output_format={
            "container": "raw",
            "encoding": voice.encoding,
            "sample_rate": voice.sample_rate,
        },
        language=voice.language,
        pronunciation_dict_id=voice.pronunciation_dict_id,
        **({} if old else _format_manner(voice)),
    )


def _format_speaker(voice: Voice) -> dict[str, object]:
    if isinstance(voice.voice, str):
        return {"mode": "id", "id": voice.voice}
    return {"mode": "embedding", "embedding": [*voice.voice]}


def _format_controls(voice: Voice) -> dict[str, object]:
    controls = _filled(speed=voice.speed, emotion=[*_emotions(voice)])
    return _filled(__experimental_controls=controls)


def _format_manner(voice: Voice) -> dict[str, object]:
    """Speed by name stands alone, since models know it that know no numbers."""
    name, number = (voice.speed, None) if isinstance(voice.speed, str) else (None, voice.speed)
    emotion = next(iter(_emotions(voice)), None)
    config = _filled(speed=number, emotion=emotion, volume=voice.volume)
    return _filled(speed=name, generation_config=config)


def _emotions(voice: Voice) -> Sequence[str]:
    return (voice.emotion,) if isinstance(voice.emotion, str) else voice.emotion or ()


def _filled(**fields: object) -> dict[str, object]:
    """Those that say something: 0 does."""
    return {name: value for name, value in fields.items() if value not in (None, [], {})}
