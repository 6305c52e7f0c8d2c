"""Resemble: a whole text in a request, or sentence after sentence over a websocket."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agents_core.audio import wav_bytes
from agents_core.testing.tones import speak
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor, pieces

if TYPE_CHECKING:
    from aiohttp import web

_REQUIRED = frozenset({"voice_uuid", "data"})


class ResembleServer(LocalVendor):
    """``POST /synthesize``, which answers JSON, and the websocket ``/stream``."""

    def __init__(self, *, api_key: str | None = None) -> None:
        """See `LocalVendor`."""
        super().__init__(api_key=api_key)
        self.sockets: list[web.WebSocketResponse] = []
        """All that were opened."""
        self.asks: list[Mapping[str, Any]] = []
        """All requests that were answered with sound, in order."""
        self.ended = 0
        """Sentences that were said to their end over websockets."""

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            self.answer("POST", "/synthesize", self._speak),
            self.converse("/stream", self._converse),
        ]

    def refusal(self, status: int) -> Mapping[str, object]:
        """See `LocalVendor`."""
        return {"success": False, "message": f"refused with {status}"}

    async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        if wrong := self._wrong(body):
            return web.json_response({"success": False, "message": wrong}, status=400)
        if answer.complains:
            return web.json_response({"success": False, "issues": ["no such voice"]})
        if bad := answer.bad(broken='{"success": tr', lacking='{"success": true}'):
            return web.Response(text=bad, content_type="application/json")
        self._note(body)

        frame = speak(body["data"], sample_rate=body["sample_rate"])
        content = base64.b64encode(wav_bytes(frame)).decode()
        told = {"audio_content": content, "issues": [], "success": True, "title": None}
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        for piece in pieces(json.dumps(told).encode()):
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            await response.write(piece)
        await answer.finish()
        self.sent += frame.data
        return response

    async def _converse(self, socket: web.WebSocketResponse, answer: Answer) -> None:
        self.sockets.append(socket)
        async for message in socket:
            asked = json.loads(message.data)
            named = {"request_id": asked.get("request_id", 0)}
            if wrong := self._wrong(asked) or (answer.complains and "no such voice"):
                await socket.send_json({**_error(wrong), **named})
                continue
            lacking = {"type": "audio", **named}
            if bad := answer.bad(broken='{"type": "au', lacking=json.dumps(lacking)):
                await socket.send_str(bad)
                continue
            self._note(asked)
            await self._say(socket, answer, asked, named)

    async def _say(
        self,
        socket: web.WebSocketResponse,
        answer: Answer,
        asked: Mapping[str, Any],
        named: Mapping[str, object],
    ) -> None:
        frame = speak(asked["data"], sample_rate=asked["sample_rate"])
        for piece in pieces(frame.data if asked["no_audio_header"] else wav_bytes(frame)):
            await answer.part()
            content = base64.b64encode(piece).decode()
            await socket.send_json({"type": "audio", "audio_content": content, **named})
        self.sent += frame.data
        await socket.send_json({"type": "audio_end", **named})
        self.ended += 1

    def _wrong(self, asked: Mapping[str, Any]) -> str:
        if lacking := sorted(_REQUIRED - asked.keys()):
            return f"{lacking} are required"
        shape = asked.get("precision"), asked.get("output_format"), asked.get("binary_response")
        wanted = {("PCM_16", "wav", None), ("PCM_16", "wav", False)}
        return "" if shape in wanted else f"this server speaks no {shape}"

    def _note(self, asked: Mapping[str, Any]) -> None:
        self.asked_for = asked
        self.asks.append(asked)
        self.texts.append(asked["data"])


def _error(explanation: str) -> Mapping[str, object]:
    return {
        "type": "error",
        "success": False,
        "error_name": "BadRequest",
        "error_params": {"explanation": explanation},
        "message": "Invalid request",
        "status_code": 400,
    }
