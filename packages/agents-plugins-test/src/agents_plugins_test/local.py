"""A vendor on loopback: the server life, the counting and the faults that all of them have."""

# ruff: noqa: D102 - what a hook promises is written in `Vendor`

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from agents_core.testing.vendor import Reply
from agents_plugins_test.answers import Answer, LineCut
from agents_plugins_test.faults import FaultyVendor, retry_header

if TYPE_CHECKING:
    from aiohttp import web

    Say: TypeAlias = Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]
    Converse: TypeAlias = Callable[[web.WebSocketResponse, Answer], Awaitable[None]]

_CLOSING = 0.2
"""Seconds for requests that are open when the server ends."""
_ODD_SIZE = 4801
_LARGEST_MESSAGE = 16 * 2**20


class LocalVendor(FaultyVendor):
    """A server to subclass: `routes` says what it answers, and handlers tell what they saw.

    Handlers fill `asked_for` (what `settings` tells), `texts`, `sent` and `heard`, and take what
    `will_answer` was given from `replies`. `async with` starts and ends it; `url` is where it is.
    Credentials are looked at, as a vendor does: a request without a key is refused.
    """

    def __init__(self, *, api_key: str | None = None) -> None:
        """Describe it.

        Args:
            api_key: the one that is let in; None for any.
        """
        super().__init__()
        self.asked_for: Mapping[str, object] = {}
        self.texts: list[str] = []
        self.sent = bytearray()
        self.heard = bytearray()
        self.replies: deque[Reply] = deque()
        self.seen: list[web.Request] = []
        """All requests, refused ones included: methods, URLs, headers."""
        self.delays: list[float] = []
        """How long each answer took to begin, in seconds: what is not a plugin's doing."""
        self._api_key = api_key
        self._asked = 0
        self._open = 0
        self._runner: web.AppRunner | None = None
        self.url = ""
        """``http://127.0.0.1:port``, while it runs; websockets are asked for there as well."""

    def routes(self) -> Iterable[web.RouteDef]:
        """What it answers, made with `answer` and `converse`."""
        raise NotImplementedError(f"{type(self).__name__}.routes() says what it answers")

    def key_of(self, request: web.Request) -> str | None:
        """The key that a request brings; None where there is none, or in the wrong place."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        return key if scheme == "Bearer" and key else None

    def refusal(self, status: int) -> Mapping[str, object]:
        """The body of a refusal, as the vendor words it."""
        return {"error": {"message": f"refused with {status}"}}

    # What the routes are made of.

    def answer(self, method: str, path: str, say: Say, *, needs_key: bool = True) -> web.RouteDef:
        """A route that is asked over HTTP."""
        from aiohttp import web

        async def handle(request: web.Request) -> web.StreamResponse:
            self._check_key(request, needs_key=needs_key)
            response: web.StreamResponse = web.Response()  # where the line is cut
            async with self.answering(request, refuse_by_status=True) as answer:
                response = await say(request, answer)
            return response  # noqa: RET504 - leaving the block may swallow that it was cut

        return web.route(method, path, handle)

    def converse(self, path: str, converse: Converse, *, many: bool = False) -> web.RouteDef:
        """A route that is a websocket.

        Args:
            path: of the route.
            converse: answers; returning closes the socket.
            many: one socket serves many requests, each of which is an `answering` of its own; then
                the answer that `converse` is given meets no fault but a refusal.
        """
        from aiohttp import web

        async def handle(request: web.Request) -> web.StreamResponse:
            self._check_key(request, needs_key=True)
            socket = web.WebSocketResponse(max_msg_size=_LARGEST_MESSAGE)
            if many:
                self.seen.append(request)
                self._refuse_if_due()
                await socket.prepare(request)
                await self._uncut(converse(socket, Answer(request, None, unheld=self.unheld)))
                return socket
            async with self.answering(request, refuse_by_status=True) as answer:
                await socket.prepare(request)
                await converse(socket, answer)
            return socket

        return web.get(path, handle)

    @contextlib.asynccontextmanager
    async def answering(
        self, request: web.Request, *, refuse_by_status: bool = False
    ) -> AsyncIterator[Answer]:
        """One request, counted and open until the block is left; the next fault is for it.

        Args:
            request: it, or the one that opened the socket that it came by.
            refuse_by_status: raise a refusal as the response; else the answer has it as its fault.
        """
        if refuse_by_status:
            self.seen.append(request)
            self._refuse_if_due()
        self._asked += 1
        answer = Answer(request, self.take_fault(), unheld=self.unheld)
        self._open += 1
        try:
            with contextlib.suppress(LineCut):
                yield answer
                await answer.finish()
        finally:
            self._open -= 1
            self.delays += [] if answer.delay is None else [answer.delay]

    # What a suite asks for.

    def requests(self) -> int:
        return self._asked

    def open_connections(self) -> int:
        return self._open

    def urls(self) -> tuple[str, ...]:
        return tuple(str(request.url) for request in self.seen)

    def settings(self) -> Mapping[str, object]:
        return self.asked_for

    def text_received(self) -> str:
        return "".join(self.texts)

    def sound_sent(self) -> bytes:
        return bytes(self.sent)

    def sound_received(self) -> bytes:
        return bytes(self.heard)

    def will_answer(self, reply: Reply) -> None:
        self.replies.append(reply)

    # Its life.

    async def __aenter__(self) -> Self:
        from aiohttp import web

        app = web.Application(client_max_size=_LARGEST_MESSAGE)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(
            app, shutdown_timeout=_CLOSING, handler_cancellation=True, access_log=None
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def _check_key(self, request: web.Request, *, needs_key: bool) -> None:
        key = self.key_of(request)
        if needs_key and (key is None or self._api_key not in {None, key}):
            raise self._refused(401)

    def _refuse_if_due(self) -> None:
        if fault := self.take_refusal():
            self._asked += 1
            raise self._refused(fault.status, retry_header(fault))

    def _refused(self, status: int, headers: Mapping[str, str] | None = None) -> Exception:
        import json

        from aiohttp import web

        class Refused(web.HTTPException):
            status_code = status

        return Refused(
            text=json.dumps(self.refusal(status)),
            content_type="application/json",
            headers={"X-Request-Id": f"request-{self._asked}", **(headers or {})},
        )

    async def _uncut(self, conversation: Awaitable[Any]) -> None:
        with contextlib.suppress(LineCut):
            await conversation


def pieces(sound: bytes, size: int = _ODD_SIZE) -> Iterator[bytes]:
    """`sound` in pieces that end in the middle of a sample, as a network cuts it."""
    for start in range(0, len(sound), size):
        yield sound[start : start + size]
