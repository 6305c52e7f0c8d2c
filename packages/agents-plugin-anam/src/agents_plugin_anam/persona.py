"""Who an avatar of Anam is, and how it is shown."""

# ruff: noqa: N815 - fields are called as Anam calls them

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorNotes:
    """How it acts; what is None is left to Anam."""

    expressivity: float | None = None
    """From 0 to 1."""
    presetStyle: str | None = None
    """By name, such as ``warm``; this or a prompt."""
    customStylePrompt: str | None = None
    """In words of your own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaConfig:
    """Which avatar, under which name."""

    name: str
    """For Anam's own records."""
    avatarId: str
    avatarModel: str | None = None
    """That draws it; without, Anam's choice for the avatar."""
    directorNotes: DirectorNotes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """How it is shown; what is None is left to Anam.

    Raises:
        ValueError: of width and height only one is given.
    """

    video_width: int | None = None
    """Pixels; which pairs there are depends on the model."""
    video_height: int | None = None
    show_ai_avatar_disclosure: bool | None = None
    """Whether the picture says that the avatar is made by a machine."""

    def __post_init__(self) -> None:
        if (self.video_width is None) != (self.video_height is None):
            raise ValueError("video_width and video_height are given together, or not at all")
