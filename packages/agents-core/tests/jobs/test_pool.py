"""Processes kept ready, given jobs, and ended."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from multiprocessing import forkserver
from pathlib import Path

import psutil
import pytest
from kept_pool import Kept, descriptors, keep, running

from agents_core.jobs.messages import RunningJob
from agents_core.jobs.pool import PoolClosed
from agents_core.jobs.supervisor import StartFailed
from agents_core.jobs.wire import MAX_FRAME, ChannelError


def test_processes_are_kept_ready_and_one_that_is_taken_is_replaced() -> None:
    async def story(kept: Kept) -> None:
        await kept.until(lambda: kept.pool.metrics.idle == 2)
        ready = {process.pid for process in kept.pool.processes}
        job = await kept.launch("linger")
        assert job.pid in ready
        assert kept.pool.metrics.running == 1
        await kept.until(lambda: kept.pool.metrics.idle == 2)
        assert kept.pool.metrics.starts == 3

    keep(story, num_idle=2)


def test_without_idle_processes_each_job_gets_one_of_its_own() -> None:
    async def story(kept: Kept) -> None:
        one, other = await asyncio.gather(kept.launch("linger"), kept.launch("linger"))
        assert one.pid != other.pid
        assert (kept.pool.metrics.idle, kept.pool.metrics.starts) == (0, 2)

    keep(story)


def test_processes_are_initialised_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEETING", str(tmp_path))

    async def story(kept: Kept) -> None:
        await kept.until(lambda: kept.pool.metrics.idle == 2)
        assert kept.pool.metrics.initialize_failures == 0

    keep(story, num_idle=2, max_initializing=2, prewarm="prewarm_meets")


def test_no_more_are_initialised_at_once_than_the_machine_can_bear() -> None:
    seen = set()

    async def story(kept: Kept) -> None:
        launches = [asyncio.create_task(kept.launch("linger")) for _ in range(6)]
        while not all(launch.done() for launch in launches):
            seen.add(kept.pool.metrics.initializing)
            await asyncio.sleep(0)
        await asyncio.gather(*launches)

    keep(story, max_initializing=2)
    assert max(seen) == 2


@pytest.mark.parametrize(
    ("prewarm", "words"),
    [
        ("prewarm_fails", "LookupError: no model"),
        ("prewarm_hangs", "not initialised after 0.5 s"),
        ("prewarm_deadlocks", "not initialised after 0.5 s"),
        ("prewarm_leaves", "ended with status 7"),
    ],
)
def test_a_job_is_told_why_no_process_could_be_had_for_it(prewarm: str, words: str) -> None:
    async def story(kept: Kept) -> None:
        with pytest.raises(StartFailed, match=words):
            await kept.launch("talk")
        assert kept.pool.metrics.initialize_failures == 1

    kept = keep(story, prewarm=prewarm, initialize=0.5)
    assert kept.said == []


def test_an_agent_that_cannot_be_imported_is_told_by_its_error(tmp_path: Path) -> None:
    agent = tmp_path / "broken_agent.py"
    agent.write_text("import there_is_no_such_module")

    async def story(kept: Kept) -> None:
        with pytest.raises(StartFailed, match=r"ModuleNotFoundError.*there_is_no_such_module"):
            await kept.launch("talk")

    keep(story, path=agent)


def test_processes_that_cannot_start_are_not_started_again_and_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(kept: Kept) -> None:
        await kept.until(lambda: kept.pool.metrics.initialize_failures == 3)
        await asyncio.sleep(0.3)
        # 0.1 s, 0.2 s, 0.4 s...
        assert kept.pool.metrics.starts <= 4

    keep(story, num_idle=1, prewarm="prewarm_fails", restart_wait=0.1)
    assert "replaced in 0.2 s at the soonest" in caplog.text


def test_processes_that_die_when_they_are_ready_are_not_started_again_and_again() -> None:
    async def story(kept: Kept) -> None:
        await kept.until(lambda: kept.pool.metrics.ended >= 2)
        await asyncio.sleep(0.3)
        assert kept.pool.metrics.starts <= 4
        assert kept.pool.metrics.deaths[0][0] == "SIGALRM"

    keep(story, num_idle=1, prewarm="prewarm_then_dies", restart_wait=0.2)


def test_a_job_need_not_wait_because_idle_processes_failed() -> None:
    async def story(kept: Kept) -> None:
        await kept.until(lambda: kept.pool.metrics.ended == 1)
        async with asyncio.timeout(10):
            with pytest.raises(StartFailed, match="no model"):
                await kept.launch("talk")

    keep(story, num_idle=1, prewarm="prewarm_fails", restart_wait=30)


def test_an_idle_process_that_dies_is_replaced_and_no_job_is_lost_on_it() -> None:
    async def story(kept: Kept) -> None:
        await kept.until(lambda: kept.pool.metrics.idle == 1)
        [idle] = kept.pool.processes
        os.kill(idle.pid or 0, signal.SIGKILL)
        # Before the loop has a turn in which it could notice.
        os.waitid(os.P_PID, idle.pid or 0, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222 - see above
        job = await kept.launch("talk")
        await job.gone()

    kept = keep(story, num_idle=1)
    assert kept.story("talk") == ["running", "success"]


def test_draining_waits_for_jobs_and_takes_no_more() -> None:
    async def story(kept: Kept) -> None:
        job = await kept.launch("linger")
        await kept.until(lambda: kept.pool.metrics.idle == 1)
        drain = asyncio.create_task(kept.pool.drain())
        await kept.until(lambda: len(kept.pool.processes) == 1)
        with pytest.raises(PoolClosed):
            await kept.launch("talk")
        assert not drain.done()
        job.end("it is over")
        await drain

    kept = keep(story, num_idle=1)
    assert kept.story("linger") == ["running", "success"]


def test_who_waits_for_a_process_when_the_pool_closes_is_told() -> None:
    async def story(kept: Kept) -> None:
        launch = asyncio.create_task(kept.launch("talk"))
        await asyncio.sleep(0)
        await kept.pool.aclose()
        with pytest.raises(PoolClosed):
            await launch

    keep(story, prewarm="prewarm_hangs")


def test_a_launch_that_is_given_up_leaves_its_process_to_the_next() -> None:
    async def story(kept: Kept) -> None:
        launch = asyncio.create_task(kept.launch("talk"))
        await asyncio.sleep(0)
        launch.cancel()
        await kept.until(lambda: kept.pool.metrics.idle == 1)
        await kept.launch("linger")
        assert kept.pool.metrics.starts == 1

    keep(story)


def test_closing_twice_and_closing_nothing_are_fine() -> None:
    async def story(kept: Kept) -> None:
        await asyncio.gather(kept.pool.aclose(), kept.pool.aclose())

    keep(story, num_idle=1)


def test_a_job_that_cannot_be_sent_fails_alone() -> None:
    too_long = RunningJob(
        job=running("talk").job, url="", token="", worker_id="", metadata="x" * MAX_FRAME
    )

    async def story(kept: Kept) -> None:
        with pytest.raises(ChannelError):
            await kept.pool.launch(too_long)
        job = await kept.launch("talk")
        await job.gone()

    keep(story)


def test_two_hundred_jobs_leave_nothing_behind() -> None:
    sizes = []

    async def story(kept: Kept) -> None:
        worker = psutil.Process()
        slots = asyncio.Semaphore(4)

        async def one(number: int) -> None:
            async with slots:
                job = await kept.launch("talk")
                report = await job.gone()
                assert report.failure is None
                if number % 50 == 49:
                    sizes.append((len(descriptors()), threading.active_count()))

        await one(49)
        before = worker.memory_info().rss
        await asyncio.gather(*(one(number) for number in range(200)))
        assert worker.memory_info().rss - before < 20 * 1024 * 1024
        assert kept.pool.metrics.starts == 201

    kept = keep(story)
    assert [kept.story("talk").count(each) for each in ("success", "failed")] == [201, 0]
    assert max(descriptors for descriptors, _ in sizes) <= min(sizes)[0] + 4 * 4
    assert len({threads for _, threads in sizes}) == 1


def test_jobs_of_a_fork_server_that_was_killed_are_told_of_and_the_next_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)

    async def story(kept: Kept) -> None:
        jobs = [await kept.launch("linger"), await kept.launch("stop")]
        await kept.until(lambda: psutil.Process(jobs[1].pid).status() == psutil.STATUS_STOPPED)
        os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)
        following = await kept.launch("talk")
        assert (await following.gone()).failure is None
        for job in jobs:
            assert psutil.pid_exists(job.pid or 0)
            job.end("it is over")
            assert "status that nobody knows" in str(await job.gone())

    kept = keep(story, start_method="forkserver")
    assert kept.story("linger") == ["running", "failed"]
