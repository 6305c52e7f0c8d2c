"""What an avatar session with Anam starts from."""

from __future__ import annotations

from typing import Final

DEFAULT_BASE_URL: Final = "https://api.anam.ai"
"""Where Anam's service answers."""

DEFAULT_AVATAR_IDENTITY: Final = "anam-avatar-agent"
"""The avatar's identity and name as a participant of the room."""

PERSONA_LLM: Final = "CUSTOMER_CLIENT_V1"
"""The persona's language model when the agent does the talking, as it always does here."""

PERSONA_TYPE: Final = "ephemeral"
"""A persona that is described with the session, and not kept by Anam."""

DEFAULT_SAMPLE_RATE: Final = 24_000
"""Samples a second of the speech sent to the avatar."""
