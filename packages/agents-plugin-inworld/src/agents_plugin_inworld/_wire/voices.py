"""The voices that Inworld lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_core.http import malformed
from agents_plugin_inworld._wire import PROVIDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One that can speak."""

    id: str
    name: str
    description: str
    languages: tuple[str, ...]
    tags: tuple[str, ...]


def voices_filter(language: str | None) -> dict[str, str]:
    """The query for the voices of a language, or of all."""
    return {} if language is None else {"filter": f"language={language}"}


def read_voices(told: Mapping[str, Any]) -> tuple[Voice, ...]:
    """Those in an answer; Inworld leaves out what is empty.

    Raises:
        APIError: it is malformed.
    """
    with malformed(PROVIDER):
        return tuple(
            Voice(
                id=each["voiceId"],
                name=each.get("displayName", ""),
                description=each.get("description", ""),
                languages=tuple(each.get("languages", ())),
                tags=tuple(each.get("tags", ())),
            )
            for each in told.get("voices", ())
        )
