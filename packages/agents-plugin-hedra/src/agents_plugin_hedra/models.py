"""What an avatar session with Hedra starts from."""

from __future__ import annotations

from typing import Final

DEFAULT_BASE_URL: Final = "https://api.hedra.com/public/livekit/v1/session"
"""Where a session is asked for."""

DEFAULT_SAMPLE_RATE: Final = 16_000
"""Samples a second of the speech sent to the avatar."""

DEFAULT_IMAGE_NAME: Final = "avatar.jpg"
"""File name under which a picture of the avatar is uploaded."""

DEFAULT_IMAGE_TYPE: Final = "image/jpeg"
"""What such a picture is, unless it says otherwise."""

DEFAULT_AVATAR_IDENTITY: Final = "hedra-avatar-agent"
"""The avatar's identity as a participant of the room, and its name."""
