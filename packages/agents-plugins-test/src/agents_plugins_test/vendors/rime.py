"""Rime: text in one request, sound in its answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from agents_core.testing.tones import speak
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor, pieces

if TYPE_CHECKING:
    from aiohttp import web

_DEFAULT_RATE = 24_000


class RimeServer(LocalVendor):
    """``POST /rime-tts``, which answers raw samples of 16 bits."""

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [self.answer("POST", "/rime-tts", self._speak)]

    async def _speak(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        self.asked_for = {**body, "model": body["modelId"], "speed_alpha": body.get("speedAlpha")}
        self.texts.append(body["text"])
        if answer.complains:
            return web.json_response({"error": "no such voice"}, status=400)
        if bad := answer.bad(broken="<html>", lacking='{"audio": null}'):
            return web.Response(text=bad, content_type="text/html")

        response = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
        rate = body.get("samplingRate", _DEFAULT_RATE)
        for piece in pieces(speak(body["text"], sample_rate=rate).data):
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            await response.write(piece)
            self.sent += piece
        await answer.finish()
        return response
