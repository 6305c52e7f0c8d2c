"""Workers at servers that are slow, confused, or up to no good."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from livekit.protocol import agent
from scripted_server import Line, ScriptedServer
from worker_life import QUICK, eventually, never_decides, options_for, pids, run, working

from agents_core.errors import WorkerError
from agents_core.worker.worker import Worker

Act = Callable[[Line], Awaitable[object]]


def play(act: Act, **options: object) -> ScriptedServer:
    """Let a worker in, and do this to it; what fails in there fails the test."""

    async def life() -> ScriptedServer:
        done = asyncio.Event()

        async def script(line: Line) -> None:
            await line.register()
            try:
                await act(line)
            finally:
                done.set()
            await line.listen()

        async def quietly(line: Line) -> None:
            await line.register()
            await line.listen()

        async with ScriptedServer(script, quietly) as server:
            async with working(server, **options):
                async with asyncio.timeout(30):
                    await done.wait()
            for problem in server.problems:
                raise problem
            return server

    return run(life())


async def answer_to(line: Line, job_id: str) -> agent.AvailabilityResponse:
    while True:
        answer = (await line.hear("availability")).availability
        if answer.job_id == job_id:
            return answer


async def status_of(line: Line, job_id: str) -> agent.UpdateJobStatus:
    while True:
        update = (await line.hear("update_job")).update_job
        if update.job_id == job_id:
            return update


async def end_of(line: Line, job_id: str) -> agent.JobStatus:
    while (status := (await status_of(line, job_id)).status) == agent.JS_RUNNING:
        pass
    return status


def test_a_request_that_is_never_decided_is_declined_in_time() -> None:
    async def act(line: Line) -> None:
        await line.offer("AJ_1")
        answer = await answer_to(line, "AJ_1")
        assert not answer.available
        assert not answer.terminate, "another worker may have it"

    play(act, request_fnc=never_decides)


def test_an_assignment_that_comes_too_late_is_reported_as_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def act(line: Line) -> None:
        await line.offer("AJ_1")
        assert (await answer_to(line, "AJ_1")).available
        await asyncio.sleep(0.6)  # the worker waits for 0.3
        await line.assign("AJ_1")
        assert (await status_of(line, "AJ_1")).status == agent.JS_FAILED

    with caplog.at_level(logging.WARNING):
        play(act)

    assert "AssignmentTimeoutError" in caplog.text


def test_an_assignment_out_of_the_blue_starts_no_process() -> None:
    async def act(line: Line) -> None:
        await line.assign("AJ_1")
        assert (await status_of(line, "AJ_1")).status == agent.JS_FAILED

    play(act)


def test_a_flood_of_offers_is_answered_one_by_one() -> None:
    async def act(line: Line) -> None:
        for number in range(500):
            await line.offer(f"AJ_{number}")
        answered = set()
        while len(answered) < 500:
            answered.add((await line.hear("availability")).availability.job_id)
        await line.hear("ping")

    play(act, request_fnc=never_decides)


def test_nonsense_costs_neither_the_connection_nor_the_jobs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def act(line: Line) -> None:
        await line.offer("AJ_1")
        await answer_to(line, "AJ_1")
        await line.assign("AJ_1")
        assert (await status_of(line, "AJ_1")).status == agent.JS_RUNNING

        await line.socket.send_bytes(b"\xff" * 1000)
        await line.socket.send_bytes(b"")
        await line.socket.send_str("hello")
        await line.say(termination={"job_id": "of somebody else"})
        await line.say(pong={"last_timestamp": 2**62})
        await line.say(availability={"job": {}})
        await line.say(register={"worker_id": "AW_again"})

        await line.say(termination={"job_id": "AJ_1"})
        assert await end_of(line, "AJ_1") == agent.JS_SUCCESS

    with caplog.at_level(logging.WARNING):
        server = play(act)

    assert server.connections == 1
    assert caplog.text.count("not understood") == 4


def test_a_termination_before_the_process_is_ready_is_not_lost() -> None:
    async def act(line: Line) -> None:
        await line.offer("AJ_1")
        await answer_to(line, "AJ_1")
        await line.assign("AJ_1")
        await line.say(termination={"job_id": "AJ_1"})
        assert await end_of(line, "AJ_1") in {agent.JS_SUCCESS, agent.JS_FAILED}

    play(act)


def test_a_job_that_is_terminated_while_it_is_assigned_is_forgotten() -> None:
    async def act(line: Line) -> None:
        await line.offer("AJ_1")
        assert (await answer_to(line, "AJ_1")).available
        await line.say(termination={"job_id": "AJ_1"})
        await line.assign("AJ_1")
        assert (await status_of(line, "AJ_1")).status == agent.JS_FAILED

    play(act)


def test_a_resumed_job_is_a_job() -> None:
    async def act(line: Line) -> None:
        await line.say(availability={"job": {"id": "AJ_1"}, "resuming": True})
        assert (await answer_to(line, "AJ_1")).available

    play(act)


async def one_job(line: Line) -> None:
    await line.register("AW_1")
    await line.offer("AJ_1")
    await answer_to(line, "AJ_1")
    await line.assign("AJ_1")
    await status_of(line, "AJ_1")


async def an_oversized_message(line: Line) -> None:
    await line.socket.send_bytes(bytes(5 * 1024 * 1024))
    await line.listen()


async def a_farewell(line: Line) -> None:
    await line.say(go_away={"reason": "a new version is deployed"})
    await line.listen()


async def an_aborted_connection(line: Line) -> None:
    transport = line.socket._req.transport
    transport.abort()


async def silence(line: Line) -> None:
    await line.hear("migrate_job", within=30)


@pytest.mark.parametrize("blow", [an_oversized_message, a_farewell, an_aborted_connection, silence])
def test_a_job_outlives_its_connection(blow: Act) -> None:
    async def life() -> None:
        back = asyncio.Event()

        async def first(line: Line) -> None:
            await one_job(line)
            await blow(line)

        async def second(line: Line) -> None:
            await line.register("AW_2")
            assert list((await line.hear("migrate_job")).migrate_job.job_ids) == ["AJ_1"]
            back.set()
            await line.listen()

        patience = replace(QUICK, silence=5 if blow is silence else QUICK.silence)
        async with (
            ScriptedServer(first, second) as server,
            working(server, timings=patience) as worker,
        ):
            await eventually(lambda: len(worker.active_jobs) == 1)
            [pid] = pids(worker)
            async with asyncio.timeout(20):
                await back.wait()
            assert pids(worker) == [pid]
            assert worker.id == "AW_2"

    run(life())


def test_a_server_that_comes_back_with_other_keys_ends_the_worker_but_not_its_jobs() -> None:
    async def life() -> None:
        async def leave(line: Line) -> None:
            await one_job(line)

        async with ScriptedServer(leave, 401) as server:
            worker = Worker(options_for(server, drain_timeout=30))
            running = asyncio.create_task(worker.run())
            await eventually(lambda: is_draining(worker))
            assert len(worker.active_jobs) == 1
            await worker.aclose()
            with pytest.raises(WorkerError, match="LIVEKIT_API_KEY"):
                await running
            assert server.connections == 2

    run(life())


def test_a_server_that_drops_everybody_is_not_asked_for_ever() -> None:
    async def life() -> int:
        async with ScriptedServer(Line.register) as server:
            with pytest.raises(WorkerError, match="given up"):
                await Worker(options_for(server, max_retry=3)).run()
            return server.connections

    assert run(life()) == 4


def is_draining(worker: Worker) -> bool:
    return worker._shift is not None and worker._shift.performer.state.draining
