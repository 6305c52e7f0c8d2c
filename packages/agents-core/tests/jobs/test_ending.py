"""The ending of a process that does not want to end."""

from __future__ import annotations

import asyncio
import logging
import signal
from pathlib import Path

import pytest
from kept_pool import Kept, keep

from agents_core.jobs.ending import Cause, Ending
from agents_core.jobs.options import ProcessOptions


def test_a_process_that_overruns_is_dumped_then_terminated_then_killed(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEETING", str(tmp_path))

    async def story(kept: Kept) -> None:
        job = await kept.launch("hold_it_in_a_known_place")
        await kept.until((tmp_path / "held").exists)
        await asyncio.sleep(0.1)
        job.end("it is\nover")
        report = await job.gone()
        assert report.forced == (signal.SIGTERM, signal.SIGKILL)
        assert report.status == -signal.SIGKILL

    kept = keep(story, acknowledge=0.3)
    [dumped, terminated, killed, told] = [record.getMessage() for record in warnings(caplog)]
    assert r"overran its ending (it is\nover); its threads:" in dumped
    assert "\n|   File " in dumped
    assert " in hold_it_in_a_known_place" in dumped
    assert (terminated[-7:], killed[-7:]) == ("SIGTERM", "SIGKILL")
    assert "(job hold_it_in_a_known_place) was killed by SIGKILL" in told
    assert kept.pool.metrics.forced_kills == (("SIGKILL", 1), ("SIGTERM", 1))


def test_a_process_that_ends_by_the_ordinary_road_is_not_forced(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(kept: Kept) -> None:
        job = await kept.launch("linger")
        await kept.until(lambda: kept.story("linger") == ["running"])
        job.end("enough")
        report = await job.gone()
        assert (report.forced, report.status, report.reason) == ((), 0, "enough")
        assert report.last_step == "log flush"

    keep(story)
    assert [r for r in warnings(caplog) if r.name == "agents_core.jobs.supervisor"] == []


def test_only_the_first_cause_counts() -> None:
    async def story(kept: Kept) -> None:
        job = await kept.launch("linger")
        job.end("first")
        job.end("second", at_fault=True)
        report = await job.gone()
        assert (report.reason, report.at_fault) == ("first", False)

    keep(story)


def test_an_ending_that_the_process_began_has_its_own_reason() -> None:
    async def announced() -> Ending:
        ending = Ending(ProcessOptions())
        ending.announce("the caller left", 1.0)
        ending.ask(Cause(reason="late", at_fault=True))
        return ending

    ending = asyncio.run(announced())
    assert (ending.begun, ending.announced) == (True, True)
    assert ending.cause == Cause(reason="the caller left", at_fault=False)


def warnings(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno >= logging.WARNING]
