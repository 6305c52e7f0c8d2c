"""What an avatar session with Hedra starts from."""

from __future__ import annotations

from typing import Final

DEFAULT_BASE_URL: Final = "https://api.hedra.com/public/livekit/v1"
"""Where the service answers."""

DEFAULT_SAMPLE_RATE: Final = 16_000
"""Samples a second of the speech sent to the avatar."""

DEFAULT_IMAGE_NAME: Final = "avatar.jpg"
"""File name under which a picture of the avatar is uploaded."""
