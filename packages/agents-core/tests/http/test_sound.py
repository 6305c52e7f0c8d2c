from __future__ import annotations

import pytest
from aiohttp import web
from served import served

from agents_core.errors import APIError
from agents_core.http import HttpClient, demand_sound
from agents_core.testing.running import run


async def heard(kind: str) -> bytes:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=b"sound", content_type=kind)

    client = HttpClient("Example")
    async with served(serve) as url:
        try:
            async with client.request("GET", url, timeout=5) as response:
                demand_sound(response, provider="Example")
                return await response.read()
        finally:
            await client.aclose()


@pytest.mark.parametrize("kind", ["audio/pcm", "audio/wav", "application/octet-stream"])
def test_sound_is_gone_on_with(kind: str) -> None:
    assert run(heard(kind)) == b"sound"


@pytest.mark.parametrize("kind", ["application/json", "text/html", "video/mp4"])
def test_what_says_that_it_is_something_else_is_an_error(kind: str) -> None:
    with pytest.raises(APIError, match=f"Example answered {kind} instead of sound"):
        run(heard(kind))
