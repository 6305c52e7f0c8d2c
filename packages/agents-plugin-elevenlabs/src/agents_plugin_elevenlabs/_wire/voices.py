"""The voices that ElevenLabs lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents_core.http import malformed
from agents_plugin_elevenlabs._wire import PROVIDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One that can speak."""

    id: str
    name: str
    category: str


def read_voices(told: Mapping[str, Any]) -> tuple[Voice, ...]:
    """Those in an answer.

    Raises:
        APIError: it is malformed.
    """
    with malformed(PROVIDER):
        return tuple(
            Voice(id=each["voice_id"], name=each["name"], category=each["category"])
            for each in told["voices"]
        )
