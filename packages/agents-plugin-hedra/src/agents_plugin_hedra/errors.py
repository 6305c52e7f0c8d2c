"""What a user of Hedra may have to catch by its own name."""

from __future__ import annotations

from agents_core.errors import AgentsError, MissingCredentialsError


class HedraException(AgentsError, ValueError):
    """An avatar cannot be described so; what the service says is an `APIError`."""


class MissingKeyError(HedraException, MissingCredentialsError):
    """There is no key to Hedra."""
