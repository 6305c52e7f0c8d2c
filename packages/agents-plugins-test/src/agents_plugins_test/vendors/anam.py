"""Anam: a token for the session, and with it the session."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from agents_plugins_test.answers import Answer
from agents_plugins_test.avatar_vendor import AvatarVendor

if TYPE_CHECKING:
    from aiohttp import web

FIRST, SECOND = "/v1/auth/session-token", "/v1/engine/session"
_NEEDED = {"personaConfig": ("avatarId", "llmId"), "environment": ("livekitUrl", "livekitToken")}


class AnamServer(AvatarVendor):
    """``POST /v1/auth/session-token`` with the key, ``POST /v1/engine/session`` with the token.

    Only one of them is counted, and meets faults: `troubled`, the first unless a test says so.
    """

    troubled = FIRST

    def __init__(self, *, api_key: str | None = None, sends: bool = True) -> None:
        """See `AvatarVendor`."""
        super().__init__(api_key=api_key, sends=sends)
        self._asked_for: dict[str, Mapping[str, Any]] = {}

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [
            self.answer("POST", FIRST, self._allow),
            self.answer("POST", SECOND, self._begin, needs_key=False),
        ]

    def refusal(self, status: int) -> Mapping[str, object]:
        """See `LocalVendor`."""
        return {"error": f"refused with {status}", "status": status}

    @contextlib.asynccontextmanager
    async def answering(
        self, request: web.Request, *, refuse_by_status: bool = False
    ) -> AsyncIterator[Answer]:
        """See `LocalVendor`."""
        if request.path == self.troubled:
            async with super().answering(request, refuse_by_status=refuse_by_status) as answer:
                yield answer
        else:
            self.seen.append(request)
            yield Answer(request, None, unheld=self.unheld)

    async def _allow(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        self.asked_for = body = await request.json()
        missing = [
            f"{part}.{name}"
            for part, names in _NEEDED.items()
            for name in names
            if not body.get(part, {}).get(name)
        ]
        if missing or answer.complains:
            complaint = {"error": "Bad Request", "message": f"{missing}", "received": body}
            return web.json_response(complaint, status=400)
        token = secrets.token_urlsafe()
        self._asked_for[token] = body["environment"]
        return await _reply(answer, {"sessionToken": token})

    async def _begin(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        environment = self._asked_for.pop(self.key_of(request) or "", None)
        if environment is None:
            raise self._refused(401)
        session = self.invite(environment["livekitUrl"], environment["livekitToken"])
        return await _reply(answer, {"sessionId": session, "engineHost": "engine.invalid"})


async def _reply(answer: Answer, told: Mapping[str, object]) -> web.StreamResponse:
    from aiohttp import web

    await answer.part()
    if bad := answer.bad(broken='{"session', lacking='{"engineHost": "engine.invalid"}'):
        return web.Response(text=bad, content_type="application/json")
    return web.json_response(told)
