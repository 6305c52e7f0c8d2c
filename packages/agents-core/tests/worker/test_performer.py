from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from worker_life import QUICK, never_decides, run

from agents_core.errors import AgentsError
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.request import JobRequest
from agents_core.worker.effects import JobChanged, Lost
from agents_core.worker.messages import (
    JobAssigned,
    JobOffered,
    JobStatus,
    JobTerminated,
    Registered,
)
from agents_core.worker.options import accept_every_job
from agents_core.worker.performer import Launched, Performer
from agents_core.worker.state import Limits, State

OFFER = JobOffered(job_id="A", job=b"\n\x01A")
ASSIGNMENT = JobAssigned(job_id="A", job=b"\n\x01A", token="")


class Process:
    """Notes why it was told to end."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def end(self, reason: str) -> None:
        self.reasons.append(reason)


def performer(
    launch: Callable[[RunningJob], Awaitable[Launched]],
    request_fnc: Callable[[JobRequest], Awaitable[object]] = accept_every_job,
) -> Performer:
    limits = Limits(load_threshold=0.7, job_load=0.1)
    known = Performer(
        State(limits=limits, url="ws://server"),
        request_fnc=request_fnc,
        launch=launch,
        timings=QUICK,
    )
    known.feed(Registered(worker_id="AW_1"))
    return known


async def accepted(performer: Performer) -> None:
    """Until the job is ours but for the assignment."""
    performer.feed(OFFER)
    async with asyncio.timeout(5):
        await performer.until(lambda state: any(offer.accepted for offer in state.offers.values()))


def test_a_job_is_launched_and_stopped() -> None:
    async def life() -> list[str]:
        process = Process()
        launched = asyncio.Event()

        async def launch(running: RunningJob) -> Process:
            assert running.identity == "agent-A"
            launched.set()
            return process

        known = performer(launch)
        await accepted(known)
        known.feed(ASSIGNMENT)
        await launched.wait()
        await asyncio.sleep(0)
        known.feed(JobTerminated(job_id="A"))
        await known.aclose()
        return process.reasons

    assert run(life()) == ["the server terminated the job"]


def test_a_job_that_is_stopped_while_it_is_launched_is_ended_when_it_is_there() -> None:
    async def life() -> list[str]:
        process = Process()
        ready = asyncio.Event()

        async def launch(_: RunningJob) -> Process:
            await ready.wait()
            return process

        known = performer(launch)
        await accepted(known)
        known.feed(ASSIGNMENT)
        known.feed(JobTerminated(job_id="A"))
        assert not process.reasons
        ready.set()
        await asyncio.sleep(0.01)
        await known.aclose()
        return process.reasons

    assert len(run(life())) == 1


def test_a_job_that_cannot_be_launched_has_failed() -> None:
    async def life() -> frozenset[str]:
        async def launch(_: RunningJob) -> Process:
            raise AgentsError("no process to be had")

        known = performer(launch)
        await accepted(known)
        known.feed(ASSIGNMENT)
        async with asyncio.timeout(5):
            await known.until(lambda state: not state.jobs)
        update = known.state.unconfirmed["A"].update
        assert (update.status, update.error) == (JobStatus.FAILED, "no process to be had")
        await known.aclose()
        return known.state.jobs

    assert run(life()) == frozenset()


def test_a_job_that_is_over_before_it_was_launched_leaves_nothing_behind() -> None:
    async def life() -> dict[str, Launched]:
        async def launch(_: RunningJob) -> Process:
            known.feed(JobChanged(job_id="A", status=JobStatus.SUCCESS))
            return Process()

        known = performer(launch)
        await accepted(known)
        known.feed(ASSIGNMENT)
        async with asyncio.timeout(5):
            await known.until(lambda state: not state.jobs)
        await known.aclose()
        return known._processes

    assert run(life()) == {}


async def no_launch(_: RunningJob) -> Process:
    raise AssertionError("nothing was assigned")


def test_an_assignment_that_does_not_come_is_noticed() -> None:
    async def life() -> None:
        known = performer(no_launch)
        await accepted(known)
        async with asyncio.timeout(5):
            await known.until(lambda state: not state.offers)
        await known.aclose()

    run(life())


def test_the_same_job_may_be_offered_again_over_the_next_connection() -> None:
    asked: list[str] = []

    async def request_fnc(request: JobRequest) -> None:
        asked.append(request.id)
        await asyncio.Event().wait()

    async def life() -> None:
        known = performer(no_launch, request_fnc)
        known.feed(OFFER)
        await asyncio.sleep(0)
        known.feed(Lost())
        known.feed(Registered(worker_id="AW_2"))
        known.feed(OFFER)
        await asyncio.sleep(0.01)
        assert len(known._questions) == 1
        async with asyncio.timeout(5):
            await known.until(lambda state: not state.offers)
        await known.aclose()

    run(life())
    assert asked == ["A", "A"]


def test_nothing_is_waited_for_in_the_end() -> None:
    async def life() -> None:
        known = performer(no_launch, never_decides)
        known.feed(OFFER)
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await known.aclose()
        assert not [task for task in asyncio.all_tasks() if "job" in task.get_name()]

    run(life())


def test_a_request_that_refuses_to_stop_is_left_behind_by_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    release = False

    async def stubborn(_: JobRequest) -> None:
        while not release:
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                continue

    async def life() -> None:
        nonlocal release
        known = performer(no_launch, stubborn)
        known.feed(OFFER)
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await known.aclose()
        release = True

    with caplog.at_level(logging.WARNING):
        run(life())

    assert "request_fnc for job 'A'" in caplog.text


def test_a_launch_that_breaks_is_told_as_a_job_that_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def launch(_: RunningJob) -> Launched:
        raise OSError("nobody expected this")

    async def story() -> None:
        worker = performer(launch)
        await accepted(worker)
        worker.feed(ASSIGNMENT)
        async with asyncio.timeout(5):
            await worker.until(lambda state: not state.jobs)
        assert "nobody expected this" in worker.state.unconfirmed["A"].update.error
        assert worker.state.unconfirmed["A"].update.status is JobStatus.FAILED
        await worker.aclose()

    run(story())
    assert "nobody expected this" in caplog.text
