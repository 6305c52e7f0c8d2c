"""A vendor's client: one session, limits, and errors as the tree says."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from agents_core.http.bodies import in_pieces
from agents_core.http.mapping import hidden, mapped_errors, refusal
from agents_core.http.socket import Socket

if TYPE_CHECKING:
    import aiohttp

_GOODBYE = 0.5
"""Seconds for the vendor's answer to our close frame: `aclose` of a stream is at once."""
_LONGEST_BODY = 4096
"""Characters of a refusal that are kept."""


class HttpClient:
    """Requests and websockets to one vendor, over connections that are kept and used again.

    It makes an `aiohttp.ClientSession` at the first request, and closes it; one that is given is
    used instead, and left open. TLS is verified, unless a given session says otherwise. Make it
    anywhere; use it in one event loop.
    """

    def __init__(
        self,
        provider: str,
        *,
        session: aiohttp.ClientSession | None = None,
        secrets: tuple[str, ...] = (),
    ) -> None:
        """Describe it.

        Args:
            provider: who answers, for messages.
            session: of the user; None for one of its own.
            secrets: which must not be in an error, should the vendor repeat them.
        """
        self._provider = provider
        self._given = session
        self._own: aiohttp.ClientSession | None = None
        self._secrets = secrets

    @contextlib.asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        *,
        timeout: float,
        secrets: tuple[str, ...] = (),
        **options: Any,  # noqa: ANN401 - as aiohttp types them
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask, and read the answer inside; leaving closes what was not read.

        The block is inside `mapped_errors` too. Redirects are not followed: a key would go along.
        A body may be long; in a form, give what is long as an `io.BytesIO`.

        Args:
            method: of HTTP.
            url: without a key in it.
            timeout: seconds for the connection, and for each silence in the answer.
            secrets: of this request alone, such as a token, beside those of the client.
            options: of `aiohttp.ClientSession.request`, such as `json` and `headers`.

        Raises:
            APIError: whatever went wrong; a status of 300 or more is an `APIStatusError`.
        """
        import aiohttp

        limits = aiohttp.ClientTimeout(total=None, connect=timeout, sock_read=timeout)
        with mapped_errors(self._provider):
            session = self._session
            whole = in_pieces(options, dumps=session.json_serialize)
            asked = session.request(method, url, timeout=limits, allow_redirects=False, **whole)
            async with asked as response:
                if response.status >= HTTPStatus.MULTIPLE_CHOICES:
                    raise await self._refusal(response, secrets)
                yield response

    @contextlib.asynccontextmanager
    async def connect(
        self,
        url: str,
        *,
        timeout: float,
        headers: Mapping[str, str] | None = None,
        secrets: tuple[str, ...] = (),
        **options: Any,  # noqa: ANN401 - likewise
    ) -> AsyncIterator[Socket]:
        """Open a websocket, and close it on leaving, within half a second.

        The block is inside `mapped_errors` too.

        Args:
            url: without a key in it.
            timeout: seconds for the connection, and for what `Socket.expect` expects.
            headers: of the request.
            secrets: of this connection alone, as in `request`.
            options: of `aiohttp.ClientSession.ws_connect`, such as `heartbeat`.

        Raises:
            APIError: whatever went wrong.
        """
        import aiohttp

        limits = aiohttp.ClientWSTimeout(ws_close=_GOODBYE)
        with mapped_errors(self._provider):
            async with asyncio.timeout(timeout):
                inner = await self._session.ws_connect(
                    url, timeout=limits, headers=headers, **options
                )
            async with inner:
                known = (*self._secrets, *secrets)
                yield Socket(inner, provider=self._provider, timeout=timeout, secrets=known)

    async def aclose(self) -> None:
        """Close the session, unless it was given; again is allowed."""
        session, self._own = self._own, None
        if session is not None:
            await session.close()

    @property
    def _session(self) -> aiohttp.ClientSession:
        import aiohttp

        if self._given is not None:
            return self._given
        if self._own is None:
            self._own = aiohttp.ClientSession()
        return self._own

    async def _refusal(
        self, response: aiohttp.ClientResponse, secrets: tuple[str, ...]
    ) -> Exception:
        body = (await response.content.read(_LONGEST_BODY)).decode(errors="replace")
        body = hidden(body, (*self._secrets, *secrets))
        return refusal(self._provider, status=response.status, headers=response.headers, body=body)

    def __repr__(self) -> str:
        return f"<HttpClient {self._provider}>"
