"""LemonSlice: one request, after which an avatar comes, and another that sends it away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from agents_plugins_test.answers import Answer
from agents_plugins_test.avatar_vendor import AvatarVendor

if TYPE_CHECKING:
    from aiohttp import web

_PLACE = ("livekit_url", "livekit_token")
_FACES = ("agent_id", "agent_image_url")


class LemonSliceServer(AvatarVendor):
    """``POST /api/liveai/sessions``, and ``POST /api/liveai/sessions/…/control``."""

    sample_rate = 16_000
    path = "/api/liveai/sessions"

    def __init__(self, *, api_key: str | None = None, sends: bool = True) -> None:
        """See `AvatarVendor`."""
        super().__init__(api_key=api_key, sends=sends)
        self.ended: list[str] = []
        """The ids of sessions that were ended by request."""

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            self.answer("POST", self.path, self._begin),
            self.answer("POST", f"{self.path}/{{session}}/control", self._control),
        ]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`."""
        return request.headers.get("X-API-Key")

    async def _begin(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        self.asked_for = body = await request.json()
        properties = body.get("properties") or {}
        wrong = [name for name in _PLACE if not properties.get(name)]
        if body.get("transport_type") != "livekit":
            wrong.append("transport_type")
        if sum(bool(body.get(name)) for name in _FACES) != 1:
            wrong.append(" or ".join(_FACES))
        if wrong or answer.complains:
            return web.json_response({"error": f"invalid: {wrong}", "received": body}, status=400)
        await answer.part()
        if bad := answer.bad(broken='{"session_id": "l', lacking='{"session": null}'):
            return web.Response(text=bad, content_type="application/json")
        session = self.invite(properties["livekit_url"], properties["livekit_token"])
        return web.json_response({"session_id": session}, status=201)

    async def _control(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        session = request.match_info["session"]
        if session not in self.sessions or session in self.ended:
            return web.json_response({"error": "there is no such session"}, status=404)
        if await request.json() != {"event": "terminate"}:
            return web.json_response({"error": "there is no such event"}, status=400)
        await answer.part()
        self.ended.append(session)
        if self.avatars:
            await asyncio.shield(self.avatars[self.sessions.index(session)].leave())
        return web.json_response({"success": True})
