from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable

import pytest

from agents_core.jobs.request import Accepted, JobRequest, Rejected
from agents_core.worker.effects import Answered
from agents_core.worker.messages import JobOffered
from agents_core.worker.requests import Question

OFFER = JobOffered(job_id="AJ_1", job=b"\n\x04AJ_1")
RequestFnc = Callable[[JobRequest], Awaitable[object]]


async def accepts(request: JobRequest) -> None:
    await request.accept()


async def rejects(request: JobRequest) -> None:
    await request.reject(terminate=False)


async def says_nothing(_: JobRequest) -> None: ...


async def raises(_: JobRequest) -> None:
    raise ValueError("no idea")


async def exits(_: JobRequest) -> None:
    sys.exit(3)


async def accepts_and_raises(request: JobRequest) -> None:
    await request.accept()
    raise ValueError("too late")


async def never_returns(_: JobRequest) -> None:
    await asyncio.Event().wait()


async def refuses_to_be_cancelled(_: JobRequest) -> None:
    for _attempt in range(3):
        try:
            await asyncio.sleep(0.2)
        except asyncio.CancelledError:
            continue


def ask(request_fnc: RequestFnc, *, within: float = 5) -> list[Answered]:
    """Everything that is heard until the function is over."""

    async def question() -> list[Answered]:
        heard: list[Answered] = []
        asked = Question(OFFER, request_fnc, heard.append, within=within)
        await asyncio.wait({asked.task}, timeout=10)
        await asyncio.sleep(0)
        return heard

    return asyncio.run(question())


def test_an_answer_is_heard() -> None:
    assert ask(accepts)[0].answer == Accepted(identity="agent-AJ_1")
    assert ask(rejects)[0].answer == Rejected()


@pytest.mark.parametrize("silent", [says_nothing, raises, exits])
def test_a_function_that_ends_without_an_answer_is_told_of(silent: RequestFnc) -> None:
    [heard] = ask(silent)

    assert heard.answer is None
    assert "no answer" in heard.problem


@pytest.mark.parametrize("endless", [never_returns, refuses_to_be_cancelled])
def test_a_function_that_goes_on_for_ever_has_not_answered(endless: RequestFnc) -> None:
    heard = ask(endless, within=0.05)

    assert heard[0].answer is None
    assert "has not returned" in heard[0].problem


def test_what_a_function_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        heard = ask(accepts_and_raises)

    assert heard[0].answer == Accepted(identity="agent-AJ_1"), "the answer stands"
    assert "too late" in caplog.text


def test_a_question_nobody_needs_an_answer_to_is_withdrawn() -> None:
    async def question() -> tuple[list[Answered], bool]:
        heard: list[Answered] = []
        asked = Question(OFFER, never_returns, heard.append, within=0.01)
        asked.withdraw()
        await asyncio.wait({asked.task}, timeout=10)
        await asyncio.sleep(0.02)
        return heard, asked.task.cancelled()

    assert asyncio.run(question()) == ([], True)


def test_a_function_that_has_answered_may_go_on_to_its_end() -> None:
    done: list[str] = []

    async def accepts_and_goes_on(request: JobRequest) -> None:
        await request.accept()
        await asyncio.sleep(0.01)
        done.append("to its end")

    async def question() -> None:
        asked = Question(OFFER, accepts_and_goes_on, lambda _: None, within=5)
        await asyncio.sleep(0)
        asked.withdraw()
        await asyncio.wait({asked.task}, timeout=10)

    asyncio.run(question())
    assert done == ["to its end"]


@pytest.mark.parametrize("answers", [accepts, rejects])
def test_a_function_is_heard_once_however_it_ends(answers: RequestFnc) -> None:
    # A second word, after a rejection, would decide about the next offer of the same job.
    assert len(ask(answers)) == 1
    assert len(ask(refuses_to_be_cancelled, within=0.05)) == 1
