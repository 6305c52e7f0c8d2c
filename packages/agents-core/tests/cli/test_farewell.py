from __future__ import annotations

import asyncio
import signal
import time

from worker_life import eventually, options_for, run

from agents_core.cli.farewell import Farewell
from agents_core.testing.room import RoomServer
from agents_core.worker.worker import Worker


def test_the_last_signal_works_in_a_loop_that_is_blocked() -> None:
    left: list[int] = []

    async def life() -> None:
        async with RoomServer() as server:
            farewell = Farewell(Worker(options_for(server)), 1, leave=left.append)
            for _ in range(3):
                farewell.hear(signal.SIGTERM)
            assert left == [143], "the loop has not run since"
            await farewell.aclose()

    run(life())


def test_signals_decide_what_the_exit_status_is() -> None:
    async def life() -> list[int]:
        async with RoomServer() as server:
            worker = Worker(options_for(server))
            farewell = Farewell(worker, 30)
            statuses = [farewell.status]
            for _ in range(2):
                farewell.hear(signal.SIGINT)
                await asyncio.sleep(0.01)
                statuses.append(farewell.status)
            await farewell.aclose()
            return statuses

    assert run(life()) == [0, 0, 130]


def test_jobs_that_outlast_the_drain_are_ended_all_the_same() -> None:
    async def life() -> float:
        async with RoomServer() as server:
            worker = Worker(options_for(server))
            farewell = Farewell(worker, 0.2)
            running = asyncio.create_task(worker.run())
            dispatch = await server.dispatch(room="lobby")
            await dispatch.wait_status("running")
            started = time.monotonic()
            farewell.hear(signal.SIGTERM)
            await eventually(running.done)
            await running
            await farewell.aclose()
            assert farewell.status == 0
            assert dispatch.status == "success"
            return time.monotonic() - started

    assert run(life()) >= 0.2
