"""Avatars: a face for an agent, somewhere else, that is sent the agent's voice."""

from __future__ import annotations

from agents_core.avatar.invitation import Invitation, avatar_token
from agents_core.avatar.output import DataStreamAudioOutput
from agents_core.avatar.presence import wait_for_avatar
from agents_core.avatar.session import AvatarSession

__all__ = [
    "AvatarSession",
    "DataStreamAudioOutput",
    "Invitation",
    "avatar_token",
    "wait_for_avatar",
]
