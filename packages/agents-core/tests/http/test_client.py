from __future__ import annotations

import asyncio
import json
import warnings

import aiohttp
import pytest
from aiohttp import web
from served import Serve, served

from agents_core.errors import APIConnectionError, APIStatusError, APITimeoutError
from agents_core.http import HttpClient
from agents_core.testing.leaks import no_leaks
from agents_core.testing.running import run

KEY = "a very secret key"


async def asked(serve: Serve, *, timeout: float = 5.0) -> bytes:
    client = HttpClient("Example", secrets=(KEY,))
    async with served(serve) as url:
        try:
            async with client.request("POST", url, timeout=timeout, json={}) as response:
                return await response.read()
        finally:
            await client.aclose()


def test_a_connection_is_used_again_and_closed_at_the_end() -> None:
    peers = set()

    async def serve(request: web.Request) -> web.Response:
        peers.add(request.transport.get_extra_info("peername"))  # type: ignore[union-attr]
        return web.Response(text="well")

    async def work() -> None:
        async with served(serve) as url, no_leaks():
            client = HttpClient("Example")
            for _ in range(3):
                async with client.request("GET", url, timeout=5) as response:
                    assert await response.text() == "well"
            await client.aclose()
            await client.aclose()
        assert len(peers) == 1

    run(work())


def test_a_session_that_was_given_is_left_open() -> None:
    async def work() -> None:
        async with aiohttp.ClientSession() as session:
            await HttpClient("Example", session=session).aclose()
            assert not session.closed

    run(work())


def test_a_refusal_tells_all_but_the_key() -> None:
    async def serve(_request: web.Request) -> web.Response:
        headers = {"Retry-After": "3", "X-Request-Id": "r1"}
        return web.Response(status=429, text=f"wrong key {KEY}", headers=headers)

    with pytest.raises(APIStatusError) as caught:
        run(asked(serve))
    error = caught.value
    assert (error.status_code, error.request_id, error.retry_after) == (429, "r1", 3)
    assert error.body == "wrong key ***"


def test_a_token_of_one_request_is_hidden_too() -> None:
    async def serve(request: web.Request) -> web.Response:
        return web.Response(status=403, text=f"{KEY}, {request.headers['Authorization']}")

    async def work() -> None:
        client = HttpClient("Example", secrets=("a very", KEY))
        async with served(serve) as url:
            headers = {"Authorization": "Bearer fetched"}
            asked = client.request("GET", url, timeout=5, headers=headers, secrets=("fetched", ""))
            try:
                async with asked:
                    pass
            finally:
                await client.aclose()

    with pytest.raises(APIStatusError) as caught:
        run(work())
    assert caught.value.body == "***, Bearer ***"


@pytest.mark.parametrize("size", [10, 300_000, 3_000_000])
@pytest.mark.parametrize("kind", ["json", "data"])
def test_a_body_may_be_long(kind: str, size: int) -> None:
    """Above a megabyte aiohttp warns, which is an error here."""
    content = {"json": {"é": "x" * size}, "data": b"x" * size}[kind]
    got: list[tuple[str, str | None, object]] = []

    async def serve(request: web.Request) -> web.Response:
        body = await request.read()
        known = json.loads(body) if kind == "json" else body
        got.append((request.content_type, request.headers.get("Content-Length"), known))
        return web.Response()

    async def work() -> None:
        client = HttpClient("Example")
        async with served(serve, largest=2**23) as url:
            async with client.request("POST", url, timeout=5, **{kind: content}):
                pass
            await client.aclose()

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ResourceWarning)
        run(work())
    assert not [one for one in warned if "large body" in str(one.message)]
    [(type_, length, known)] = got
    assert known == content
    assert type_ == {"json": "application/json", "data": "application/octet-stream"}[kind]
    assert length is not None


def test_a_type_that_is_said_is_kept() -> None:
    async def serve(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["Content-Type"])

    async def work() -> str:
        client = HttpClient("Example")
        async with served(serve) as url:
            headers = {"content-type": "application/x-example+json"}
            asked = client.request("POST", url, timeout=5, json={}, headers=headers)
            async with asked as response:
                answer: str = await response.text()
            await client.aclose()
            return answer

    assert run(work()) == "application/x-example+json"


def test_a_redirect_is_not_followed_with_the_key() -> None:
    async def serve(_request: web.Request) -> web.Response:
        raise web.HTTPFound("http://elsewhere.invalid/")

    with pytest.raises(APIStatusError, match="302"):
        run(asked(serve))


def test_an_answer_that_stalls_is_given_up() -> None:
    async def serve(_request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    with pytest.raises(APITimeoutError):
        run(asked(serve, timeout=0.1))


def test_nobody_who_listens_is_a_connection_error() -> None:
    async def work() -> None:
        client = HttpClient("Example")
        try:
            async with client.request("GET", "http://127.0.0.1:1/", timeout=5):
                pass
        finally:
            await client.aclose()

    with pytest.raises(APIConnectionError, match="cannot be reached"):
        run(work())
