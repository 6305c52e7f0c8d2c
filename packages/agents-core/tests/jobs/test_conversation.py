"""What processes say, and what becomes of it."""

from __future__ import annotations

import asyncio
import logging

import pytest
from kept_pool import Kept, hasty, keep

from agents_core.jobs.conversation import Conversation, StartFailed
from agents_core.jobs.ending import Cause, Ending
from agents_core.jobs.messages import (
    Initialized,
    JobEnded,
    JobStarted,
    Ping,
    Pong,
    ShuttingDown,
    StepEnded,
)


def test_every_line_of_a_process_arrives_in_its_order_and_says_whose_it_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "misbehaving")

    async def story(kept: Kept) -> None:
        job = await kept.launch("flood")
        pid = job.pid
        await job.gone()
        lines = [record for record in caplog.records if record.name == "misbehaving"]
        assert [record.getMessage() for record in lines] == [
            rf"line {number} %s {{}} \x1b[2J" for number in range(2000)
        ]
        assert {(vars(each)["pid"], vars(each)["job_id"]) for each in lines} == {(pid, "flood")}

    keep(story)


def test_other_processes_have_their_turn_while_one_floods() -> None:
    async def story(kept: Kept) -> None:
        floods = [await kept.launch("flood") for _ in range(3)]
        async with asyncio.timeout(10):
            job = await kept.launch("talk")
            await job.gone()
            for flood in floods:
                await flood.gone()

    keep(story)


def test_the_level_below_which_nothing_is_sent_is_the_worker_s(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(kept: Kept) -> None:
        await (await kept.launch("talk")).gone()

    keep(story, log_level=logging.WARNING)
    assert [r for r in caplog.records if r.name in ("misbehaving", "agents_core.jobs")] == []


def test_who_talks_nonsense_is_ended() -> None:
    async def story(kept: Kept) -> None:
        report = await (await kept.launch("babble")).gone()
        assert report.at_fault
        assert report.reason.startswith("it talks nonsense")

    kept = keep(story, drain_timeout=0.1)
    assert kept.story("babble")[-1] == "failed"


def heard(*messages: object) -> tuple[Conversation, Ending]:
    """A conversation in which these were said."""

    async def told() -> tuple[Conversation, Ending]:
        options = hasty()
        ending = Ending(options)
        talk = Conversation(options, ending, lambda: None)
        for message in messages:
            talk._take(message)
        return talk, ending

    return asyncio.run(told())


def test_what_is_said_twice_is_as_if_said_once() -> None:
    talk, ending = heard(
        Initialized(),
        Initialized(),
        Initialized(error="late"),
        JobStarted(job_id="x"),
        JobEnded(job_id="x", error="first"),
        JobEnded(job_id="x", error="second"),
        ShuttingDown(reason="one", longest=1.0),
        ShuttingDown(reason="two", longest=9.0),
    )

    assert talk.initialized.exception() is None
    assert talk.job_error == "first"
    assert ending.cause is not None
    assert ending.cause.reason == "one"


def test_what_only_a_worker_says_changes_nothing() -> None:
    talk, ending = heard(Ping(timestamp=1.0), Pong(last_timestamp=1.0, timestamp=2.0))

    assert (talk.steps, ending.begun, talk.initialized.done()) == ((), False, False)


def test_steps_without_end_are_not_kept_without_end() -> None:
    step = StepEnded(step="x", outcome="done", seconds=0.1)
    talk, _ = heard(*(step,) * 1000)

    assert len(talk.steps) == 64


def test_a_prewarm_that_failed_fails_the_start() -> None:
    talk, _ = heard(Initialized(error="LookupError: no model"))

    with pytest.raises(StartFailed, match="prewarm failed: LookupError: no model"):
        talk.initialized.result()


ENDING = "RuntimeError: the process is ending"


def test_a_job_that_was_to_end_before_it_began_has_not_failed() -> None:
    async def told(*, asked: bool, began: bool) -> str | None:
        ending = Ending(hasty())
        talk = Conversation(hasty(), ending, lambda: None)
        if asked:
            ending.ask(Cause(reason="the server terminated the job", at_fault=False))
        ending.announce("the server terminated the job", 1.0)
        if began:
            talk._take(JobStarted(job_id="x"))
        talk._take(JobEnded(job_id="x", error=ENDING))
        return talk.job_error

    assert asyncio.run(told(asked=True, began=False)) is None
    assert asyncio.run(told(asked=True, began=True)) == ENDING
    assert asyncio.run(told(asked=False, began=False)) == ENDING, "nobody wanted it to end"


def test_a_job_begins_once_however_often_its_process_says_so() -> None:
    async def told() -> int:
        began: list[None] = []
        talk = Conversation(hasty(), Ending(hasty()), lambda: began.append(None))
        talk._take(JobStarted(job_id="x"))
        talk._take(JobStarted(job_id="x"))
        return len(began)

    assert asyncio.run(told()) == 1


@pytest.mark.parametrize("method", ["fork", "forkserver"])
def test_a_job_that_is_ended_as_soon_as_it_is_launched_is_a_success(method: str) -> None:
    async def story(kept: Kept) -> None:
        for _ in range(4):
            job = await kept.launch("linger")
            job.end("the server terminated the job")
            report = await job.gone()
            assert report.failure is None, report

    keep(story, start_method=method)
