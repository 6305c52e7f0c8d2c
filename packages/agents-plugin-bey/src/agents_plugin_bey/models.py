"""What an avatar session with Beyond Presence starts from."""

from __future__ import annotations

from typing import Final

DEFAULT_BASE_URL: Final = "https://api.bey.dev"
"""Where the service answers."""

DEFAULT_AVATAR_ID: Final = "694c83e2-8895-4a98-bd16-56332ca3f449"
"""The stock avatar."""

DEFAULT_AVATAR_IDENTITY: Final = "bey-avatar-agent"
"""The avatar's identity as a participant of the room, and its name."""

DEFAULT_SAMPLE_RATE: Final = 24_000
"""Samples a second of the speech sent to the avatar."""
