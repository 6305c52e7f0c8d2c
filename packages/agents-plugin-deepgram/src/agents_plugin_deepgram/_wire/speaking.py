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
"""Characters that Deepgram takes in one message."""
_WORDS = re.compile(rf".{{1,{_LONGEST}}}(?:(?<=\s)|\Z)|.{{1,{_LONGEST}}}", re.DOTALL)
"""As much text as goes into one message, cut behind a blank where there is one."""

_BOUNDARY = re.compile(r"[\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
"""A blank, or a character of the East Asian scripts, which write none between words."""

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


def format_text(text: str) -> tuple[Mapping[str, object], ...]:
    """The messages that ask for `text`, none of them longer than Deepgram takes."""
    return tuple({"type": "Speak", "text": piece} for piece in _WORDS.findall(text))


def split_words(text: str) -> tuple[str, str]:
    """The words of `text` that are whole, and the beginning of one that goes on.

    Deepgram pronounces what it has, and would say a word that comes in two pieces as two.
    """
    at = max((found.end() for found in _BOUNDARY.finditer(text)), default=0)
    return text[:at], text[at:]


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
        case "Warning":
            log_warning(told)
        case "Error":
            raise complaint(told)
        case _:
            pass  # of a later version
    return ()
