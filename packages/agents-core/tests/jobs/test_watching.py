"""Processes that do not answer, or grow too big."""

from __future__ import annotations

import asyncio
import logging

import pytest
from kept_pool import Kept, keep

from agents_core.jobs.options import MEGABYTE


def test_a_process_that_does_not_answer_is_ended_and_told_of() -> None:
    async def story(kept: Kept) -> None:
        job = await kept.launch("block_the_loop")
        report = await job.gone()
        assert report.at_fault

    kept = keep(story, ping_interval=0.1, ping_timeout=0.4)
    assert kept.story("block_the_loop") == ["running", "failed"]
    assert "unresponsive: no answer for 0." in kept.error("block_the_loop")


def test_a_process_that_answers_slowly_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    async def story(kept: Kept) -> None:
        await kept.launch("block_for_a_while")
        await kept.until(lambda: "answers slowly" in caplog.text)

    keep(story, ping_interval=0.05, slow_ping=0.2)


def test_a_process_that_answers_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    async def story(kept: Kept) -> None:
        job = await kept.launch("talk_after_a_while")
        assert (await job.gone()).failure is None

    keep(story, ping_interval=0.05, ping_timeout=5, slow_ping=5, orphan_timeout=5)
    assert "supervisor" not in {record.name.rpartition(".")[2] for record in caplog.records}


def test_a_process_over_the_limit_ends_by_the_ordinary_road() -> None:
    async def story(kept: Kept) -> None:
        job = await kept.launch("grow")
        report = await job.gone()
        assert (report.forced, report.status, report.last_step) == ((), 0, "log flush")

    kept = keep(story, memory_limit=60 * MEGABYTE, memory_interval=0.05)
    assert kept.story("grow") == ["running", "failed"]
    assert "MB of memory used, 60 MB allowed" in kept.error("grow")


def test_a_process_that_grows_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    async def story(kept: Kept) -> None:
        await kept.launch("grow")
        await kept.until(lambda: "MB of memory" in caplog.text)
        await asyncio.sleep(0.3)  # several looks

    # A look may come in the middle of the growth: that is one growth, and no second step of it.
    step = 1000 * MEGABYTE
    keep(story, memory_warn=60 * MEGABYTE, memory_warn_step=step, memory_interval=0.05)
    assert caplog.text.count("MB of memory") == 1
