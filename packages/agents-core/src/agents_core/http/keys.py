"""The key to a vendor and where it answers: given, or in the environment."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from agents_core.errors import MissingCredentialsError


def required_key(key: str | None, *, variable: str, provider: str) -> str:
    """`key`, or what the environment has under `variable`.

    Raises:
        MissingCredentialsError: neither is there, or both are blank.
    """
    found = (key or "").strip() or os.environ.get(variable, "").strip()  # noqa: TID251 - all plugins ask here
    if not found:
        raise MissingCredentialsError(f"{provider} needs a key: give one, or set {variable}")
    return found


def base_url(url: str | None, *, variable: str, default: str) -> str:
    """Where a vendor answers: `url`, or what the environment has under `variable`, or `default`.

    It comes without a slash at its end, so that a path that begins with one can follow.

    Raises:
        ValueError: it is no URL of HTTP or a websocket, or holds what does not belong there, such
            as a key: URLs are logged.
    """
    found = (url or "").strip() or os.environ.get(variable, "").strip() or default  # noqa: TID251 - as above
    parts = urlsplit(found)
    if parts.scheme not in {"http", "https", "ws", "wss"} or not parts.hostname:
        raise ValueError(f"{found!r} is no URL of HTTP or a websocket; look at {variable}")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(f"a base URL has no user, query or fragment; look at {variable}")
    return found.rstrip("/")
