"""Cartesia: a whole text in a request, or many contexts over one websocket."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.testing.tones import SECONDS_PER_BYTE, spell, tail
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor, pieces

if TYPE_CHECKING:
    from aiohttp import web

_REQUIRED = frozenset({"model_id", "voice", "output_format", "transcript"})
_OF_ONE_MESSAGE = frozenset({"transcript", "continue"})
"""What may differ between the messages of a context."""


class CartesiaServer(LocalVendor):
    """``POST /tts/bytes``, and ``/tts/websocket``, where each message names its context."""

    def __init__(self, *, api_key: str | None = None) -> None:
        """See `LocalVendor`."""
        super().__init__(api_key=api_key)
        self.asks: list[Mapping[str, Any]] = []
        """All messages that asked for something, in order."""
        self.cancelled: list[str] = []
        """The contexts that were cancelled before they were done."""
        self.sockets: list[web.WebSocketResponse] = []
        """All that were opened."""
        self.impatient = False
        """Whether a context is done as soon as there is nothing to say, as Cartesia's become after
        a second of silence."""

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            self.answer("POST", "/tts/bytes", self._speak),
            self.converse("/tts/websocket", self._converse, many=True),
        ]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`; a request without a version is not understood either."""
        told = "Cartesia-Version" in request.headers or "cartesia_version" in request.query
        return request.headers.get("X-API-Key") if told else None

    async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        wrong = self._wrong(body) or ("context_id" in body and "there are no contexts here")
        if answer.complains or wrong:
            return web.json_response({"title": "Bad request", "message": wrong}, status=400)
        if bad := answer.bad(broken="<html>", lacking='{"audio": null}'):
            return web.Response(text=bad, content_type="text/html")
        self._note(body)

        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        rate = body["output_format"]["sample_rate"]
        sound = spell(body["transcript"], sample_rate=rate).data + tail(sample_rate=rate).data
        for piece in pieces(sound):
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            await response.write(piece)
            self.sent += piece
        await answer.finish()
        return response

    async def _converse(self, socket: web.WebSocketResponse, opened: Answer) -> None:
        self.sockets.append(socket)
        contexts: dict[str, _Context] = {}
        try:
            async for message in socket:
                asked = json.loads(message.data)
                name = asked.get("context_id")
                if asked.get("cancel"):
                    if name in contexts and contexts.pop(name).stop():
                        self.cancelled.append(name)
                    continue
                if name not in contexts or contexts[name].done:
                    contexts[name] = _Context(self, socket, opened.request, name)
                contexts[name].asked.put_nowait(asked)
        finally:
            for context in contexts.values():
                context.stop()

    async def speak(self, socket: web.WebSocketResponse, answer: Answer, context: _Context) -> None:
        """Answer what comes for a context, until it is done."""
        beginning = await context.asked.get()
        if error := self._error(answer, beginning):
            await socket.send_json({"type": "error", "done": True, **context.named, **error})
            return
        broken, lacking = '{"type": "chunk", "cont', {"type": "chunk", **context.named}
        if bad := answer.bad(broken=broken, lacking=json.dumps(lacking)):
            await socket.send_str(bad)
            await answer.silence()
        async for message in self._sayings(context, beginning):
            if "data" in message:
                await answer.part()
            await socket.send_json({"status_code": 206, **context.named, **message})
            self.sent += base64.b64decode(message.get("data", ""))
        await answer.finish()

    async def _sayings(
        self, context: _Context, beginning: Mapping[str, Any]
    ) -> AsyncIterator[Mapping[str, Any]]:
        asked, at = beginning, 0.0
        rate = asked["output_format"]["sample_rate"]
        while True:
            self._note(asked)
            more, text = asked["continue"], asked["transcript"]
            if asked["add_timestamps"] and text.strip():
                yield {"type": "timestamps", "word_timestamps": _times(text, at)}
            end = b"" if more else tail(sample_rate=rate).data
            for piece in pieces(spell(text, sample_rate=rate).data + end):
                yield {"type": "chunk", "data": base64.b64encode(piece).decode(), "done": False}
            at += len(text.encode()) * SECONDS_PER_BYTE
            if not more or (self.impatient and context.asked.empty()):
                break
            asked = await context.asked.get()
            if _common(asked) != _common(beginning):
                yield {"type": "error", "status_code": 400, "message": "another voice than before"}
                return
        yield {"type": "done", "done": True}

    def _error(self, answer: Answer, asked: Mapping[str, Any]) -> Mapping[str, object] | None:
        if answer.fault is not None and answer.fault.kind == "refuse":
            return {"status_code": answer.fault.status, **self.refusal(answer.fault.status)}
        wrong = self._wrong(asked) or ("context_id" not in asked and "no context")
        if answer.complains or wrong:
            return {"status_code": 400, "title": "Bad request", "message": wrong or "no such voice"}
        return None

    def refusal(self, status: int) -> Mapping[str, object]:
        """See `LocalVendor`."""
        return {"title": "Refused", "message": f"with {status}", "request_id": "request-of-socket"}

    def _wrong(self, asked: Mapping[str, Any]) -> str:
        if lacking := sorted(_REQUIRED - asked.keys()):
            return f"{lacking} are required"
        shape = asked["output_format"]
        if (shape["container"], shape["encoding"]) != ("raw", "pcm_s16le"):
            return f"no such format: {shape}"
        voice = asked["voice"]
        return "" if voice["mode"] in voice else f"no voice: {voice}"

    def _note(self, asked: Mapping[str, Any]) -> None:
        self.asks.append(asked)
        self.texts.append(asked["transcript"])
        voice = asked["voice"]
        manner = asked.get("generation_config", voice.get("__experimental_controls", {}))
        self.asked_for = {**asked, "model": asked["model_id"], "voice": voice[voice["mode"]]}
        self.asked_for |= manner


class _Context:
    """One utterance over a socket that serves many."""

    def __init__(
        self, server: CartesiaServer, socket: web.WebSocketResponse, request: web.Request, name: str
    ) -> None:
        self.named = {"context_id": name}
        self.asked: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._task = asyncio.create_task(self._live(server, socket, request), name=name)

    @property
    def done(self) -> bool:
        return self._task.done()

    def stop(self) -> bool:
        """End it; whether it was not done."""
        return self._task.cancel()

    async def _live(
        self, server: CartesiaServer, socket: web.WebSocketResponse, request: web.Request
    ) -> None:
        async with server.answering(request) as answer:
            await server.speak(socket, answer, self)


def _common(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in asked.items() if name not in _OF_ONE_MESSAGE}


def _times(text: str, at: float) -> Mapping[str, list[Any]]:
    """Where each word of `text` is, which begins `at` seconds."""
    words, starts, ends = [], [], []
    for word in text.split(" "):
        end = at + len(word.encode()) * SECONDS_PER_BYTE
        if word:
            words.append(word)
            starts.append(round(at, 3))
            ends.append(round(end, 3))
        at = end + SECONDS_PER_BYTE
    return {"words": words, "start": starts, "end": ends}
