"""Where the server is, and by what it knows us: from the options, else from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit, urlunsplit

from agents_core.errors import MissingCredentialsError, WorkerError
from agents_core.jobs.credentials import Credentials

URL = "LIVEKIT_URL"
API_KEY = "LIVEKIT_API_KEY"
API_SECRET = "LIVEKIT_API_SECRET"  # noqa: S105 - the name of a variable
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}


def find_credentials(
    *, ws_url: str, api_key: str, api_secret: str, environ: Mapping[str, str] | None = None
) -> Credentials:
    """Each from its argument, or from the environment where that is empty.

    Raises:
        MissingCredentialsError: one of them is in neither place; the message names the variable.
        WorkerError: the URL is none of a server.
    """
    # The one place that reads the environment, besides the command line.
    variables = os.environ if environ is None else environ  # noqa: TID251 - see above
    url = _find(ws_url, URL, "ws_url", variables)
    agent_url(url)
    return Credentials(
        url=url,
        api_key=_find(api_key, API_KEY, "api_key", variables),
        api_secret=_find(api_secret, API_SECRET, "api_secret", variables),
    )


def agent_url(url: str) -> str:
    """Where workers register: ``/agent`` below the server's URL, by websocket.

    >>> agent_url("https://example.org/livekit/")
    'wss://example.org/livekit/agent'

    Raises:
        WorkerError: the URL has no such address.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in _SCHEMES or not parts.hostname:
        raise WorkerError(
            f"{shown(url)!r} is no address of a server, which begins with wss://, ws://, https://"
            f" or http:// and a host: see {URL}, or ws_url in the options"
        )
    path = parts.path.rstrip("/") + "/agent"
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, path, "", ""))


def shown(url: str) -> str:
    """The URL as it may appear in a log: without a user, a password, or a query."""
    parts = _split(url)
    if parts is None:
        return "(unreadable)"
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def bearer(credentials: Credentials) -> str:
    """The value of ``Authorization`` for a worker: a fresh token with nothing but that grant."""
    from livekit.api import AccessToken, VideoGrants

    token = AccessToken(credentials.api_key, credentials.api_secret)
    return f"Bearer {token.with_grants(VideoGrants(agent=True)).to_jwt()}"


def _find(given: str, variable: str, option: str, environ: Mapping[str, str]) -> str:
    value = (given or environ.get(variable, "")).strip()
    if not value:
        raise MissingCredentialsError(
            f"set {variable} in the environment, or {option} in the options"
        )
    return value


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for one that is no number
    except ValueError:
        return None
    return parts
