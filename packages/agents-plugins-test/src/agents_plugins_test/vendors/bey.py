"""Beyond Presence: one request, after which an avatar comes into the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from agents_plugins_test.answers import Answer
from agents_plugins_test.avatar_vendor import AvatarVendor

if TYPE_CHECKING:
    from aiohttp import web

_NEEDED = ("avatar_id", "livekit_url", "livekit_token")


class BeyServer(AvatarVendor):
    """``POST /v1/session``, which answers 201 and describes the session."""

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [self.answer("POST", "/v1/session", self._begin)]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`."""
        return request.headers.get("x-api-key")

    def refusal(self, status: int) -> Mapping[str, object]:
        """See `LocalVendor`."""
        return {"detail": f"refused with {status}"}

    async def _begin(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        body = await request.json()
        self.asked_for = body
        missing = [name for name in _NEEDED if not body.get(name)]
        if missing or answer.complains:
            wrong = [{"loc": ["body"], "msg": f"{missing or 'avatar_id'}", "input": body}]
            return web.json_response({"detail": wrong}, status=422)
        await answer.part()
        if bad := answer.bad(broken='{"id": "01', lacking='{"avatar_id": "1"}'):
            return web.Response(text=bad, content_type="application/json", status=201)
        session = self.invite(body["livekit_url"], body["livekit_token"])
        described = {**body, "id": session, "created_at": "2026-01-01T00:00:00Z"}
        return web.json_response(described, status=201)
