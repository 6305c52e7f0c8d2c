from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import pytest
from scripted_server import API_KEY, API_SECRET, Line, Script, ScriptedServer

from agents_core.errors import WorkerError
from agents_core.jobs.credentials import Credentials
from agents_core.worker.connection import Connection, ConnectionLost
from agents_core.worker.messages import Ping, Pong, Register, Registered, Unreadable
from agents_core.worker.timings import Timings

HELLO = Register(worker_type="JT_ROOM", agent_name="ann", version="1", ping_interval=5)
QUICK = Timings(connect=1, register=0.2, close=0.5, send=0.5)
_Result = TypeVar("_Result")
Talk = Callable[[Connection, Registered], Awaitable[_Result]]


def talk(server: ScriptedServer, use: Talk[_Result]) -> _Result:
    """Connect to `server`, and use the connection."""

    async def run() -> _Result:
        async with asyncio.timeout(30), server, aiohttp.ClientSession() as session:
            credentials = Credentials(url=server.url, api_key=API_KEY, api_secret=API_SECRET)
            connection, registered = await Connection.open(session, credentials, HELLO, QUICK)
            try:
                return await use(connection, registered)
            finally:
                await connection.close()

    return asyncio.run(run())


async def receive(connection: Connection, _: Registered) -> object:
    return await connection.receive()


async def nothing(_connection: Connection, _registered: Registered) -> None: ...


def then(*acts: Callable[[Line], Awaitable[object]]) -> Script:
    """A script: let the worker in, and do this."""

    async def script(line: Line) -> None:
        await line.register()
        for act in acts:
            await act(line)

    return script


def test_a_worker_comes_with_its_token_and_says_who_it_is() -> None:
    requests = []

    async def script(line: Line) -> None:
        requests.append(await line.register("AW_7"))

    async def use(_: Connection, registered: Registered) -> str:
        return registered.worker_id

    server = ScriptedServer(script)
    assert talk(server, use) == "AW_7"
    assert requests[0].agent_name == "ann"
    assert server.lines[0].headers["Authorization"].startswith("Bearer ey")


def test_messages_go_both_ways() -> None:
    async def use(connection: Connection, _: Registered) -> object:
        await connection.send(Ping(timestamp=9))
        return await connection.receive()

    assert talk(ScriptedServer(then(Line.listen)), use) == Pong(last_timestamp=9)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_final_and_says_where_to_look(status: int) -> None:
    with pytest.raises(WorkerError, match="LIVEKIT_API_KEY and LIVEKIT_API_SECRET") as refused:
        talk(ScriptedServer(status), nothing)

    assert str(status) in str(refused.value)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_any_other_status_may_pass(status: int) -> None:
    with pytest.raises(ConnectionLost, match=f"status {status}.*LIVEKIT_URL"):
        talk(ScriptedServer(status), nothing)


@pytest.mark.parametrize("status", [401, 404])
def test_no_token_travels_with_an_error(status: int) -> None:
    with pytest.raises((ConnectionLost, WorkerError)) as failed:
        talk(ScriptedServer(status), nothing)

    error: BaseException | None = failed.value
    while error is not None:
        assert "Bearer" not in repr(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_an_address_where_nobody_listens_is_said_to_be_so() -> None:
    async def run() -> None:
        async with ScriptedServer(404) as server:
            url = server.url
        credentials = Credentials(url=url, api_key=API_KEY, api_secret=API_SECRET)
        async with aiohttp.ClientSession() as session:
            await Connection.open(session, credentials, HELLO, QUICK)

    with pytest.raises(ConnectionLost, match=r"cannot be reached.*LIVEKIT_URL"):
        asyncio.run(run())


async def says_nothing(line: Line) -> None:
    await line.hear("register")
    await asyncio.sleep(2)


async def says_something_else(line: Line) -> None:
    await line.offer("AJ_1")
    await asyncio.sleep(2)


async def says_garbage(line: Line) -> None:
    await line.socket.send_bytes(b"\xff\xff\xff")
    await asyncio.sleep(2)


async def hangs_up(line: Line) -> None:
    await line.socket.close()


@pytest.mark.parametrize("script", [says_nothing, says_something_else, says_garbage, hangs_up])
def test_a_registration_that_is_not_answered_properly_is_given_up(script: Script) -> None:
    with pytest.raises(ConnectionLost):
        talk(ScriptedServer(script), nothing)


def test_a_server_that_never_upgrades_the_connection_is_given_up() -> None:
    async def run() -> None:
        done = asyncio.Event()

        async def stall(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await done.wait()
            writer.close()

        server = await asyncio.start_server(stall, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        credentials = Credentials(url=url, api_key=API_KEY, api_secret=API_SECRET)
        async with server, aiohttp.ClientSession() as session:
            try:
                await Connection.open(session, credentials, HELLO, QUICK)
            finally:
                done.set()  # since Python 3.12 a server waits for its connections
                await asyncio.sleep(0.05)

    with pytest.raises(ConnectionLost, match="nothing within 1 s"):
        asyncio.run(run())


def test_garbage_and_text_are_read_as_what_they_are() -> None:
    async def babble(line: Line) -> None:
        await line.socket.send_bytes(b"\xff\xff\xff")
        await line.socket.send_str("hello")
        await line.say(pong={"last_timestamp": 1})

    async def use(connection: Connection, _: Registered) -> list[object]:
        return [await connection.receive() for _ in range(3)]

    garbage, text, pong = talk(ScriptedServer(then(babble)), use)
    assert isinstance(garbage, Unreadable)
    assert isinstance(text, Unreadable)
    assert pong == Pong(last_timestamp=1)


def test_a_message_too_large_to_be_one_ends_the_connection() -> None:
    async def shout(line: Line) -> None:
        await line.socket.send_bytes(bytes(5 * 1024 * 1024))

    with pytest.raises(ConnectionLost):
        talk(ScriptedServer(then(shout)), receive)


def test_a_server_that_hangs_up_or_drops_the_line_is_lost() -> None:
    async def drop(line: Line) -> None:
        transport = line.socket._req.transport
        transport.abort()

    for script in (then(hangs_up), then(drop)):
        with pytest.raises(ConnectionLost):
            talk(ScriptedServer(script), receive)


def test_nothing_can_be_sent_over_a_closed_connection() -> None:
    async def use(connection: Connection, _: Registered) -> None:
        await connection.close()
        await connection.send(Ping(timestamp=1))

    with pytest.raises(ConnectionLost):
        talk(ScriptedServer(then(Line.listen)), use)
