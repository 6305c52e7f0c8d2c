"""What a vendor's generator of speech may yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from agents_core.timing import TimedWord


@dataclass(frozen=True, slots=True)
class Words:
    """When words are said: seconds since the beginning of the segment."""

    words: tuple[TimedWord, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The text whose sound begins with the bytes that follow."""

    text: str


@dataclass(frozen=True, slots=True)
class RequestId:
    """By which the service knows the request from here on."""

    id: str


@dataclass(frozen=True, slots=True)
class SegmentEnd:
    """All sound of a segment has come: one for each Flush that the generator reads."""


TTSPart: TypeAlias = bytes | Words | Spoken | RequestId | SegmentEnd
"""Bytes are signed 16-bit little-endian samples at the port's rate and channels, of any length: the
core cuts frames, keeps half a sample until its other half comes, and loses no tail."""
