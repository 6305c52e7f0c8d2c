"""Callers who hang up while the job that is for them is still beginning."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from lived_worker import BOUND, LivedWorker, living
from worker_life import run

from agents_core.testing.room import RoomServer, room_is_possible

pytestmark = pytest.mark.skipif(room_is_possible() is not None, reason=str(room_is_possible()))


@pytest.mark.parametrize(
    ("does", "moment"),
    [
        ("waits_before_it_connects", "before it connects"),
        ("waits_for_a_caller", "while it connects"),
        ("waits_for_a_caller", "in the entry point"),
    ],
)
def test_a_job_whose_caller_leaves_while_it_begins_ends_like_any_other(
    does: str, moment: str
) -> None:
    async def life() -> None:
        async with RoomServer() as server:
            with contextlib.ExitStack() as stack:
                # In a thread: the server is in this one, and the worker is to register there.
                worker = await asyncio.to_thread(stack.enter_context, living(server))
                await call(server, worker, does, moment)
                assert await asyncio.to_thread(worker.end) == 0

    run(life(), within=90)


async def call(server: RoomServer, worker: LivedWorker, does: str, moment: str) -> None:
    """Come, leave at that moment, and see the job end."""
    caller = await server.join("lobby", "caller")
    dispatch = await server.dispatch(room="lobby", metadata=does, within=30)
    job = dispatch.job_id
    match moment:
        case "before it connects":
            await dispatch.wait_status("running", within=30)
        case "while it connects":
            await server.wait_for("joined", dispatch.identity, within=30)
        case "in the entry point":
            await asyncio.to_thread(worker.wait_for, "waiting for the caller", job=job)
    await caller.leave()
    await asyncio.to_thread(worker.wait_for, "waiting for the caller", job=job)

    await dispatch.terminate()

    gone = await asyncio.to_thread(worker.gone, job)
    [begun] = [line for line in worker.log(job=job) if "the job shuts down" in line.said]
    assert gone.at - begun.at < BOUND
    assert (await server.wait_for("leave", dispatch.identity))["reason"] == "CLIENT_INITIATED"
    await server.wait_for("room_closed")
    await dispatch.wait_status("success")
    told = [event["status"] for event in server.seen("job_status", job=job)]
    assert told == ["running", "success"]
