"""What workers say, and what the server makes of it."""

from __future__ import annotations

import aiohttp
import pytest
from livekit.protocol import agent
from raw_rooms import authorization, registered, run

from agents_core.testing.room import RoomServer


def test_a_ping_is_answered() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, registered(server) as worker:
            await worker.say(ping=agent.WorkerPing(timestamp=7))

            assert (await worker.hear("pong")).last_timestamp == 7

    run(scenario)


def test_load_alone_does_not_change_the_status() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, registered(server, full=True) as worker:
            await worker.say(update_worker=agent.UpdateWorkerStatus(load=0.5, job_count=3))
            status = await server.wait_for("worker_status", load=0.5)

            assert (status["status"], status["jobs"]) == ("WS_FULL", 3)

    run(scenario)


def test_jobs_that_a_worker_wants_moved_are_told() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, registered(server) as worker:
            jobs = agent.MigrateJobRequest(job_ids=["one"], jobs=[agent.Job(id="two")])
            await worker.say(migrate_job=jobs)

            assert (await server.wait_for("jobs_migrated"))["jobs"] == ["one", "two"]

    run(scenario)


def test_a_worker_that_talks_nonsense_is_shown_the_door() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, registered(server) as worker:
            await worker.socket.send_bytes(b"\xff\xff\xff")
            message = await worker.socket.receive()

            assert message.type is aiohttp.WSMsgType.CLOSE
            await server.wait_for("worker_closed")

    run(scenario)


@pytest.mark.parametrize("with_token", [True, False], ids=["a client's token", "no token"])
def test_nobody_registers_without_an_agent_grant(*, with_token: bool) -> None:
    async def scenario() -> None:
        async with RoomServer() as server, aiohttp.ClientSession() as session:
            headers = authorization(server.token("guest", room="a room")) if with_token else {}
            with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
                await session.ws_connect(f"{server.url}/agent", headers=headers)

    run(scenario)
