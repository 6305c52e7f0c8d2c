"""What a user of Anam may have to catch by its own name."""

from __future__ import annotations

from agents_core.errors import MissingCredentialsError


class AnamException(MissingCredentialsError):
    """There is no key to Anam; what the service says is an `APIError`."""
