"""Whole lives of workers, at a stand-in server, with real processes for their jobs."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import replace
from typing import Any

import pytest
from worker_life import (
    alive,
    cannot_be_warmed,
    eventually,
    fails,
    get,
    joins,
    options_for,
    pids,
    run,
    working,
)

from agents_core.errors import MissingCredentialsError, WorkerError
from agents_core.jobs.request import JobRequest
from agents_core.testing.room import RoomServer, room_is_possible
from agents_core.worker.worker import Worker


def test_a_job_runs_in_a_process_of_its_own_and_ends_when_the_server_says_so() -> None:
    async def life() -> None:
        async with RoomServer() as server, working(server, agent_name="ann") as worker:
            known = await server.wait_for("worker_registered", agent_name="ann")
            await eventually(lambda: worker.id == known["worker"])
            dispatch = await server.dispatch(room="lobby", agent_name="ann")
            await dispatch.wait_status("running")
            [pid] = pids(worker)
            [job] = worker.active_jobs
            assert alive(pid)
            assert (job.identity, job.url) == (dispatch.identity, server.url)
            assert (job.api_key, job.api_secret) == (server.api_key, server.api_secret)

            await dispatch.terminate()
            await dispatch.wait_status("success")

            assert not alive(pid)
            assert worker.active_jobs == ()
            assert [seen["status"] for seen in server.seen("job_status")] == ["running", "success"]

    run(life())


@pytest.mark.skipif(room_is_possible() is not None, reason=str(room_is_possible()))
def test_an_agent_joins_the_room_it_was_asked_to_and_leaves_it_at_the_end() -> None:
    async def named(request: JobRequest) -> None:
        await request.accept(identity="ann-1", name="Ann", attributes={"mood": "good"})

    async def life() -> None:
        async with (
            RoomServer() as server,
            working(server, entrypoint_fnc=joins, request_fnc=named),
        ):
            dispatch = await server.dispatch(room="lobby")
            joined = await server.wait_for("joined", "ann-1", within=20)
            assert joined.room == "lobby"
            [participant] = server.participants("lobby")
            assert (participant.name, dict(participant.attributes)) == ("Ann", {"mood": "good"})

            await dispatch.terminate()
            await dispatch.wait_status("success", within=20)
            assert server.participants("lobby") == ()

    run(life())


def test_a_job_that_fails_is_reported_with_its_error() -> None:
    async def life() -> None:
        async with RoomServer() as server, working(server, entrypoint_fnc=fails):
            dispatch = await server.dispatch(room="lobby")
            failed = await dispatch.wait_status("failed")

            assert "nobody has taught me that" in failed["error"]

    run(life())


def test_a_job_whose_process_cannot_be_made_is_reported_and_the_worker_is_unwell() -> None:
    async def life() -> None:
        async with (
            RoomServer() as server,
            working(server, prewarm_fnc=cannot_be_warmed) as worker,
        ):
            dispatch = await server.dispatch(room="lobby")
            failed = await dispatch.wait_status("failed")
            assert "the model is not there" in failed["error"]

            status, reason, _ = await get(worker, "/")
            assert (status, "no job process" in reason) == (503, True)

    run(life())


def test_who_watches_a_worker_is_answered() -> None:
    async def life() -> None:
        async with RoomServer() as server, working(server, agent_name="ann") as worker:
            dispatch = await server.dispatch(room="lobby", agent_name="ann")
            await dispatch.wait_status("running")

            assert (await get(worker, "/"))[:2] == (200, "OK")
            told = json.loads((await get(worker, "/worker"))[1])
            assert (told["agent_name"], told["active_jobs"]) == ("ann", 1)
            assert "agents_jobs_running 1\n" in (await get(worker, "/metrics"))[1]

            await dispatch.terminate()
            await dispatch.wait_status("success")

            page = (await get(worker, "/metrics"))[1]
            assert 'agents_jobs_total{status="success"} 1\n' in page
            assert 'agents_shutdown_steps_total{step="entry point",outcome=' in page

    run(life())


def test_draining_takes_no_jobs_and_waits_for_those_that_run() -> None:
    async def life() -> None:
        async with RoomServer() as server, working(server) as worker:
            dispatch = await server.dispatch(room="lobby")
            await dispatch.wait_status("running")
            draining = asyncio.create_task(worker.drain())
            await server.wait_for("worker_status", status="WS_FULL")

            assert (await get(worker, "/"))[:2] == (503, "the worker is draining")
            with pytest.raises(Exception, match="none of 1 workers"):
                await server.dispatch(room="other", within=0.3)
            assert not draining.done()

            await dispatch.terminate()
            async with asyncio.timeout(20):
                await draining
            assert dispatch.status == "success"

    run(life())


def test_draining_can_be_bounded_and_the_jobs_go_on() -> None:
    async def life() -> None:
        async with RoomServer() as server, working(server) as worker:
            dispatch = await server.dispatch(room="lobby")
            await dispatch.wait_status("running")
            [pid] = pids(worker)

            with pytest.raises(TimeoutError):
                await worker.drain(0.1)

            assert alive(pid)
            assert dispatch.status == "running"

    run(life())


def test_closing_ends_the_jobs_and_reports_them_before_it_says_goodbye() -> None:
    async def life() -> None:
        async with RoomServer() as server:
            async with working(server) as worker:
                dispatch = await server.dispatch(room="lobby")
                await dispatch.wait_status("running")
                [pid] = pids(worker)

            assert dispatch.status == "success"
            assert not alive(pid)
            [closed] = server.seen("worker_closed")
            assert closed["code"] == 1000

    run(life())


def test_a_job_lives_on_while_its_server_is_replaced() -> None:
    async def life() -> None:
        async with RoomServer() as first:
            port = int(first.url.rpartition(":")[2])
            keys = {"api_key": first.api_key, "api_secret": first.api_secret}
            async with working(first) as worker:
                dispatch = await first.dispatch(room="lobby")
                await dispatch.wait_status("running")
                [pid] = pids(worker)
                await first.stop()
                await eventually(lambda: not registered(worker))
                assert (await get(worker, "/"))[:1] == (503,)

                async with RoomServer(port=port, **keys) as second:
                    told = await second.wait_for("jobs_migrated")
                    assert told["jobs"] == [dispatch.job_id]
                    assert alive(pid)
                    again = await second.dispatch(room="other")
                    await again.wait_status("running")
                    page = (await get(worker, "/metrics"))[1]
                    assert "agents_worker_reconnects_total 1\n" in page
                    await worker.aclose()
                    ended = await second.wait_for("job_status", job=dispatch.job_id)
                    assert ended["status"] in {"running", "success"}
                    await second.wait_for("job_status", job=dispatch.job_id, status="success")

    run(life())


def test_a_job_that_ends_while_the_server_is_away_is_reported_when_it_is_back() -> None:
    async def life() -> None:
        async with RoomServer() as first:
            port = int(first.url.rpartition(":")[2])
            keys = {"api_key": first.api_key, "api_secret": first.api_secret}
            async with working(first) as worker:
                dispatch = await first.dispatch(room="lobby")
                await dispatch.wait_status("running")
                await first.stop()
                await eventually(lambda: not registered(worker))
                worker._shift.pool.processes[0].end("a test")
                await eventually(lambda: not worker.active_jobs)

                async with RoomServer(port=port, **keys) as second:
                    await second.wait_for("job_status", job=dispatch.job_id, status="success")
                    assert not second.seen("jobs_migrated")

    run(life())


def test_a_worker_can_ask_for_a_job() -> None:
    async def life() -> None:
        async with RoomServer() as server, working(server) as worker:
            await server.wait_for("worker_registered")
            await eventually(lambda: registered(worker))

            await worker.simulate_job("rehearsal")

            running = await server.wait_for("job_status", status="running")
            assert server.seen("job_offered", job=running["job"])[0].room == "rehearsal"

    run(life())


def test_only_a_registered_worker_can_ask_for_a_job() -> None:
    async def life() -> None:
        async with RoomServer() as server:
            with pytest.raises(WorkerError):
                await Worker(options_for(server)).simulate_job("rehearsal")

    run(life())


def test_a_load_of_the_users_own_is_reported_and_fills_the_worker() -> None:
    def load(worker: Worker) -> float:
        assert worker.id
        return 0.9

    async def life() -> None:
        async with (
            RoomServer() as server,
            working(server, load_fnc=load, load_threshold=0.8),
        ):
            full = await server.wait_for("worker_status", status="WS_FULL")
            assert full["load"] == pytest.approx(0.9)

    run(life())


def test_a_wrong_key_ends_the_worker_at_once() -> None:
    async def life() -> None:
        async with RoomServer() as server:
            worker = Worker(options_for(server, api_secret=server.api_secret[::-1]))
            with pytest.raises(WorkerError, match="LIVEKIT_API_SECRET"):
                await worker.run()

    run(life())


def test_a_server_that_is_not_there_is_given_up_with_its_address() -> None:
    async def life() -> str:
        async with RoomServer() as gone:
            options = options_for(gone, max_retry=2)
        with pytest.raises(WorkerError, match="LIVEKIT_URL") as given_up:
            await Worker(options).run()
        assert gone.url in str(given_up.value)
        return str(given_up.value)

    assert "3 tries" in run(life())


def test_a_worker_that_cannot_go_on_lets_its_jobs_end_first() -> None:
    """The line to the server is lost for good, and the caller is still talking."""

    async def life() -> None:
        async with RoomServer() as server:
            options = options_for(server, max_retry=1, drain_timeout=30)
            worker = Worker(options)
            running = asyncio.create_task(worker.run())
            dispatch = await server.dispatch(room="lobby")
            await dispatch.wait_status("running")
            [pid] = pids(worker)
            await server.stop()
            await eventually(lambda: worker._shift.performer.state.draining)
            assert alive(pid)

            worker._shift.pool.processes[0].end("the caller has hung up")
            with pytest.raises(WorkerError, match="given up"):
                async with asyncio.timeout(20):
                    await running

    run(life())


def test_a_worker_without_a_port_for_its_health_does_not_start() -> None:
    async def life() -> None:
        async with RoomServer() as server:
            with socket.socket() as taken:
                taken.bind(("127.0.0.1", 0))
                taken.listen()
                port = taken.getsockname()[1]
                with pytest.raises(WorkerError, match=str(port)):
                    await Worker(options_for(server, port=port)).run()
            assert not server.seen("worker_registered")

    run(life())


def test_a_worker_runs_once_and_can_be_closed_whenever_one_likes() -> None:
    async def life() -> None:
        async with RoomServer() as server:
            unused = Worker(options_for(server))
            await unused.drain()
            await unused.aclose()
            assert (unused.id, unused.port, unused.active_jobs) == ("unregistered", 0, ())
            async with working(server) as worker:
                await worker.aclose()
                await worker.aclose()
                with pytest.raises(RuntimeError):
                    await worker.run()

    run(life())


def test_keys_that_are_nowhere_are_missed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIVEKIT_API_KEY", raising=False)
    options = replace(options_for(RoomServer()), ws_url="ws://host", api_key="")

    with pytest.raises(MissingCredentialsError, match="LIVEKIT_API_KEY"):
        Worker(options)


def test_listeners_hear_of_the_start_and_of_each_registration() -> None:
    heard: list[Any] = []

    async def life() -> None:
        async with RoomServer() as server:
            worker = Worker(options_for(server))
            worker.on("worker_started", lambda: heard.append("started"))
            worker.on("worker_registered", heard.append)
            running = asyncio.create_task(worker.run())
            await eventually(lambda: len(heard) == 2)
            assert heard == ["started", worker.id]
            await worker.aclose()
            await running

    run(life())


def test_idle_processes_are_kept_and_gone_in_the_end() -> None:
    async def life() -> None:
        async with RoomServer() as server:
            async with working(server, num_idle_processes=2) as worker:
                await eventually(lambda: worker._shift.pool.metrics.idle == 2)
                idle = pids(worker)
                assert 'agents_processes{state="idle"} 2\n' in (await get(worker, "/metrics"))[1]

            assert not any(map(alive, idle))

    run(life())


def registered(worker: Worker) -> bool:
    assert worker._shift is not None
    return worker._shift.performer.state.registered
