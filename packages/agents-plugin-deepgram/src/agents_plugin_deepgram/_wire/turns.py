"""Flux, the second version of Deepgram's listening: options, and the turns that it tells of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_core.stt import SpeechData, SpeechEvent, SpeechEventType, TimedWord
from agents_plugin_deepgram import models
from agents_plugin_deepgram._wire.complaints import complaint, log_warning
from agents_plugin_deepgram._wire.listening import first_language
from agents_plugin_deepgram._wire.queries import Query, check_tags, format_query, several


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTaking:
    """How to listen for turns; what is None or empty is left to Deepgram.

    Raises:
        ValueError: a tag is too long, or a turn would be likely to end after it has ended.
    """

    model: str = models.DEFAULT_FLUX_MODEL
    sample_rate: int = models.DEFAULT_STT_SAMPLE_RATE
    eager_eot_threshold: float | None = None
    eot_threshold: float | None = None
    eot_timeout_ms: int | None = None
    keyterm: tuple[str, ...] = ()
    language_hint: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mip_opt_out: bool | None = None

    def __post_init__(self) -> None:
        for name in ("keyterm", "language_hint", "tags"):
            object.__setattr__(self, name, several(getattr(self, name)))
        check_tags(self.tags)
        eager, ended = self.eager_eot_threshold, self.eot_threshold
        limit = models.DEFAULT_FLUX_EOT_THRESHOLD if ended is None else ended
        if eager is not None and eager > limit:
            raise ValueError(f"eager_eot_threshold {eager} is above eot_threshold {limit}")


def format_turns(options: TurnTaking, language: str | None) -> Query:
    """The query that asks to listen; `language` goes before the hints of the options."""
    return format_query(
        {
            "model": options.model,
            "encoding": models.DEFAULT_ENCODING,
            "sample_rate": options.sample_rate,
            "eager_eot_threshold": options.eager_eot_threshold,
            "eot_threshold": options.eot_threshold,
            "eot_timeout_ms": options.eot_timeout_ms,
            "keyterm": options.keyterm,
            "language_hint": _hints(options, language),
            "tag": options.tags,
            "mip_opt_out": options.mip_opt_out,
        }
    )


def _hints(options: TurnTaking, language: str | None) -> tuple[str, ...]:
    if language is None:
        return options.language_hint
    # A model of one language takes no hint, not even of that one.
    known = options.model.endswith(f"-{language.partition('-')[0]}")
    return () if known else (language,)


class Turns:
    """Understands the messages of one connection, in their order.

    Attributes:
        request_id: by which Deepgram knows the connection; empty until it tells.
        over: never true: Flux closes the connection when all was told.
    """

    over = False

    def __init__(self, *, language: str) -> None:
        """Begin.

        Args:
            language: what was asked for; the one of a transcript that tells none.
        """
        self.request_id = ""
        self._language = language
        self._speaking = False
        self._latest: SpeechData | None = None

    def read(self, message: str | bytes) -> tuple[SpeechEvent, ...]:
        """The events that a message makes.

        Raises:
            APIError: it tells of an error.
            LookupError, TypeError, ValueError: it is malformed.
        """
        told = json.loads(message)
        self.request_id = str(told.get("request_id") or self.request_id)
        match told["type"]:
            case "TurnInfo":
                return self._turn(told)
            case "Warning":
                log_warning(told)
            case "Error":
                raise complaint(told)
            case _:
                pass  # of a later version
        return ()

    def end(self) -> tuple[SpeechEvent, ...]:
        """The end of a turn that goes on: its latest transcript is its last one."""
        if not self._speaking:
            return ()
        ending = SpeechEvent(type=SpeechEventType.END_OF_SPEECH, request_id=self.request_id)
        events = (*self._said(SpeechEventType.FINAL_TRANSCRIPT), ending)
        self._speaking, self._latest = False, None
        return events

    def _turn(self, told: Mapping[str, Any]) -> tuple[SpeechEvent, ...]:
        data = parse_turn(told, language=self._language)
        begun = self._begin() if data.text or told["event"] == "StartOfTurn" else ()
        if data.text:
            self._latest = data
        match told["event"]:
            case "EndOfTurn":
                return (*begun, *self.end())
            case "EagerEndOfTurn":
                return (*begun, *self._said(SpeechEventType.PREFLIGHT_TRANSCRIPT))
            case "StartOfTurn" | "Update" | "TurnResumed" if data.text:
                return (*begun, *self._said(SpeechEventType.INTERIM_TRANSCRIPT))
        return begun

    def _begin(self) -> tuple[SpeechEvent, ...]:
        if self._speaking:
            return ()
        self._speaking = True
        return (SpeechEvent(type=SpeechEventType.START_OF_SPEECH, request_id=self.request_id),)

    def _said(self, kind: SpeechEventType) -> tuple[SpeechEvent, ...]:
        if self._latest is None:
            return ()
        said = (self._latest,)
        return (SpeechEvent(type=kind, request_id=self.request_id, alternatives=said),)


def parse_turn(told: Mapping[str, Any], *, language: str) -> SpeechData:
    """What was said so far in a turn; of words without times none are told.

    Raises:
        LookupError, TypeError, ValueError: it is something else.
    """
    spoken = told["words"]
    words = tuple(
        TimedWord(
            text=word["word"].strip(),
            start_time=float(word["start"]),
            end_time=float(word["end"]),
            confidence=word["confidence"],
        )
        for word in spoken
        if "start" in word and "end" in word
    )
    start, end = float(told["audio_window_start"]), float(told["audio_window_end"])
    confidence = sum(word["confidence"] for word in spoken) / len(spoken) if spoken else 1.0
    return SpeechData(
        text=told["transcript"].strip(),
        language=first_language(told, language),
        start_time=words[0].start_time if words else start,
        end_time=words[-1].end_time if words else end,
        confidence=confidence,
        words=words,
    )
