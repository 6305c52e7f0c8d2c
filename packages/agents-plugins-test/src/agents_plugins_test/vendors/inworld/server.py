"""What Inworld answers, over HTTP and by contexts over a websocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from agents_core.testing.tones import tail
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor
from agents_plugins_test.vendors.inworld.chunks import ENCODINGS, chunks

if TYPE_CHECKING:
    from aiohttp import web

_MOST = 5
_LONGEST_WHOLE, _LONGEST_TEXT = 2000, 1000
_INVALID, _NOT_FOUND, _EXHAUSTED, _UNAVAILABLE, _UNAUTHENTICATED = 3, 5, 8, 14, 16
"""Codes of gRPC."""
_VOICES = (
    {
        "voiceId": "Ashley",
        "displayName": "Ashley",
        "description": "A warm voice",
        "languages": ["en"],
        "tags": ["warm"],
    },
    {"voiceId": "Hans", "displayName": "Hans", "languages": ["de"]},
)


class InworldServer(LocalVendor):
    """``/tts/v1``: ``POST /voice:stream``, ``/voice:streamBidirectional``, and ``/voices``."""

    def __init__(self, *, api_key: str | None = None) -> None:
        """See `LocalVendor`."""
        super().__init__(api_key=api_key)
        self.asks: list[Mapping[str, Any]] = []
        """All bodies, and all messages that create a context, in order."""
        self.sockets = 0
        """How many websockets were opened."""
        self.stopped = 0
        """How many contexts were closed again before they were spoken to their end."""

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            self.answer("POST", "/tts/v1/voice:stream", self._speak),
            self.answer("GET", "/tts/v1/voices", self._list_voices),
            self.converse("/tts/v1/voice:streamBidirectional", self._converse, many=True),
        ]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        return key if scheme == "Basic" and key else None

    def refusal(self, status: int) -> Mapping[str, object]:
        """See `LocalVendor`."""
        return {"code": _UNAUTHENTICATED, "message": f"refused with {status}", "details": []}

    async def _list_voices(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        wanted = request.query.get("filter", "language=").removeprefix("language=")
        found = [each for each in _VOICES if wanted in ("", *each["languages"])]
        bad = answer.bad(broken='{"voices": [', lacking='{"voices": [{}]}')
        told = bad or json.dumps({"voices": found})
        return web.Response(text=told, content_type="application/json")

    async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        text = body["text"]
        if _is_wrong(body) or len(text) > _LONGEST_WHOLE:
            return web.json_response({"code": _INVALID, "message": "Invalid."}, status=400)
        self._note(body)
        self.texts.append(text)
        if bad := answer.bad(broken='{"result": {', lacking='{"news": {}}'):
            return web.Response(text=bad, content_type="application/json")
        if answer.complains:
            told = {"error": {"code": _INVALID, "message": "The voice rests.", "details": []}}
            return web.json_response(told)

        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        rate = body["audioConfig"]["sampleRateHertz"]
        for samples, chunk in chunks(text, body, tail(sample_rate=rate).data):
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            await response.write(json.dumps({"result": chunk}).encode() + b"\n")
            self.sent += samples
        await answer.finish()
        return response

    async def _converse(self, socket: web.WebSocketResponse, opened: Answer) -> None:
        self.sockets += 1
        contexts: dict[str, _Context] = {}
        try:
            async for message in socket:
                asked = json.loads(message.data)
                name = asked["contextId"]
                contexts = {name: each for name, each in contexts.items() if not each.task.done()}
                if code := _code(asked, contexts):
                    await _complain(socket, name, code)
                elif "create" in asked:
                    self._note(asked["create"])
                    contexts[name] = _Context(self, socket, opened.request, asked)
                elif "close_context" in asked and not contexts[name].close():
                    self.stopped += 1
                    await _tell(socket, name, contextClosed={})
                else:
                    contexts[name].asked.put_nowait(asked)
        finally:
            for context in contexts.values():
                context.task.cancel()

    async def say(self, socket: web.WebSocketResponse, answer: Answer, context: _Context) -> None:
        """Answer what comes for a context, until it is closed."""
        if answer.fault is not None and answer.fault.kind == "refuse":
            refused = answer.fault.status < HTTPStatus.INTERNAL_SERVER_ERROR
            await _complain(socket, context.name, _UNAUTHENTICATED if refused else _UNAVAILABLE)
            return
        if answer.complains:
            await _complain(socket, context.name, _INVALID)
            await answer.silence()
        if bad := answer.bad(
            broken='{"result": {', lacking=json.dumps({"contextId": context.name})
        ):
            await socket.send_str(bad)
            await answer.silence()
        await _tell(socket, context.name, contextCreated=context.config)
        async for samples, told in self._sayings(context):
            if samples:
                await answer.part()
            await _tell(socket, context.name, **told)
            self.sent += samples
        await answer.finish()
        await _tell(socket, context.name, contextClosed={})

    async def _sayings(self, context: _Context) -> AsyncIterator[tuple[bytes, Mapping[str, Any]]]:
        """In automatic mode each text is spoken at once, and flushed; else all at the end."""
        rate, waiting, closed = context.config["audioConfig"]["sampleRateHertz"], "", False
        while not closed:
            asked = await context.asked.get()
            closed = "close_context" in asked
            text = asked.get("send_text", {}).get("text", "")
            self.texts.append(text)
            waiting += text
            if closed or context.config.get("autoMode"):
                end = tail(sample_rate=rate).data if closed else b""
                for samples, chunk in chunks(waiting, context.config, end):
                    yield samples, {"audioChunk": chunk}
                yield b"", {"flushCompleted": {}}
                waiting = ""

    def _note(self, asked: Mapping[str, Any]) -> None:
        self.asks.append(asked)
        speed = asked["audioConfig"].get("speakingRate")
        self.asked_for = {
            **asked,
            "voice": asked["voiceId"],
            "model": asked["modelId"],
            "speaking_rate": speed,
        }


class _Context:
    """One of those that share a websocket."""

    def __init__(
        self,
        server: InworldServer,
        socket: web.WebSocketResponse,
        request: web.Request,
        asked: Mapping[str, Any],
    ) -> None:
        self.name: str = asked["contextId"]
        self.config: Mapping[str, Any] = asked["create"]
        self.asked: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._closed = False
        self.task = asyncio.create_task(
            self._live(server, socket, request), name=f"context {self.name}"
        )

    def close(self) -> bool:
        """Whether what is there is to be spoken to its end; to close again stops it."""
        first, self._closed = not self._closed, True
        if not first:
            self.task.cancel()
        return first

    async def _live(
        self, server: InworldServer, socket: web.WebSocketResponse, request: web.Request
    ) -> None:
        async with server.answering(request) as answer:
            await server.say(socket, answer, self)


async def _tell(socket: web.WebSocketResponse, context: str, **told: object) -> None:
    fine = {"code": 0, "message": "", "details": []}
    await socket.send_json({"result": {"contextId": context, **told, "status": fine}})


async def _complain(socket: web.WebSocketResponse, context: str, code: int) -> None:
    status = {"code": code, "message": "Not so.", "details": []}
    await socket.send_json({"result": {"contextId": context, "status": status}})


def _code(asked: Mapping[str, Any], contexts: Mapping[str, _Context]) -> int:
    """Of the error that a message is answered with; 0 for none."""
    if "create" in asked:
        full = _EXHAUSTED if len(contexts) == _MOST else 0
        return _INVALID if _is_wrong(asked["create"]) else full
    if asked["contextId"] not in contexts:
        return _NOT_FOUND
    return _INVALID if len(asked.get("send_text", {}).get("text", "")) > _LONGEST_TEXT else 0


def _is_wrong(asked: Mapping[str, Any]) -> bool:
    encoding = asked.get("audioConfig", {}).get("audioEncoding")
    return not asked.get("voiceId") or not asked.get("modelId") or encoding not in ENCODINGS
