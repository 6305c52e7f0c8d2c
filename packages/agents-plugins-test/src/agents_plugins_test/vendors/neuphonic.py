"""Neuphonic: a whole text in a request, answered by events, or utterances over a websocket."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.testing.tones import spell, tail
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor, pieces

if TYPE_CHECKING:
    from aiohttp import web

_STOP = "<STOP>"
_VOICE = frozenset({"model", "lang_code", "encoding", "sampling_rate", "speed"})
"""What is asked for in every request."""


class NeuphonicServer(LocalVendor):
    """``POST /sse/speak/{lang}`` and the websocket ``/speak/{lang}``."""

    def __init__(self, *, api_key: str | None = None) -> None:
        """See `LocalVendor`."""
        super().__init__(api_key=api_key)
        self.sockets: list[web.WebSocketResponse] = []
        """All that were opened."""
        self.messages: list[Mapping[str, Any]] = []
        """All that came over websockets, in order."""

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            self.answer("POST", "/sse/speak/{lang}", self._speak),
            self.converse("/speak/{lang}", self._converse),
        ]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`."""
        return request.headers.get("X-API-KEY")

    async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        if wrong := self._wrong(request, body, required={"text", *_VOICE}):
            return web.json_response({"status_code": 422, "errors": [wrong]}, status=422)
        if page := answer.bad(broken="<html>", lacking=""):
            return web.Response(text=page, content_type="text/html")
        self._note(body)

        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        async for message in self._sayings([body["text"] + _STOP], answer, body):
            if not response.prepared:
                await response.prepare(request)
            kind = "error" if "errors" in message else "message"
            await response.write(f"event: {kind}\r\ndata: {message}\r\n\r\n".encode())
        await answer.finish()
        return response

    async def _converse(self, socket: web.WebSocketResponse, answer: Answer) -> None:
        self.sockets.append(socket)
        request = answer.request
        asked = _numbered(request.query)
        if wrong := self._wrong(request, asked, required=_VOICE):
            await socket.send_json({"type": "error", "status_code": 422, "message": wrong})
            return
        self._note(asked)
        async for message in socket:
            told = json.loads(message.data)
            self.messages.append(told)
            async for saying in self._sayings([told["text"]], answer, asked, told["context_id"]):
                await socket.send_str(saying)

    async def _sayings(
        self,
        texts: Iterable[str],
        answer: Answer,
        asked: Mapping[str, Any],
        context: str | None = None,
    ) -> AsyncIterator[str]:
        """The messages that bring the sound of `texts`; or the one that is wanted instead."""
        if answer.complains:
            yield json.dumps({"status_code": 400, "errors": ["no such voice"]})
            return
        if bad := answer.bad(broken='{"status_code": 200, "da', lacking='{"status_code": 200}'):
            yield bad
            return
        for text in texts:
            words, stop, _ = text.partition(_STOP)
            self.texts.append(words)
            rate = asked["sampling_rate"]
            sound = spell(words, sample_rate=rate).data
            for piece in pieces(sound + (tail(sample_rate=rate).data if stop else b"")):
                await answer.part()
                yield self._saying(piece, context=context, stop=False)
                self.sent += piece
            if stop:
                yield self._saying(b"", context=context, stop=True)

    def _saying(self, sound: bytes, *, context: str | None, stop: bool) -> str:
        data = {"audio": base64.b64encode(sound).decode(), "text": "", "stop": stop}
        named = {} if context is None else {"context_id": context}
        return json.dumps({"status_code": 200, "data": {**data, **named}})

    def _wrong(
        self, request: web.Request, asked: Mapping[str, Any], *, required: Iterable[str]
    ) -> str:
        if lacking := sorted(set(required) - asked.keys()):
            return f"{lacking} are required"
        if asked["encoding"] != "pcm_linear":
            return f"no such encoding: {asked['encoding']}"
        path = request.match_info["lang"]
        return "" if asked["lang_code"] == path else f"{path} is not {asked['lang_code']}"

    def _note(self, asked: Mapping[str, Any]) -> None:
        self.asked_for = {**asked, "sample_rate": asked["sampling_rate"]}


def _numbered(query: Mapping[str, str]) -> Mapping[str, Any]:
    numbers = {"speed": float, "sampling_rate": int}
    return {name: numbers.get(name, str)(value) for name, value in query.items()}
