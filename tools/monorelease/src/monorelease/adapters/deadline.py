"""HTTP whose answers have to be whole in time, however slowly they trickle."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from io import BufferedReader, RawIOBase
from socket import socket
from typing import Any
from urllib.request import AbstractHTTPHandler, HTTPHandler, HTTPSHandler, Request


class _Timed(AbstractHTTPHandler):
    """As its base, with connections whose answers may each take so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def do_open(
        self,
        http_class: Callable[..., HTTPConnection],
        req: Request,
        **more: Any,  # noqa: ANN401 - of one Python, not of the next
    ) -> HTTPResponse:
        """Connect, and answer."""

        def connect(host: str, **words: Any) -> HTTPConnection:  # noqa: ANN401 - as above
            connection = http_class(host, **words)
            # Headers and what ends an answer come this way too, and a proxy's words before them.
            connection.response_class = self._response  # type: ignore[assignment]
            return connection

        return super().do_open(connect, req, **more)

    def _response(self, sock: socket, *words: Any, **more: Any) -> HTTPResponse:  # noqa: ANN401 - as above
        return HTTPResponse(_Source(sock, self._seconds), *words, **more)  # type: ignore[arg-type]


class Http(_Timed, HTTPHandler):
    """For ``http:``."""


class Https(_Timed, HTTPSHandler):
    """For ``https:``."""


class _Source:
    """As much of a socket as an answer needs."""

    def __init__(self, sock: socket, seconds: float) -> None:
        self._socket, self._seconds = sock, seconds

    def makefile(self, _: str) -> BufferedReader:
        return BufferedReader(_Stream(self._socket, self._seconds))


class _Stream(RawIOBase):
    """The bytes that come out of a socket until time is up."""

    def __init__(self, sock: socket, seconds: float) -> None:
        self._socket = sock
        self._file = sock.makefile("rb", buffering=0)
        self._patience = sock.gettimeout() or seconds
        self._end = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]
        # Each wait is bounded by itself, and all of them together.
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(min(self._patience, left))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
