"""Hedra: a form, with a picture in it or the id of one, after which an avatar comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from agents_plugins_test.answers import Answer
from agents_plugins_test.avatar_vendor import AvatarVendor

if TYPE_CHECKING:
    from aiohttp import web

_PLACE = ("livekit_url", "livekit_token")
_FACES = ("avatar_id", "avatar_image")


class HedraServer(AvatarVendor):
    """``POST /public/livekit/v1/session``, a form of several parts.

    `asked_for` has the texts of the form, and a picture as its name, type and bytes.
    """

    sample_rate = 16_000
    path = "/public/livekit/v1/session"

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [self.answer("POST", self.path, self._begin)]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`."""
        return request.headers.get("x-api-key")

    def garble(self, *, lacking: bool = False, times: int = 1) -> None:
        """See `LocalVendor`; nobody looks at what is in an answer, which can lack nothing then."""
        if lacking:
            self._miss("garble(lacking=True)")
        super().garble(times=times)

    async def _begin(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        from aiohttp import web

        self.asked_for = body = await _fields(request)
        wanted = [name for name in _PLACE if not body.get(name)]
        if not any(body.get(name) for name in _FACES):
            wanted.append(" or ".join(_FACES))
        if request.content_type != "multipart/form-data" or wanted or answer.complains:
            received = {name: value for name, value in body.items() if isinstance(value, str)}
            return web.json_response({"detail": wanted, "received": received}, status=422)
        await answer.part()
        if begun := answer.bad(broken="{", lacking=""):
            return await _break_off(request, begun)
        self.invite(str(body["livekit_url"]), str(body["livekit_token"]))
        return web.json_response({})


async def _fields(request: web.Request) -> Mapping[str, object]:
    from aiohttp import web

    return {
        name: (value.filename, value.content_type, value.file.read())
        if isinstance(value, web.FileField)
        else value
        for name, value in (await request.post()).items()
    }


async def _break_off(request: web.Request, begun: str) -> web.StreamResponse:
    """Announce more than comes."""
    from aiohttp import web

    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(begun.encode())
    if request.transport is not None:
        request.transport.close()
    return response
