"""Deepgram's speech: options, text on its way, and what comes back beside the sound."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents_core.tts import RequestId, SegmentEnd, TTSPart
from agents_plugin_deepgram import models
from agents_plugin_deepgram._wire.complaints import complaint, log_warning
from agents_plugin_deepgram._wire.queries import Query, format_query

_LONGEST = 2000
"""Characters that Deepgram takes at once."""
_MOST = rf".{{1,{_LONGEST}}}"
_PIECE = re.compile(rf"{_MOST}(?:(?<=[.!?]\s)|\Z)|{_MOST}(?<=\s)|{_MOST}", re.DOTALL)
"""As much text as goes there at once, cut behind a sentence or a blank where there is one."""

_BOUNDARY = re.compile(r"[\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""A blank, or a character of the East Asian scripts, which write none between words."""

_TOO_OFTEN = "EXCESSIVE_FLUSH"
"""The warning that what was to be said will not be: a socket takes twenty flushes a minute."""

FLUSH: Mapping[str, object] = {"type": "Flush"}
CLOSE: Mapping[str, object] = {"type": "Close"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks, and how; what is None is left to Deepgram."""

    model: str = models.DEFAULT_TTS_MODEL
    sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE
    mip_opt_out: bool | None = None


def format_voice(voice: Voice) -> Query:
    """The query that asks for this voice, as samples on a socket."""
    return format_query(
        {
            "model": voice.model,
            "encoding": models.DEFAULT_ENCODING,
            "sample_rate": voice.sample_rate,
            "mip_opt_out": voice.mip_opt_out,
        }
    )


def format_whole(voice: Voice) -> Query:
    """The query that goes with a whole text: without a container, which over HTTP is a WAV."""
    return (*format_voice(voice), ("container", "none"))


def cut_text(text: str) -> tuple[str, ...]:
    """All of `text`, in pieces that are not longer than Deepgram takes."""
    return tuple(_PIECE.findall(text))


def format_text(text: str) -> tuple[Mapping[str, object], ...]:
    """The messages that ask for `text`."""
    return tuple({"type": "Speak", "text": piece} for piece in cut_text(text))


def split_words(waiting: str, text: str) -> tuple[str, str]:
    """The words that are whole, and the beginning of one that goes on.

    Deepgram pronounces what it has, and would say a word that comes in two pieces as two.

    Args:
        waiting: the beginning of a word.
        text: how it goes on.
    """
    at = max((found.end() for found in _BOUNDARY.finditer(text)), default=0)
    if not at and len(waiting) < _LONGEST:
        return "", waiting + text
    return waiting + text[:at], text[at:]


def parse_message(message: str) -> tuple[TTSPart, ...]:
    """What a message says about the sound.

    Raises:
        APIError: it tells of an error.
        LookupError, TypeError, ValueError: it is malformed.
    """
    told = json.loads(message)
    match told["type"]:
        case "Metadata":
            return (RequestId(told["request_id"]),)
        case "Flushed":
            return (SegmentEnd(),)
        case "Warning" if _TOO_OFTEN in {told.get("code"), told.get("warn_code")}:
            raise complaint(told)  # another socket takes it at once
        case "Warning":
            log_warning(told)
        case "Error":
            raise complaint(told)
        case _:
            pass  # of a later version
    return ()
