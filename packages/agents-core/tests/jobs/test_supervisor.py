"""One process at a time, each with a job that is up to no good."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import time

import psutil
import pytest
from kept_pool import MISBEHAVING, Kept, children, descriptors, hasty, keep, kinds, running

from agents_core.jobs import watching
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.pool import ProcessPool
from agents_core.jobs.reports import JobStatusChange, ProcessReport
from agents_core.jobs.supervisor import StartFailed, SupervisedJob

SWEEPS = tuple(map(int, os.uname().release.split(".")[:2])) >= (6, 9)

GOOD = ("talk", "linger", "flood")
ENDED_BY_THEMSELVES = ("leave", "crash", "fail", "babble")
ENDED_BY_US = (
    "ignore_cancellation",
    "block_the_loop",
    "hold_the_interpreter",
    "ignore_sigterm",
    "stop",
)
ALL = GOOD + ENDED_BY_THEMSELVES + ENDED_BY_US


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_every_process_is_gone_in_time_whatever_its_job_does(
    caplog: pytest.LogCaptureFixture, method: str
) -> None:
    caplog.set_level(logging.INFO)
    reports = {}
    took = []

    async def story(kept: Kept) -> None:
        processes = {wanted: await kept.launch(wanted) for wanted in ALL}
        by_themselves = {"talk", "flood", *ENDED_BY_THEMSELVES}
        await kept.until(lambda: by_themselves <= kept.finished())
        await asyncio.sleep(0.1)
        started = time.monotonic()
        for process in processes.values():
            process.end("the test is over")
        for wanted, process in processes.items():
            reports[wanted] = await process.gone()
        took.append(time.monotonic() - started)

    kept = keep(story, start_method=method)

    assert took[0] < kept.pool._options.longest_ending
    assert {wanted: reports[wanted].failure is None for wanted in ALL} == {
        wanted: wanted in GOOD or wanted in ("ignore_cancellation", "block_the_loop")
        for wanted in ALL
    }
    assert all(kept.story(wanted)[-1:] in (["success"], ["failed"]) for wanted in ALL)
    assert all(kept.story(wanted)[:-1] in ([], ["running"]) for wanted in ALL)
    for wanted in ("hold_the_interpreter", "ignore_sigterm", "stop"):
        assert "was killed by SIGKILL" in kept.error(wanted)
        assert f"(job {wanted})" in kept.error(wanted)
    assert "was killed by SIGSEGV" in kept.error("crash")
    assert "ended with status 3" in kept.error("leave")
    assert "ValueError: a mistake" in kept.error("fail")
    assert "nonsense" in kept.error("babble")


def test_a_process_that_crashed_in_native_code_says_where(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(kept: Kept) -> None:
        await (await kept.launch("crash")).gone()

    keep(story)
    assert "crashed; its threads" in caplog.text
    assert re.search(r"misbehaving.py.* in crash", caplog.text)


@pytest.mark.skipif(not SWEEPS, reason="before Linux 6.9 a group is not held by a descriptor")
@pytest.mark.parametrize(
    ("wanted", "lives"), [("start_a_program", False), ("start_a_daemon", True)]
)
def test_what_a_job_started_ends_with_it_unless_it_has_a_session_of_its_own(
    caplog: pytest.LogCaptureFixture, wanted: str, *, lives: bool
) -> None:
    caplog.set_level(logging.INFO)
    started = []

    async def story(kept: Kept) -> None:
        report = await (await kept.launch(wanted)).gone()
        assert report.failure is None
        [line] = [r.getMessage() for r in caplog.records if r.name == "misbehaving"]
        started.append(int(line.split()[-1]))

    try:
        keep(story)
        assert [runs(pid) for pid in started] == [lives]
        assert ("left others behind" in caplog.text) == (not lives)
    finally:
        for pid in filter(runs, started):
            os.kill(pid, signal.SIGKILL)


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_worker_whose_loop_is_closed_takes_its_processes_along() -> None:
    pids = []

    async def work() -> None:
        pool = ProcessPool(EntryPoint.at(MISBEHAVING), hasty(num_idle=1))
        await pool.start()
        await pool.launch(running("linger"))
        job = await pool.launch(running("hold_the_interpreter"))
        pids.extend(process.pid for process in pool.processes)
        assert job.pid in pids

    before = kinds(descriptors())
    asyncio.run(asyncio.wait_for(work(), 20))

    assert len(pids) == 3
    assert children() == []
    assert kinds(descriptors()) == before


def test_nobody_who_is_told_can_break_what_tells_them(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(change: JobStatusChange) -> None:
        raise ValueError(change.status)

    async def work() -> None:
        job = SupervisedJob(EntryPoint.at(MISBEHAVING), hasty(), on_status=refuse)
        await job.start()
        job.launch(running("talk"))
        assert (await job.gone()).failure is None

    asyncio.run(asyncio.wait_for(work(), 20))
    assert caplog.text.count("whoever is told about job talk failed") == 2


def test_a_failure_of_the_supervision_itself_ends_the_process_and_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_pid: int) -> int:
        raise OSError("the world is broken")

    monkeypatch.setattr(watching, "measure", fail)

    async def story(kept: Kept) -> None:
        job = await kept.launch("linger")
        report = await job.gone()
        assert "the world is broken" in report.reason

    kept = keep(story, memory_interval=0.1)
    assert kept.story("linger") == ["running", "failed"]
    assert "Traceback" in caplog.text


def test_one_job_is_all_that_a_process_takes() -> None:
    async def work() -> None:
        job = SupervisedJob(EntryPoint.at(MISBEHAVING), hasty())
        with pytest.raises(StartFailed):
            job.launch(running("talk"))
        await job.start()
        job.launch(running("linger"))
        with pytest.raises(StartFailed):
            job.launch(running("talk"))
        job.end("enough")
        await job.gone()
        assert job.job_id == "linger"

    asyncio.run(asyncio.wait_for(work(), 20))


def test_a_process_that_cannot_be_started_is_gone_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> int:
        raise BlockingIOError("no process to be had")

    monkeypatch.setattr(os, "fork", fail)

    async def work() -> ProcessReport:
        job = SupervisedJob(EntryPoint.at(MISBEHAVING), hasty())
        with pytest.raises(StartFailed, match="no process to be had"):
            await job.start()
        return await job.gone()

    report = asyncio.run(asyncio.wait_for(work(), 20))
    assert (report.pid, report.status, report.at_fault) == (None, None, True)
