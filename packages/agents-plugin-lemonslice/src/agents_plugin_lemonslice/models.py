"""What an avatar session with LemonSlice starts from."""

from __future__ import annotations

from typing import Final

DEFAULT_BASE_URL: Final = "https://lemonslice.com/api/liveai/sessions"
"""Where a session is asked for."""

DEFAULT_SAMPLE_RATE: Final = 16_000
"""Samples a second of the speech sent to the avatar."""

VENDOR_IDLE_TIMEOUT_S: Final = 60
"""Idle seconds after which LemonSlice ends a session unless told otherwise."""

DEFAULT_AVATAR_IDENTITY: Final = "lemonslice-avatar-agent"
"""The avatar's identity as a participant of the room, and its name."""
