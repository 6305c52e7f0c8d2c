"""What Neuphonic is asked and answers, in its own words: pure, from values to values."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, get_args
from urllib.parse import quote, urlencode

from agents_core.errors import APIStatusError
from agents_plugin_neuphonic import models

PROVIDER = "Neuphonic"
_STOP = "<STOP>"
"""What ends an utterance; in a text it would end it too soon. A space takes its place there, so
that what is around it cannot become another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks, and how; what is None is left to Neuphonic.

    Raises:
        ValueError: the encoding is none that can be played.
    """

    model: str = models.DEFAULT_TTS_MODEL
    voice_id: str | None = None
    lang_code: str = models.DEFAULT_TTS_LANGUAGE
    speed: float = models.DEFAULT_TTS_SPEED
    encoding: str = models.DEFAULT_TTS_ENCODING
    sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE

    def __post_init__(self) -> None:
        if self.encoding not in get_args(models.TTSEncodings):
            raise ValueError(f"{PROVIDER}: speech in {self.encoding!r} cannot be played")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one message brings."""

    sound: bytes = b""
    last: bool = False
    """Whether the utterance ends with it."""


def format_path(voice: Voice) -> str:
    """The last part of a path, over HTTP and websocket alike: the language."""
    return f"speak/{quote(voice.lang_code, safe='')}"


def format_whole(text: str, voice: Voice) -> dict[str, object]:
    """The body that asks for `text` over HTTP."""
    return {"text": text, **_format_voice(voice)}


def format_query(voice: Voice) -> str:
    """The query of a websocket, which has this voice to its end."""
    return urlencode(_format_voice(voice))


def format_text(text: str, *, utterance: str) -> dict[str, object]:
    """The message that goes on with an utterance, which is known by a name."""
    return {"text": text.replace(_STOP, " "), "context_id": utterance}


def format_end(*, utterance: str) -> dict[str, object]:
    """The message after which the utterance has no more text."""
    return {"text": _STOP, "context_id": utterance}


def read_piece(message: str | bytes, *, utterance: str | None = None) -> Piece:
    """What a message brings, of a websocket or of an event.

    Args:
        message: as it came.
        utterance: whose it should be; what is for another one brings nothing.

    Raises:
        APIStatusError: Neuphonic tells of an error.
        LookupError, TypeError, ValueError, AttributeError: the message is malformed.
    """
    told = json.loads(message)
    status = told.get("status_code", HTTPStatus.OK)
    if told.get("errors") or told.get("type") == "error" or status >= HTTPStatus.BAD_REQUEST:
        raise _complaint(told)
    data = told["data"]
    if utterance is not None and data.get("context_id", utterance) != utterance:
        return Piece()
    sound = base64.b64decode(data.get("audio") or "", validate=True)
    return Piece(sound=sound, last=bool(data.get("stop")))


def _complaint(told: Mapping[str, Any]) -> APIStatusError:
    words = told.get("errors") or told.get("message") or "an error without a word"
    return APIStatusError(
        f"{PROVIDER}: {', '.join(map(str, words)) if isinstance(words, list) else words}",
        status_code=told.get("status_code", -1),
        body=dict(told),
    )


def _format_voice(voice: Voice) -> dict[str, object]:
    fields = {
        "model": voice.model,
        "voice_id": voice.voice_id,
        "lang_code": voice.lang_code,
        "encoding": voice.encoding,
        "sampling_rate": voice.sample_rate,
        "speed": voice.speed,
    }
    return {name: value for name, value in fields.items() if value is not None}
