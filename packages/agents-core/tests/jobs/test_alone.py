"""A job without a worker ends by the same road as one with a worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from agents_core.jobs.alone import LoneJob
from agents_core.jobs.context import JobContext
from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import LoadedEntry
from agents_core.jobs.process import JobProcess
from agents_core.jobs.steps import Skipped, StepReport

QUICK = Deadlines(entry=0.1, cancel=0.5)
STEPS = (
    "stop accepting",
    "entry point",
    "session close",
    "room disconnect",
    "shutdown callbacks",
    "task stop",
    "native dispose",
    "log flush",
)


def live(
    entrypoint: Callable[[JobContext], Awaitable[object]],
    prewarm: Callable[[JobProcess], object] | None = None,
) -> tuple[tuple[StepReport, ...], list[int], list[object]]:
    """What became of each step, the exit status, and the sessions that were hosted."""
    statuses: list[int] = []
    hosted: list[object] = []

    async def life() -> tuple[StepReport, ...]:
        entry = LoadedEntry(entrypoint=entrypoint, prewarm=prewarm)
        job = LoneJob(entry, hosted.append, deadlines=QUICK, leave=statuses.append)
        async with asyncio.timeout(20):
            return await job.live()

    return asyncio.run(life()), statuses, hosted


@pytest.mark.clean_process
def test_its_session_is_the_hosts_and_its_steps_are_those_of_any_job() -> None:
    closed: list[str] = []

    async def entrypoint(context: JobContext) -> None:
        assert context.is_fake_job
        assert context.proc.userdata == {"warm": True}
        await context.connect()  # there is no room: nothing happens
        assert context.host_session("a session")

        async def close(reason: str) -> None:
            closed.append(reason)

        context.register_session(close)
        context.shutdown("it is enough")

    def prewarm(process: JobProcess) -> None:
        process.userdata["warm"] = True

    reports, statuses, hosted = live(entrypoint, prewarm)

    assert tuple(report.step for report in reports) == STEPS
    assert (statuses, hosted, closed) == ([0], ["a session"], ["it is enough"])
    native = next(report for report in reports if report.step == "native dispose")
    assert isinstance(native.outcome, Skipped)


def test_an_entry_point_that_fails_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    async def entrypoint(_: JobContext) -> None:
        raise ValueError("nobody has taught me that")

    _, statuses, _ = live(entrypoint)

    assert statuses == [1]
    assert "nobody has taught me that" in caplog.text


def test_an_entry_point_that_exits_has_not_failed() -> None:
    async def entrypoint(_: JobContext) -> None:
        raise SystemExit

    assert live(entrypoint)[1] == [0]


def test_an_entry_point_without_a_session_has_nothing_to_wait_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def entrypoint(_: JobContext) -> None:
        """Forgets it."""

    with caplog.at_level(logging.WARNING):
        _, statuses, _ = live(entrypoint)

    assert statuses == [0]
    assert "started no session" in caplog.text


def test_an_entry_point_that_stays_is_cancelled_after_its_grace() -> None:
    async def entrypoint(context: JobContext) -> None:
        context.shutdown()
        await asyncio.Event().wait()

    reports, statuses, _ = live(entrypoint)

    assert statuses == [0]
    assert "timed out" in str(reports[1])


def test_a_prewarm_that_fails_is_no_job_at_all() -> None:
    async def entrypoint(_: JobContext) -> None:
        raise AssertionError

    def prewarm(_: JobProcess) -> None:
        raise OSError("the model is not there")

    async def prewarm_later(_: JobProcess) -> None:
        """Nobody would await it."""

    for warm, error in ((prewarm, OSError), (prewarm_later, TypeError)):
        with pytest.raises(error):
            live(entrypoint, warm)


def test_a_job_in_a_room_has_no_host() -> None:
    answers: list[Any] = []

    async def life() -> None:
        from agents_core.jobs.messages import RunningJob
        from agents_core.jobs.shutdown import Shutdown

        running = RunningJob(job=b"", url="", token="", worker_id="")
        shutdown = Shutdown(leave=answers.append)
        context = JobContext(running=running, proc=JobProcess(), shutdown=shutdown)
        answers.append(context.host_session("a session"))

    asyncio.run(life())

    assert answers == [False]
