"""The key to a vendor: given, or in the environment."""

from __future__ import annotations

import os

from agents_core.errors import MissingCredentialsError


def required_key(key: str | None, *, variable: str, provider: str) -> str:
    """`key`, or what the environment has under `variable`.

    Raises:
        MissingCredentialsError: neither is there, or both are blank.
    """
    found = (key or "").strip() or os.environ.get(variable, "").strip()  # noqa: TID251 - the one place of all plugins
    if not found:
        raise MissingCredentialsError(f"{provider} needs a key: give one, or set {variable}")
    return found
