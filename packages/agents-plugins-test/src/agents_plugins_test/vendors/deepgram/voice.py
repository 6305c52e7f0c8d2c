"""Deepgram speaking: a text in one request, or text piece by piece over a websocket."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame, wav_bytes
from agents_core.testing.tones import speak as say
from agents_core.testing.tones import spell, tail
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import pieces
from agents_plugins_test.vendors.deepgram.queries import asked_for
from agents_plugins_test.vendors.deepgram.transcripts import messages, no_more

if TYPE_CHECKING:
    from aiohttp import web

    from agents_plugins_test.vendors.deepgram.server import DeepgramServer

_REQUEST = "5d2e90b7-speak"
_LONGEST = 2000
_MOST_FLUSHES = 20
"""A minute, of one socket; no test takes a minute."""
_SENTENCE = re.compile(r".*?[.!?]\s", re.DOTALL)


async def answer_text(
    server: DeepgramServer, request: web.Request, answer: Answer
) -> web.StreamResponse:
    """The sound of a whole text: a WAV, unless no container is asked for."""
    from aiohttp import web

    body = await request.json()
    server.asked_for = asked_for(request.query)
    server.texts.append(body["text"])
    if answer.complains or list(body) != ["text"] or len(body["text"]) > _LONGEST:
        return web.json_response({"err_code": "Bad Request", "err_msg": "no"}, status=400)
    if bad := answer.bad(broken="<html>", lacking='{"audio": null}'):
        return web.Response(text=bad, content_type="text/html")

    sound = say(body["text"], sample_rate=int(request.query["sample_rate"])).data
    response = web.StreamResponse(headers={"Content-Type": "audio/l16", "dg-request-id": _REQUEST})
    if server.wraps or request.query.get("container") != "none":
        sound = wav_bytes(AudioFrame(sound, int(request.query["sample_rate"])))
    for piece in pieces(sound):
        await answer.part()
        if not response.prepared:
            await response.prepare(request)
        await response.write(piece)
        server.sent += piece
    await answer.finish()
    return response


async def speak(server: DeepgramServer, socket: web.WebSocketResponse, answer: Answer) -> None:
    """A conversation: text comes, sound goes, sentence by sentence, the rest at a flush."""
    query = answer.request.query
    server.asked_for = asked_for(query)
    await socket.send_json({"type": "Metadata", "request_id": _REQUEST})
    voice = _Voice(server, socket, answer, int(query["sample_rate"]))
    async for message in messages(server, socket):
        match message:
            case {"type": "Speak", "text": str(text)} if 0 < len(text) <= _LONGEST:
                await voice.speak(text)
            case {"type": "Flush"}:
                await voice.flush()
                if server.goodbyes:
                    server.goodbyes -= 1
                    return
            case {"type": "Close"}:
                return
            case _:
                await socket.send_json({"type": "Error", "err_code": "DATA-0000", "err_msg": "?"})


class _Voice:
    """Says what it is told, when there is a sentence of it."""

    def __init__(
        self, server: DeepgramServer, socket: web.WebSocketResponse, answer: Answer, rate: int
    ) -> None:
        self._server = server
        self._socket = socket
        self._answer = answer
        self._rate = rate
        self._waiting = ""
        self._flushes = 0

    async def speak(self, text: str) -> None:
        self._server.texts.append(text)
        self._waiting += text
        while sentence := _SENTENCE.match(self._waiting):
            self._waiting = self._waiting[sentence.end() :]
            await self._say(spell(sentence.group(), sample_rate=self._rate).data)

    async def flush(self) -> None:
        if self._flushes == _MOST_FLUSHES:
            told = {"type": "Warning", "code": "EXCESSIVE_FLUSH", "description": "wait a minute"}
            await self._socket.send_json(told)
            return
        rest, self._waiting = self._waiting, ""
        spelled = spell(rest, sample_rate=self._rate).data if rest else b""
        await self._say(spelled + tail(sample_rate=self._rate).data)
        for _ in range(2 if self._server.repeats else 1):
            await self._socket.send_json({"type": "Flushed", "sequence_id": self._flushes})
        self._flushes += 1

    async def _say(self, sound: bytes) -> None:
        for piece in pieces(sound):
            if self._answer.complains:
                told = {"type": "Error", "err_code": "DATA-0001", "err_msg": "no such voice"}
                await self._socket.send_json(told)
                await no_more(self._socket)
            await self._answer.part()
            if bad := self._answer.bad(broken='{"type": "Flu', lacking=json.dumps({"sequence": 1})):
                await self._socket.send_str(bad)
                await no_more(self._socket)
            await self._socket.send_bytes(piece)
            self._server.sent += piece
            if self._server.falters:
                await self._socket.close()
                return
