"""What happens in a conversation, as whoever listens is to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from agents_core.chat import FunctionCall

Usage: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The user began to speak."""


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The user stopped speaking."""


@dataclass(frozen=True, slots=True)
class Transcribed:
    """What the user has said in this turn, so far or in all."""

    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class Began:
    """An answer begins; `asked` where it is the one to our question."""

    asked: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the answer."""

    text: str
    sound: bytes


@dataclass(frozen=True, slots=True)
class Called:
    """The answer calls a tool."""

    call: FunctionCall


@dataclass(frozen=True, slots=True)
class Ended:
    """No more comes of the answer."""

    interrupted: bool


@dataclass(frozen=True, slots=True)
class Rejected:
    """Tools were called that may not be; the model waits to be told."""

    calls: tuple[FunctionCall, ...]


@dataclass(frozen=True, slots=True)
class CalledOff:
    """These calls need no answer any more."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spent:
    """What was used up, by the names that the core has for it."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Resumable:
    """By this handle the conversation can go on as it is now."""

    handle: str


@dataclass(frozen=True, slots=True)
class GoingAway:
    """The connection will be closed soon."""


OfUser: TypeAlias = SpeechStarted | SpeechStopped | Transcribed
OfAnswer: TypeAlias = Began | Said | Called | Ended
Aside: TypeAlias = Rejected | CalledOff | Spent | Resumable | GoingAway
Event: TypeAlias = OfUser | OfAnswer | Aside
