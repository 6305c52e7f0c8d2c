"""One step of an ending: bounded by a deadline, guarded against its errors, reported as a value."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

_logger = logging.getLogger("agents_core.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The step returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """There was nothing to do, or nobody to do it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """The step had not returned at its deadline; it was left behind."""

    waiting_for: tuple[str, ...] = ()
    """Whom it was still waiting for, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The step raised; nothing of it reaches the next one."""

    error: BaseException


Outcome: TypeAlias = Done | Skipped | TimedOut | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do before the process may end."""

    name: str
    """What is attempted: ``room disconnect``."""
    done: str
    """What may be said only once it returned: ``room disconnected``."""
    deadline: float
    """Seconds."""
    run: Callable[[float], Outcome]
    """Called with the deadline, and expected to return within it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """How one step went."""

    step: str
    outcome: Outcome
    seconds: float

    def __str__(self) -> str:
        return f"{self.step}: {_describe(self.outcome)} ({self.seconds:.3f} s)"


def run_step(step: Step) -> StepReport:
    """Run `step`, whatever it does, and say how it went, as a value and in the log."""
    started = time.monotonic()
    try:
        outcome = step.run(step.deadline)
    except BaseException as error:  # noqa: BLE001 - no error of one step may take the next ones away
        outcome = Failed(error=error)
    report = StepReport(step=step.name, outcome=outcome, seconds=time.monotonic() - started)
    _say_how(step, report)
    return report


def word_of(outcome: Outcome) -> str:
    """The outcome in a word: ``done``, ``skipped``, ``timed out`` or ``failed``."""
    return _describe(outcome).partition(",")[0]


def in_a_line(error: BaseException) -> str:
    """The kind of an error and what it says: ``ValueError: no such voice``.

    Unlike `repr`, this holds for an error that cannot be printed, too.
    """
    described = traceback.TracebackException(type(error), error, None, compact=True)
    described.__notes__ = []  # or the last of them would stand for the error
    return list(described.format_exception_only())[-1].strip()


def say(level: int, message: str, *args: object, error: BaseException | None = None) -> None:
    """Log, and never raise: a log handler that breaks must not cost a process its ending."""
    with contextlib.suppress(Exception):
        _logger.log(level, message, *args, exc_info=error)


def run_in_loop(
    loop: asyncio.AbstractEventLoop,
    work: Callable[[], Awaitable[object]],
    timeout: float,
    late: Callable[[], Iterable[str]] = tuple,
) -> Outcome:
    """Await `work` in `loop` from another thread, for at most `timeout` seconds.

    The clock runs in the calling thread, so a loop that is blocked cannot stop it. Work that
    is late is cancelled and left behind; `late` is asked for the names to blame.
    """
    if not loop.is_running():
        return Skipped(reason="the event loop is not running")
    begun = threading.Event()
    attempt = _attempt(work, begun)
    try:
        future = asyncio.run_coroutine_threadsafe(attempt, loop)
    except RuntimeError as error:  # the loop was closed just now
        attempt.close()
        return Failed(error=error)
    try:
        return future.result(timeout)
    except TimeoutError:
        blamed = late() if begun.is_set() else ("the event loop, which does not answer",)
        future.cancel()
        return TimedOut(waiting_for=tuple(blamed))


def run_in_thread(work: Callable[[], object], timeout: float) -> Outcome:
    """Call `work` in a daemon thread and wait for it at most `timeout` seconds.

    Made for calls that nothing can interrupt: one that is late keeps its thread until the
    process ends, and a daemon thread does not keep the process.
    """
    answer: queue.SimpleQueue[Outcome] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            answer.put(Failed(error=error))
        else:
            answer.put(Done())

    threading.Thread(target=attempt, name="shutdown step", daemon=True).start()
    try:
        return answer.get(timeout=timeout)
    except queue.Empty:
        return TimedOut()


async def _attempt(work: Callable[[], Awaitable[object]], begun: threading.Event) -> Outcome:
    # Errors travel as values: a SystemExit in a task would end the loop that later steps need.
    begun.set()
    try:
        await work()
    except BaseException as error:  # noqa: BLE001 - see above
        return Failed(error=error)
    return Done()


def _say_how(step: Step, report: StepReport) -> None:
    match report.outcome:
        case Done():
            say(logging.DEBUG, "%s (%.3f s)", step.done, report.seconds)
        case Skipped():
            say(logging.DEBUG, "%s", report)
        case TimedOut():
            say(logging.WARNING, "%s", report)
        case Failed(error=error):
            say(logging.WARNING, "%s", report, error=error)


def _describe(outcome: Outcome) -> str:
    match outcome:
        case Done():
            return "done"
        case Skipped(reason=reason):
            return f"skipped, {reason}"
        case TimedOut(waiting_for=()):
            return "timed out"
        case TimedOut(waiting_for=late):
            return f"timed out, waiting for {', '.join(late)}"
        case Failed(error=error):
            return f"failed, {in_a_line(error)}"
