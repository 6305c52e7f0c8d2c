"""OpenAI's realtime conversation: one websocket, events of JSON both ways."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from agents_core.testing.vendor import Asked
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.openai.realtime_conversation import Conversation

if TYPE_CHECKING:
    from aiohttp import web


class RealtimeRoom(LocalVendor):
    """``/realtime``, as generally available, and as deployed at Azure with a version or without."""

    latest = Asked()
    """The latest request to a model, or what the latest conversation was told since."""
    conversation: Conversation | None = None
    """The latest one."""
    kind: type[Conversation] = Conversation
    """How it is held."""

    def realtime_routes(self, prefix: str = "") -> Iterable[web.RouteDef]:
        """The routes of this room, for `routes` of a server that has it."""
        paths = ("/realtime", "/openai/v1/realtime", "/openai/realtime")
        return tuple(self.converse(f"{prefix}{path}", self._talk, many=True) for path in paths)

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`; Azure has a header of its own."""
        azure = request.path.startswith("/openai/")
        return (request.headers.get("api-key") if azure else None) or super().key_of(request)

    def asked(self) -> Asked:
        """See `Vendor`."""
        return self.latest

    async def _talk(self, socket: web.WebSocketResponse, answer: Answer) -> None:
        request: Any = answer.request
        preview = request.path == "/openai/realtime"
        beta = preview or request.headers.get("OpenAI-Beta") == "realtime=v1"
        needed = {"api-version", "deployment"} if preview else {"model"}
        self.conversation = self.kind(self, socket, request, beta=beta)
        if lacks := needed - set(request.query):
            await self.conversation.complain(f"the URL lacks {sorted(lacks)}", code="missing_model")
            await socket.close(code=3000, message=b"invalid_request_error")
            return
        await self.conversation.hold()
