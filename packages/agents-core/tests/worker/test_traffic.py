from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import aiohttp
import pytest
from scripted_server import API_KEY, API_SECRET, Line, Script, ScriptedServer
from worker_life import QUICK, eventually, run

from agents_core.jobs.credentials import Credentials
from agents_core.worker.connection import Connection, ConnectionLost
from agents_core.worker.messages import FromServer, JobAnswer, JobOffered, Ping, Pong, Register
from agents_core.worker.traffic import Traffic

HELLO = Register(worker_type="JT_ROOM", agent_name="", version="1", ping_interval=5)


class Exchange:
    """A worker's side of the traffic: what it hears, and what it says to it."""

    def __init__(self, connection: Connection, *, silence: float = 10) -> None:
        self.heard: list[FromServer] = []
        self.pings = 0
        self.traffic = Traffic(connection, replace(QUICK, silence=silence))

    def hear(self, message: FromServer) -> None:
        self.heard.append(message)
        if isinstance(message, JobOffered):
            self.traffic.send(JobAnswer(job_id=message.job_id, available=False))

    def ping(self) -> None:
        self.pings += 1
        self.traffic.send(Ping(timestamp=self.pings))

    async def run(self) -> None:
        await self.traffic.run(self.hear, self.ping)


def exchange(script: Script, *, silence: float = 10, give_up: str = "") -> tuple[Exchange, str]:
    """The traffic until it ends, and why it did."""

    async def talk() -> tuple[Exchange, str]:
        async with ScriptedServer(script) as server, aiohttp.ClientSession() as session:
            credentials = Credentials(url=server.url, api_key=API_KEY, api_secret=API_SECRET)
            connection, _ = await Connection.open(session, credentials, HELLO, QUICK)
            side = Exchange(connection, silence=silence)
            if give_up:
                asyncio.get_running_loop().call_later(0.1, side.traffic.give_up, give_up)
            with pytest.raises(ConnectionLost) as lost:
                await side.run()
            await connection.close()
            return side, str(lost.value)

    return run(talk())


def test_both_sides_are_heard_in_order() -> None:
    async def script(line: Line) -> None:
        await line.register()
        for job_id in "ABC":
            await line.offer(job_id)
        for _ in "ABC":
            await line.hear("availability")
        answers = [message.availability.job_id for message in line.heard]
        assert [job_id for job_id in answers if job_id] == ["A", "B", "C"]

    side, why = exchange(script)

    assert [type(message) for message in side.heard] == [JobOffered] * 3
    assert "closed" in why


def test_a_server_that_answers_pings_is_alive() -> None:
    async def script(line: Line) -> None:
        await line.register()
        for _ in range(5):
            ping = (await line.hear("ping")).ping
            await line.say(pong={"last_timestamp": ping.timestamp})

    side, _ = exchange(script, silence=0.5)

    assert [message for message in side.heard if isinstance(message, Pong)]
    assert side.pings >= 5


def test_a_server_that_says_nothing_is_given_up() -> None:
    async def script(line: Line) -> None:
        await line.register()
        await line.hear("availability", within=10)

    _, why = exchange(script, silence=0.3)

    assert "said nothing for" in why


def test_traffic_that_is_given_up_ends_with_the_reason() -> None:
    async def script(line: Line) -> None:
        await line.register()
        await line.listen()

    _, why = exchange(script, give_up="the server asked for it")

    assert why == "the server asked for it"


def test_a_server_that_asks_and_never_listens_is_not_listened_to_for_ever() -> None:
    """Its offers stay in its own buffers, and our answers do not pile up without end."""

    async def script(line: Line) -> None:
        await line.register()
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(3):
                while True:
                    await line.offer("x" * 250)

    async def talk() -> int:
        async with ScriptedServer(script) as server, aiohttp.ClientSession() as session:
            credentials = Credentials(url=server.url, api_key=API_KEY, api_secret=API_SECRET)
            timings = replace(QUICK, send=1, silence=5)
            connection, _ = await Connection.open(session, credentials, HELLO, timings)
            side = Exchange(connection)
            task = asyncio.create_task(side.run())
            await eventually(task.done, within=20)
            assert isinstance(task.exception(), ConnectionLost)
            await connection.close()
            return len(side.traffic._outgoing)

    assert run(talk()) < 1000
