"""Tokens for Vertex AI, of Application Default Credentials."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agents_core.errors import APIConnectionError, APIError
from agents_plugin_google import models

if TYPE_CHECKING:
    from email.message import Message

    from google.auth.credentials import Credentials

PROVIDER = "Vertex AI"

_PATIENCE = 10.0
"""Seconds for one answer of whoever gives tokens."""


class Tokens:
    """Fetched in a thread when the first one is wanted, kept until shortly before they end.

    Use it in one event loop.
    """

    def __init__(self, credentials: Credentials | None = None) -> None:
        self._credentials: Any = credentials  # google-auth has types for half of it
        self._project: str | None = None
        self._fetching = asyncio.Lock()

    async def fetch(self) -> tuple[str, str | None]:
        """A token that holds, and the project that the credentials are of, where they know.

        Raises:
            APIError: there are no credentials, or no token is given for them.
        """
        async with self._fetching:
            if self._credentials is None or not self._credentials.valid:
                await asyncio.to_thread(self._refresh)
            return self._credentials.token, self._project

    def _refresh(self) -> None:
        from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, TransportError

        try:
            self._find()
            self._credentials.refresh(_ask)
        except DefaultCredentialsError:
            raise APIError(
                f"{PROVIDER} needs Application Default Credentials: set"
                " GOOGLE_APPLICATION_CREDENTIALS, or log in with gcloud",
                retryable=False,
            ) from None
        except TransportError:
            raise APIConnectionError(f"{PROVIDER}: who gives tokens cannot be reached") from None
        except GoogleAuthError as error:  # its arguments may hold the answer, with a token
            raise APIError(
                f"{PROVIDER} gave no token: {type(error).__name__}", retryable=error.retryable
            ) from None

    def _find(self) -> None:
        import google.auth
        from google.auth.credentials import with_scopes_if_required

        scopes = (models.VERTEX_SCOPE,)
        if self._credentials is None:
            found = google.auth.default(scopes=scopes, request=_ask)  # type: ignore[arg-type]  # called as its own are
            self._credentials, self._project = found
        else:
            self._credentials = with_scopes_if_required(self._credentials, scopes)  # type: ignore[no-untyped-call]  # of google-auth

    def __repr__(self) -> str:
        return f"<Tokens {PROVIDER}>"


class _Answer:
    """What google-auth wants to know of an answer over HTTP."""

    def __init__(self, status: int, headers: Message, data: bytes) -> None:
        self.status = status
        self.headers = headers
        self.data = data


def _ask(  # as google-auth calls its transports
    url: str,
    method: str = "GET",
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float | None = None,
    **_: object,
) -> _Answer:
    """Ask over HTTP with what Python has: the transports of google-auth bring clients of theirs."""
    from google.auth.exceptions import TransportError

    data = body.encode() if isinstance(body, str) else body
    asked = urllib.request.Request(url, data=data, headers=dict(headers or {}), method=method)  # noqa: S310 - of the user's credentials
    try:
        with urllib.request.urlopen(asked, timeout=min(timeout or _PATIENCE, _PATIENCE)) as answer:  # noqa: S310 - likewise
            return _Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return _Answer(refused.code, refused.headers, refused.read())
    except OSError as error:
        raise TransportError(type(error).__name__) from error  # type: ignore[no-untyped-call]  # of google-auth
