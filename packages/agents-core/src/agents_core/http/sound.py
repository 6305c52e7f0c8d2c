"""An answer that is sound, and not a message about what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents_core.errors import APIError

if TYPE_CHECKING:
    import aiohttp


def demand_sound(response: aiohttp.ClientResponse, *, provider: str) -> None:
    """Go on where an answer says that it is sound.

    Raises:
        APIError: it says that it is something else, though its status is well.
    """
    kind = response.content_type
    if not kind.startswith("audio/") and kind != "application/octet-stream":
        raise APIError(f"{provider} answered {kind} instead of sound")
