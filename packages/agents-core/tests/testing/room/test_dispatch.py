"""Who gets a job, and what becomes of it."""

from __future__ import annotations

import asyncio

import pytest
from livekit.api import TokenVerifier
from livekit.protocol import agent
from raw_rooms import registered, run

from agents_core.testing.room import NotSeen, RoomServer, Undispatched


def test_a_job_goes_to_the_least_loaded_worker_and_from_its_beginning_to_its_end() -> None:
    async def scenario() -> None:
        async with (
            RoomServer() as server,
            registered(server, load=0.5),
            registered(server, load=0.2) as worker,
            registered(server, load=0.0, full=True),
        ):
            dispatching = asyncio.create_task(server.dispatch(room="a room", metadata="m"))
            job = await worker.take(participant_identity="agent", participant_name="A")
            assignment = await worker.hear("assignment")
            dispatch = await dispatching
            claims = TokenVerifier(server.api_key, server.api_secret).verify(assignment.token)
            assert dispatch.status == "pending"
            await worker.report(job, agent.JS_RUNNING)
            await dispatch.wait_status("running")
            await dispatch.terminate()
            assert (await worker.hear("termination")).job_id == job
            await worker.report(job, agent.JS_FAILED, "it broke")

            assert (await dispatch.wait_status("failed"))["error"] == "it broke"
            assert (dispatch.job_id, dispatch.identity) == (job, "agent")
            assert (assignment.job.room.name, assignment.job.metadata) == ("a room", "m")
            assert (claims.identity, claims.name, claims.kind) == ("agent", "A", "agent")
            with pytest.raises(NotSeen):
                await dispatch.wait_status("success", within=0.01)

    run(scenario)


def test_a_job_that_one_worker_refuses_goes_to_the_next() -> None:
    async def scenario() -> None:
        async with (
            RoomServer() as server,
            registered(server, load=0.1) as first,
            registered(server, load=0.2) as second,
        ):
            dispatching = asyncio.create_task(server.dispatch(room="a room"))
            await first.take(available=False)
            job = await second.take()

            assert (await dispatching).job_id == job
            assert (await dispatching).identity == f"agent-{job}"

    run(scenario)


def test_a_worker_can_say_that_nobody_shall_take_a_job() -> None:
    async def scenario() -> None:
        async with (
            RoomServer() as server,
            registered(server) as first,
            registered(server, load=0.2),
        ):
            dispatching = asyncio.create_task(server.dispatch(room="a room"))
            await first.take(available=False, terminate=True)
            with pytest.raises(Undispatched, match="nobody shall"):
                await dispatching

    run(scenario)


def test_a_job_waits_for_a_worker_of_its_name() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, registered(server, agent_name="other"):
            with pytest.raises(Undispatched, match="none of 1 workers"):
                await server.dispatch(room="a room", agent_name="wanted", within=0.05)
            dispatching = asyncio.create_task(server.dispatch(room="a room", agent_name="wanted"))
            async with registered(server, agent_name="wanted") as worker:
                await worker.take()
                await dispatching

    run(scenario)


def test_a_worker_that_is_gone_gets_nothing() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            async with registered(server):
                dispatching = asyncio.create_task(server.dispatch(room="a room"))
                await server.wait_for("job_offered")
            await server.wait_for("worker_closed", code=1000)
            async with registered(server) as worker:
                job = await worker.take()
                assert (await dispatching).job_id == job

    run(scenario)


def test_where_jobs_are_dispatched_by_themselves_the_first_to_enter_brings_an_agent() -> None:
    async def scenario() -> None:
        async with RoomServer(auto_dispatch=True) as server, registered(server) as worker:
            await server.join("a room", "caller", microphone=False)
            await server.join("a room", "friend", microphone=False)
            await worker.take()
            assert (await worker.hear("assignment")).job.room.name == "a room"
            await server.join("another room", "caller", microphone=False)
            await worker.take()
            await server.wait_for("job_assigned", within=5)

            assert len(server.seen("job_offered")) == 2

    run(scenario)


def test_a_worker_can_ask_for_a_job_of_its_own() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, registered(server, full=True) as worker:
            request = agent.SimulateJobRequest(type=agent.JT_ROOM)
            request.room.name = "my room"
            await worker.say(simulate_job=request)
            await worker.take()

            assert (await worker.hear("assignment")).job.room.name == "my room"

    run(scenario)
