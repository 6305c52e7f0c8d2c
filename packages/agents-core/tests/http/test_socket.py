from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from served import served

from agents_core.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from agents_core.http import HttpClient, Socket
from agents_core.testing.running import run


@contextlib.asynccontextmanager
async def talking(
    talk: Callable[[web.WebSocketResponse, web.Request], Awaitable[object]],
    *,
    timeout: float = 5.0,
) -> AsyncIterator[Socket]:
    async def serve(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await talk(socket, request)
        return socket

    client = HttpClient("Example")
    async with served(serve) as url:
        try:
            async with client.connect(url, timeout=timeout) as socket:
                yield socket
        finally:
            await client.aclose()


def test_a_vendor_that_says_goodbye_is_at_its_end() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        async for message in socket:
            await socket.send_str(message.data)
            await socket.send_bytes(b"sound")
            await socket.close()

    async def work() -> list[str | bytes]:
        async with talking(talk) as socket:
            await socket.send({"text": "é"})
            return [message async for message in socket]

    assert run(work()) == ['{"text": "\\u00e9"}', b"sound"]


@pytest.mark.parametrize(("code", "retryable"), [(1011, True), (1008, False), (4000, True)])
def test_a_code_that_is_an_error_is_one(code: int, *, retryable: bool) -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await socket.close(code=code, message=b"because")

    async def work() -> None:
        async with talking(talk) as socket:
            await socket.receive()

    with pytest.raises(APIStatusError) as caught:
        run(work())
    error = caught.value
    assert (error.status_code, error.body, error.retryable) == (code, "because", retryable)


def test_a_connection_that_breaks_without_a_word_is_no_end() -> None:
    async def talk(_socket: web.WebSocketResponse, request: web.Request) -> None:
        assert request.transport is not None
        request.transport.close()

    async def work() -> None:
        async with talking(talk) as socket:
            await socket.receive()

    with pytest.raises(APIConnectionError, match="broke"):
        run(work())


async def _silent(socket: web.WebSocketResponse, _request: web.Request) -> None:
    async for message in socket:
        await asyncio.sleep(float(message.data))
        await socket.send_str("at last")


def test_silence_is_a_failure_where_an_answer_is_owed() -> None:
    async def work(*, before: bool) -> None:
        async with talking(_silent, timeout=0.1) as socket:
            receiving = asyncio.create_task(socket.receive()) if not before else None
            await asyncio.sleep(0.05)
            await socket.send("60")
            socket.expect()
            await (receiving or socket.receive())

    for before in (True, False):
        with pytest.raises(APITimeoutError):
            run(work(before=before))


def test_silence_is_borne_where_nothing_is_owed() -> None:
    async def work() -> list[str | bytes | None]:
        async with talking(_silent, timeout=0.1) as socket:
            receiving = asyncio.create_task(socket.receive())
            await socket.send("0.3")
            socket.expect()
            socket.rest()
            first = await receiving
            await socket.send("0.3")
            return [first, await socket.receive()]

    assert run(work()) == ["at last", "at last"]


def test_leaving_does_not_wait_for_a_vendor_that_hangs() -> None:
    async def talk(_socket: web.WebSocketResponse, _request: web.Request) -> None:
        await asyncio.sleep(60)

    async def work() -> float:
        loop = asyncio.get_running_loop()
        async with talking(talk):
            began = loop.time()
        return loop.time() - began

    assert run(work()) < 2  # what a stream's aclose() waits for its generator


def test_a_broken_frame_is_an_api_error() -> None:
    async def talk(_socket: web.WebSocketResponse, request: web.Request) -> None:
        assert request.transport is not None
        request.transport.write(b"\xff\xff\xff\xff")  # type: ignore[attr-defined]
        await asyncio.sleep(1)

    async def work() -> None:
        async with talking(talk) as socket:
            await socket.receive()

    with pytest.raises(APIError):
        run(work())


def test_a_goodbye_that_repeats_a_secret_loses_it() -> None:
    async def serve(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close(code=1008, message=b"neither a-key nor a-token")
        return socket

    async def work() -> None:
        client = HttpClient("Example", secrets=("a-key",))
        async with served(serve) as url:
            try:
                async with client.connect(url, timeout=5, secrets=("a-token",)) as socket:
                    await socket.receive()
            finally:
                await client.aclose()

    with pytest.raises(APIStatusError) as caught:
        run(work())
    assert caught.value.body == "neither *** nor ***"
