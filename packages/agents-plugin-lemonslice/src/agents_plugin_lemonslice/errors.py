"""What a user of LemonSlice may have to catch by its own name."""

from __future__ import annotations

from agents_core.errors import AgentsError, MissingCredentialsError


class LemonSliceException(AgentsError, ValueError):
    """An avatar cannot be described so; what the service says is an `APIError`."""


class MissingKeyError(LemonSliceException, MissingCredentialsError):
    """There is no key to LemonSlice."""
