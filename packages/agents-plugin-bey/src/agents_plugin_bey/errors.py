"""What a user of Beyond Presence may have to catch by its own name."""

from __future__ import annotations

from agents_core.errors import MissingCredentialsError


class BeyException(MissingCredentialsError):
    """There is no key to Beyond Presence; what the service says is an `APIError`."""
