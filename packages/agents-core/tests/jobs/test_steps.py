"""One step, whatever it does."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator

import pytest

from agents_core.jobs.steps import (
    Done,
    Failed,
    Outcome,
    Skipped,
    Step,
    StepReport,
    TimedOut,
    in_a_line,
    run_in_loop,
    run_in_thread,
    run_step,
)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    while not loop.is_running():
        time.sleep(0.001)
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


class Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError("not even this")

    __repr__ = __str__


def step(outcome: Outcome | BaseException) -> Step:
    def run(_deadline: float) -> Outcome:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    return Step(name="room disconnect", done="room disconnected", deadline=1.0, run=run)


def test_a_step_is_given_its_deadline() -> None:
    given: list[float] = []

    def run(deadline: float) -> Outcome:
        given.append(deadline)
        return Done()

    report = run_step(Step(name="a", done="b", deadline=0.25, run=run))

    assert given == [0.25]
    assert report.step == "a"
    assert 0 <= report.seconds < 5


@pytest.mark.parametrize(
    "error",
    [OSError("no"), SystemExit(3), KeyboardInterrupt(), asyncio.CancelledError(), Unprintable()],
    ids=lambda error: type(error).__name__,
)
def test_no_error_leaves_a_step(error: BaseException) -> None:
    report = run_step(step(error))

    assert report.outcome == Failed(error=error)
    assert type(error).__name__ in str(report)


@pytest.mark.parametrize(
    ("outcome", "level", "words"),
    [
        pytest.param(Done(), logging.DEBUG, "room disconnected (", id="done"),
        pytest.param(
            Skipped(reason="there is none"),
            logging.DEBUG,
            "room disconnect: skipped, there is none (",
            id="skipped",
        ),
        pytest.param(TimedOut(), logging.WARNING, "room disconnect: timed out (", id="timed out"),
        pytest.param(
            TimedOut(waiting_for=("a", "b")),
            logging.WARNING,
            "room disconnect: timed out, waiting for a, b (",
            id="waiting",
        ),
        pytest.param(
            Failed(error=OSError("no")),
            logging.WARNING,
            "room disconnect: failed, OSError: no (",
            id="failed",
        ),
    ],
)
def test_the_log_names_the_step_and_says_it_is_done_only_when_it_is(
    caplog: pytest.LogCaptureFixture, outcome: Outcome, level: int, words: str
) -> None:
    caplog.set_level(logging.DEBUG, logger="agents_core")

    run_step(step(outcome))

    [record] = caplog.records
    assert record.levelno == level
    assert record.getMessage().startswith(words)


def test_a_log_filter_that_raises_costs_no_step() -> None:
    def fail(_record: logging.LogRecord) -> bool:
        raise BrokenPipeError

    logger = logging.getLogger("agents_core.jobs")
    logger.addFilter(fail)
    try:
        report = run_step(step(OSError("no")))
    finally:
        logger.removeFilter(fail)

    assert isinstance(report.outcome, Failed)


def test_work_is_awaited_in_the_loop_it_belongs_to(loop: asyncio.AbstractEventLoop) -> None:
    seen: list[asyncio.AbstractEventLoop] = []

    async def work() -> None:
        seen.append(asyncio.get_running_loop())

    assert run_in_loop(loop, work, 5) == Done()
    assert seen == [loop]


def test_late_work_is_cancelled_named_and_left_behind(loop: asyncio.AbstractEventLoop) -> None:
    cancelled = threading.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    assert run_in_loop(loop, work, 0.05, lambda: ["feed"]) == TimedOut(waiting_for=("feed",))
    assert cancelled.wait(5)


def test_a_timeout_within_the_work_is_a_failure_of_the_work(
    loop: asyncio.AbstractEventLoop,
) -> None:
    async def work() -> None:
        raise TimeoutError

    assert isinstance(run_in_loop(loop, work, 5), Failed)


def test_an_exit_within_the_work_does_not_end_the_loop(loop: asyncio.AbstractEventLoop) -> None:
    async def work() -> None:
        raise SystemExit(3)

    assert isinstance(run_in_loop(loop, work, 5), Failed)
    assert run_in_loop(loop, lambda: asyncio.sleep(0), 5) == Done()


def test_a_blocked_loop_holds_nobody_beyond_the_deadline(loop: asyncio.AbstractEventLoop) -> None:
    released = threading.Event()
    loop.call_soon_threadsafe(released.wait, 60)
    started = time.monotonic()

    outcome = run_in_loop(loop, lambda: asyncio.sleep(0), 0.05, lambda: ["nobody"])

    released.set()
    assert outcome == TimedOut(waiting_for=("the event loop, which does not answer",))
    assert time.monotonic() - started < 5


def test_a_loop_that_does_not_run_is_not_waited_for() -> None:
    stopped = asyncio.new_event_loop()
    stopped.close()

    assert isinstance(run_in_loop(stopped, lambda: asyncio.sleep(0), 60), Skipped)


def test_a_thread_hands_back_how_its_work_went() -> None:
    error = SystemExit(3)

    def fail() -> None:
        raise error

    assert run_in_thread(time.time, 5) == Done()
    assert run_in_thread(fail, 5) == Failed(error=error)


def test_late_work_in_a_thread_does_not_keep_the_process() -> None:
    released = threading.Event()

    outcome = run_in_thread(lambda: released.wait(60), 0.05)
    [left] = [thread for thread in threading.enumerate() if thread.name == "shutdown step"]
    released.set()

    assert outcome == TimedOut()
    assert left.daemon


def test_a_report_is_a_value_that_can_be_read() -> None:
    report = StepReport(step="task stop", outcome=TimedOut(waiting_for=("feed",)), seconds=0.25)

    assert str(report) == "task stop: timed out, waiting for feed (0.250 s)"
    assert report == StepReport(
        step="task stop", outcome=TimedOut(waiting_for=("feed",)), seconds=0.25
    )


def test_an_error_is_told_in_a_line_and_not_by_its_notes() -> None:
    error = ValueError("no such voice")
    error.add_note("seen while the greeting was prepared")

    assert in_a_line(error) == "ValueError: no such voice"
    assert str(StepReport(step="x", outcome=Failed(error=error), seconds=0)) == (
        "x: failed, ValueError: no such voice (0.000 s)"
    )
