"""ElevenLabs: a whole text in a request, or some contexts at a time over one websocket."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.testing.tones import SECONDS_PER_BYTE, spell, tail
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor, pieces

if TYPE_CHECKING:
    from aiohttp import web

_MOST, _POLICY_VIOLATION = 5, 1008
_WHOLE, _MANY = "/text-to-speech/{voice}/stream", "/text-to-speech/{voice}/multi-stream-input"
_VOICES = (
    {"voice_id": "bIHbv24MWmeRgasZH58o", "name": "Will", "category": "premade", "labels": {}},
    {"voice_id": "mine", "name": "Mine", "category": "cloned", "labels": {}},
)


class ElevenLabsServer(LocalVendor):
    """``POST .../stream``, the same with times, ``.../multi-stream-input``, and ``/voices``."""

    def __init__(self, *, api_key: str | None = None) -> None:
        """See `LocalVendor`."""
        super().__init__(api_key=api_key)
        self.asks: list[Mapping[str, Any]] = []
        """All messages and bodies, in order."""
        self.sockets: list[Mapping[str, str]] = []
        """The query of each websocket that was opened."""
        self.stopped = 0
        """How many contexts were closed before they were spoken to their end."""

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            self.answer("POST", _WHOLE, self._speak),
            self.answer("POST", f"{_WHOLE}/with-timestamps", self._speak),
            self.answer("GET", "/voices", self._list_voices),
            self.converse(_MANY, self._converse, many=True),
        ]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`."""
        return request.headers.get("xi-api-key")

    def refusal(self, status: int) -> Mapping[str, object]:
        """See `LocalVendor`."""
        return {"detail": {"status": "refused", "message": f"with {status}"}}

    async def _list_voices(self, _request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        bad = answer.bad(broken='{"voices": [', lacking='{"voices": [{}]}')
        told = bad or json.dumps({"voices": _VOICES})
        return web.Response(text=told, content_type="application/json")

    async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        rate = _rate(request)
        if answer.complains or rate is None or not body["text"].strip():
            return web.json_response({"detail": {"message": "no such voice"}}, status=400)
        self._note(request, body)
        self.texts.append(body["text"])
        timed = request.path.endswith("with-timestamps")
        if bad := answer.bad(broken='{"audio_base64": "AA', lacking='{"audio": null}'):
            return web.Response(text=bad, content_type="application/json")

        kind = "application/json" if timed else "audio/pcm"
        response = web.StreamResponse(headers={"Content-Type": kind, "request-id": "request-1"})
        for piece, aligned in _told(body["text"], rate, tail(sample_rate=rate).data):
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            line = {
                "audio_base64": base64.b64encode(piece).decode(),
                "alignment": aligned and _in_seconds(aligned),
                "normalized_alignment": None,
            }
            await response.write(json.dumps(line).encode() + b"\n" if timed else piece)
            self.sent += piece
        await answer.finish()
        return response

    async def _converse(self, socket: web.WebSocketResponse, opened: Answer) -> None:
        if _rate(opened.request) is None:
            return await self._fail(socket, "output_format_not_supported")
        self.sockets.append(dict(opened.request.query))
        contexts: dict[str, _Context] = {}
        try:
            async for message in socket:
                asked = json.loads(message.data)
                name = asked["context_id"]
                contexts = {name: each for name, each in contexts.items() if not each.task.done()}
                if asked.get("close_context"):
                    if name in contexts and contexts[name].close():
                        self.stopped += 1
                        await self.end(socket, name)
                    continue
                if wrong := _wrong(asked, contexts):
                    return await self._fail(socket, wrong)
                if name not in contexts:
                    self._note(opened.request, asked)
                    contexts[name] = _Context(self, socket, opened.request, name)
                    continue
                self.asks.append(asked)
                contexts[name].ask(asked)
        finally:
            for context in contexts.values():
                context.task.cancel()

    async def say(self, socket: web.WebSocketResponse, answer: Answer, context: _Context) -> None:
        """Answer what comes for a context, until it is closed."""
        named = {"contextId": context.name}
        if answer.fault is not None and answer.fault.kind == "refuse":
            await self._fail(socket, "refused")
            return
        if answer.complains:
            await socket.send_json({"error": "voice_is_resting", **named})
            await answer.silence()
        lacking = json.dumps({"audio": "", "alignment": {"chars": ["a"]}, **named})
        if bad := answer.bad(broken='{"audio": "AA', lacking=lacking):
            await socket.send_str(bad)
            await answer.silence()
        async for piece, aligned in self._sayings(context):
            await answer.part()
            sound = base64.b64encode(piece).decode()
            await socket.send_json({"audio": sound, "alignment": aligned, **named})
            self.sent += piece
        await answer.finish()
        await self.end(socket, context.name)

    async def end(self, socket: web.WebSocketResponse, name: str) -> None:
        """Tell that a context is gone."""
        await socket.send_json({"audio": None, "isFinal": True, "contextId": name})

    async def _sayings(
        self, context: _Context
    ) -> AsyncIterator[tuple[bytes, Mapping[str, Any] | None]]:
        query = context.request.query
        rate, waiting = _rate(context.request) or 0, ""
        while (asked := await context.asked.get()) is not None:
            flushed = asked.get("flush", False)
            self.texts.append(asked["text"])
            waiting += asked["text"]
            if waiting.strip() and (flushed or query.get("auto_mode") == "true"):
                end = tail(sample_rate=rate).data if flushed else b""
                for piece, aligned in _told(waiting, rate, end):
                    yield piece, aligned if query.get("sync_alignment") == "true" else None
                waiting = ""

    async def _fail(self, socket: web.WebSocketResponse, error: str) -> None:
        told = {"message": f"It is {error}.", "error": error, "code": _POLICY_VIOLATION}
        await socket.send_json(told)
        await socket.close(code=_POLICY_VIOLATION, message=error.encode())

    def _note(self, request: web.Request, asked: Mapping[str, Any]) -> None:
        self.asks.append(asked)
        told = {**request.query, **asked}
        self.asked_for = {
            **told,
            "voice_id": request.match_info["voice"],
            "model": told["model_id"],
            "language": told.get("language_code"),
            "encoding": told["output_format"],
        }


class _Context:
    """One of those that share a websocket."""

    def __init__(
        self, server: ElevenLabsServer, socket: web.WebSocketResponse, first: web.Request, name: str
    ) -> None:
        self.name = name
        self.request = first
        self.asked: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()  # None: it is closed
        self.flushed = False
        """Whether no more text belongs to it."""
        self._closed = False
        self.task = asyncio.create_task(self._live(server, socket), name=f"context {name}")

    def ask(self, asked: Mapping[str, Any]) -> None:
        """Take a message with text."""
        self.flushed |= asked.get("flush", False)
        self.asked.put_nowait(asked)

    def close(self) -> bool:
        """Speak what was flushed to its end; whether that is stopped, as nothing was or again."""
        stops, self._closed = self._closed or not self.flushed, True
        if stops:
            self.task.cancel()
        self.asked.put_nowait(None)
        return stops

    async def _live(self, server: ElevenLabsServer, socket: web.WebSocketResponse) -> None:
        async with server.answering(self.request) as answer:
            await server.say(socket, answer, self)


def _rate(request: web.Request) -> int | None:
    kind, _, rate = request.query.get("output_format", "").partition("_")
    return int(rate) if kind == "pcm" and rate.isdecimal() else None


def _wrong(asked: Mapping[str, Any], contexts: Mapping[str, _Context]) -> str:
    """What ElevenLabs would refuse, or only wait for more after."""
    name, text = asked["context_id"], asked["text"]
    if name not in contexts and text != " ":
        return "no_beginning"
    if name not in contexts and len(contexts) == _MOST:
        return "max_active_conversations"
    return "" if not text or text.endswith(" ") else "no_space_at_the_end"


def _told(text: str, rate: int, end: bytes) -> Iterator[tuple[bytes, Mapping[str, Any] | None]]:
    """Pieces of sound, and the letters that begin in each; times count from that of the first."""
    letters, at = [], 0.0
    for letter in text:
        length = len(letter.encode()) * SECONDS_PER_BYTE
        letters.append((letter, at, length))
        at += length
    heard = 0.0
    for piece in pieces(spell(text, sample_rate=rate).data + end):
        until = heard + len(piece) / 2 / rate
        here = [each for each in letters if heard <= each[1] < until]
        aligned = {
            "chars": [letter for letter, _, _ in here],
            "charStartTimesMs": [round(1000 * start) for _, start, _ in here],
            "charDurationsMs": [round(1000 * length) for _, _, length in here],
        }
        yield piece, aligned if here else None
        heard = until


def _in_seconds(aligned: Mapping[str, Any]) -> Mapping[str, Any]:
    starts = [start / 1000 for start in aligned["charStartTimesMs"]]
    lengths = [length / 1000 for length in aligned["charDurationsMs"]]
    return {
        "characters": aligned["chars"],
        "character_start_times_seconds": starts,
        "character_end_times_seconds": [a + b for a, b in zip(starts, lengths, strict=True)],
    }
