"""Google's answers to one request, in text or in sound, as server-sent events."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.testing.tones import speak
from agents_core.testing.vendor import Call, Reply
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import pieces
from agents_plugins_test.vendors.google.reading import (
    ECHO,
    Refused,
    check_ids,
    check_wanted,
    read_request,
)

if TYPE_CHECKING:
    from aiohttp import web

    from agents_plugins_test.vendors.google import GoogleServer

_RATE = 24_000
_USAGE = {"promptTokenCount": 7, "candidatesTokenCount": 5, "totalTokenCount": 12}
_BROKEN = 'data: {"candidates": [{"con\n\n'
_LACKING = 'data: {"responseId": "r0"}\n\n'


class Generating:
    """Answers requests for its server, which is told of them."""

    def __init__(self, server: GoogleServer) -> None:
        self._server = server
        self._count = 0

    async def answer(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        """The response to one request."""
        from aiohttp import web

        self._count += 1
        body = await request.json()
        try:
            check_wanted(request.query)
            if "project" in request.match_info:
                check_ids(body)
            messages = list(self._messages(body, request.match_info["model"]))
        except Refused as refused:
            error = {"code": 400, "message": str(refused), "status": "INVALID_ARGUMENT"}
            return web.json_response({"error": error}, status=400)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        if bad := answer.bad(broken=_BROKEN, lacking=_LACKING):
            await response.prepare(request)
            await response.write(bad.encode())
            return response
        if answer.complains:
            error = {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}
            await response.prepare(request)
            await response.write(_event({"error": error}))
            await answer.silence()
        await self._send(messages, request, response, answer)
        return response

    async def _send(
        self,
        messages: Iterable[Mapping[str, Any]],
        request: web.Request,
        response: web.StreamResponse,
        answer: Answer,
    ) -> None:
        for message in messages:
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            event = _event({**message, "responseId": f"r{self._count}", "modelVersion": "local"})
            await response.write(event[:9])
            await response.write(event[9:])
            self._server.sent += _sound_in(message)
        await answer.finish()

    def _messages(self, body: Mapping[str, Any], model: str) -> Iterator[dict[str, Any]]:
        server, config = self._server, body.get("generationConfig", {})
        asked = server.last_asked = read_request(body)
        server.asked_for = {**_pythonic(config), **_pythonic(body), "model": model}
        text = asked.messages[-1][1]
        if config.get("responseModalities") == ["AUDIO"]:
            voice = config["speechConfig"]["voiceConfig"]["prebuiltVoiceConfig"]["voiceName"]
            instructions, colon, words = text.rpartition(":\n")
            server.asked_for |= {"voice_name": voice, "instructions": instructions or None}
            server.texts.append(words if colon else text)
            silent, server.silent = server.silent, False
            yield from _spoken("" if silent else server.texts[-1])
            return
        reply = server.replies.popleft() if server.replies else Reply(text=text.removeprefix(ECHO))
        yield from _written(reply)


def _spoken(text: str) -> Iterator[dict[str, Any]]:
    sound = speak(text, sample_rate=_RATE).data if text else b""
    for piece in pieces(sound):
        data = base64.b64encode(piece).decode()
        inline = {"mimeType": f"audio/L16;codec=pcm;rate={_RATE}", "data": data}
        yield _candidate({"inlineData": inline})
    yield _candidate(finishReason="STOP") | {"usageMetadata": _USAGE}


def _written(reply: Reply) -> Iterator[dict[str, Any]]:
    for start in range(0, len(reply.text), 4):
        yield _candidate({"text": reply.text[start : start + 4]}) | {"usageMetadata": _USAGE}
    for count, call in enumerate(reply.calls):
        yield _candidate(_called(call, count))
    yield _candidate(finishReason="STOP") | {"usageMetadata": _USAGE}


def _called(call: Call, count: int) -> dict[str, Any]:
    """Gemini's calls have no id of their own; the first of several has the signature."""
    made: dict[str, Any] = {"functionCall": {"name": call.name, "args": dict(call.arguments)}}
    return made if count else made | {"thoughtSignature": "c2lnbmVk"}


def _candidate(*parts: Mapping[str, Any], **more: str) -> dict[str, Any]:
    content = {"content": {"role": "model", "parts": list(parts)}} if parts else {}
    return {"candidates": [{**content, "index": 0, **more}]}


def _sound_in(message: Mapping[str, Any]) -> bytes:
    match message:
        case {"candidates": [{"content": {"parts": [{"inlineData": {"data": data}}]}}]}:
            return base64.b64decode(data)
        case _:
            return b""


def _event(message: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(message)}\r\n\r\n".encode()


def _pythonic(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {re.sub(r"([A-Z])", r"_\1", name).lower(): value for name, value in fields.items()}
