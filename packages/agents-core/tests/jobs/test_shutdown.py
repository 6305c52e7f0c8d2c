"""The ending of a job: every step in its order, bounded and guarded, once."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import enum
import logging
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents_core import Deadlines, Done, Failed, Shutdown, Skipped, StepReport, TimedOut
from agents_core.jobs.steps import Step

QUICK = 10.0
"""Seconds that nobody is expected to use up."""
SHORT = 0.15
"""Seconds for those who are expected to use them up."""

STEPS = [
    "session close",
    "room disconnect",
    "shutdown callbacks",
    "task stop",
    "native dispose",
    "log flush",
]


class Does(enum.Enum):
    """What a part of a job may do when it is told to end."""

    RETURN = enum.auto()
    RAISE = enum.auto()
    EXIT = enum.auto()
    GET_CANCELLED = enum.auto()
    HANG = enum.auto()
    REFUSE = enum.auto()


SLOW = {Does.HANG, Does.REFUSE}
FAILING = {Does.RAISE: OSError, Does.EXIT: SystemExit, Does.GET_CANCELLED: asyncio.CancelledError}


@dataclass(kw_only=True)
class Job:
    """A job that is ended, and what its ending reached, in that order."""

    session: Does = Does.RETURN
    room: Does = Does.RETURN
    callbacks: tuple[Does, ...] = (Does.RETURN,)
    task: Does = Does.RETURN
    native: Does = Does.RETURN

    reached: list[str] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)

    def end(self) -> dict[str, StepReport]:
        """Run the job to its end, in this process."""
        with self.neighbours():
            with contextlib.suppress(SystemExit):  # one in a task ends the whole loop
                asyncio.run(self._run())
            assert self.left.wait(30)
        if not self._task.cancelled():
            self._task.exception()  # taken notice of; asyncio would complain of it otherwise
        return {report.step: report for report in self._shutdown._ended.result(30)}

    async def _run(self) -> None:
        self._released = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._shutdown = Shutdown(
            close_session=lambda: self._do(self.session, "session"),
            disconnect_room=lambda: self._do(self.room, "room"),
            deadlines=self.deadlines(),
            leave=self.leave,
        )
        for does in self.callbacks:
            self._shutdown.add_callback(lambda _, does=does: self._do(does, "callback"))
        self._task = asyncio.create_task(self._work())
        await asyncio.sleep(0)
        self._shutdown.begin("a test is over")
        try:
            async with asyncio.timeout(30):
                await self._shutdown.wait()
        finally:
            self._released.set()
        await asyncio.wait({self._task})

    def deadlines(self) -> Deadlines:
        """Plenty for the quick; for the slow, soon over."""

        def seconds(*parts: Does) -> float:
            return SHORT if SLOW & set(parts) else QUICK

        refusing = {self.session, self.room, *self.callbacks} & {Does.REFUSE}
        return Deadlines(
            session=seconds(self.session),
            room=seconds(self.room),
            callbacks=seconds(*self.callbacks),
            tasks=seconds(self.task, *refusing),
            native=seconds(self.native),
            logs=QUICK,
        )

    def leave(self, status: int) -> None:
        """The end of the process, which is none here: who still refuses is let go."""
        self.reached.append(f"leave with {status}")
        with contextlib.suppress(RuntimeError):  # the loop is gone
            self._loop.call_soon_threadsafe(self._released.set)
        self.left.set()

    @contextlib.contextmanager
    def neighbours(self) -> Iterator[None]:
        """An SDK and a `logging` that note when they are reached, instead of the real ones."""
        client = SimpleNamespace(_pid=os.getpid(), _dispose=self._dispose)
        room = ModuleType("livekit.rtc._ffi_client")
        room.FfiClient = SimpleNamespace(_instance=client, _ffi_disposed=False)  # type: ignore[attr-defined]
        modules = {"livekit.rtc": ModuleType("livekit.rtc"), room.__name__: room}
        with (
            mock.patch.dict(sys.modules, modules),
            mock.patch.object(logging, "shutdown", self._flush_logs),
        ):
            yield

    def _flush_logs(self) -> None:
        self.reached.append("logs")

    def _dispose(self) -> None:
        self.reached.append("native")
        if self.native in FAILING:
            raise FAILING[self.native]
        if self.native in SLOW:
            self.left.wait(30)

    async def _work(self) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await self._do(self.task, "task")

    async def _do(self, does: Does, what: str) -> None:
        self.reached.append(what)
        if does in FAILING:
            raise FAILING[does]
        if does is Does.HANG:
            await self._released.wait()
        while does is Does.REFUSE and not self._released.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await self._released.wait()


def expected(*parts: Does) -> type:
    """How a step ends whose parts do this."""
    if not parts:
        return Skipped
    if SLOW & set(parts):
        return TimedOut
    return Failed if set(FAILING) & set(parts) else Done


does = st.sampled_from(Does)


@pytest.mark.property
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(
    st.builds(
        Job,
        session=does,
        room=does,
        callbacks=st.lists(does, max_size=3).map(tuple),
        task=does,
        native=does,
    )
)
@example(Job(session=Does.HANG, room=Does.HANG, callbacks=(Does.HANG,), native=Does.HANG))
@example(Job(session=Does.EXIT, room=Does.EXIT, callbacks=(Does.EXIT,), native=Does.EXIT))
@example(Job(session=Does.REFUSE, room=Does.REFUSE, callbacks=(Does.REFUSE,), task=Does.REFUSE))
def test_whatever_the_steps_do_every_later_one_runs_and_dispose_is_the_last(job: Job) -> None:
    reports = job.end()

    callbacks = ["callback"] * len(job.callbacks)
    used = ["session", "room", *callbacks, "task"]
    assert job.reached == [*used, "native", "logs", "leave with 0"]
    assert list(reports) == STEPS
    assert type(reports["session close"].outcome) is expected(job.session)
    assert type(reports["room disconnect"].outcome) is expected(job.room)
    assert type(reports["shutdown callbacks"].outcome) is expected(*job.callbacks)
    assert type(reports["native dispose"].outcome) is expected(job.native)
    assert reports["log flush"].outcome == Done()


def test_a_task_that_refuses_to_end_is_named_and_left_behind() -> None:
    reports = Job(session=Does.REFUSE).end()

    outcome = reports["task stop"].outcome
    assert isinstance(outcome, TimedOut)
    assert len(outcome.waiting_for) == 1


@pytest.fixture
def job() -> Iterator[Job]:
    """A job for the tests that write its coroutine themselves."""
    job = Job()
    job._released = asyncio.Event()
    with job.neighbours():
        yield job


def run(job: Job, live: Callable[[Shutdown], Awaitable[object]], **options: object) -> None:
    """Run `live` in a loop, with a shutdown that leaves by way of `job`."""

    async def main() -> None:
        job._loop = asyncio.get_running_loop()
        await live(Shutdown(leave=job.leave, **options))  # type: ignore[arg-type]

    asyncio.run(main())


def test_many_triggers_at_once_make_one_ending(job: Job) -> None:
    started: list[bool] = []

    async def live(shutdown: Shutdown) -> None:
        at_once = threading.Barrier(8)

        def trigger() -> None:
            at_once.wait(10)
            started.append(shutdown.begin("all at once"))

        triggers = [threading.Thread(target=trigger) for _ in range(8)]
        for thread in triggers:
            thread.start()
        await shutdown.wait()
        assert not shutdown.begin("too late")
        for thread in triggers:
            thread.join(10)

    run(job, live)

    assert sorted(started) == [False] * 7 + [True]
    assert job.reached == ["native", "logs", "leave with 0"]


def test_a_job_without_session_and_room_skips_their_steps(job: Job) -> None:
    reports: list[StepReport] = []

    async def live(shutdown: Shutdown) -> None:
        shutdown.begin("over", status=3)
        reports.extend(await shutdown.wait())

    run(job, live)

    assert [report.step for report in reports] == STEPS
    assert [type(report.outcome) for report in reports] == [
        Skipped,
        Skipped,
        Skipped,
        Done,
        Done,
        Done,
    ]
    assert job.reached[-1] == "leave with 3"


def test_a_callback_that_is_added_while_the_session_closes_is_still_called(job: Job) -> None:
    async def note(reason: str) -> None:
        job.reached.append(reason)

    async def live(shutdown: Shutdown) -> None:
        shutdown.begin("the caller left during the start")
        await closing.wait()
        shutdown.add_callback(note)
        closed.set()
        await shutdown.wait()

    closing, closed = asyncio.Event(), asyncio.Event()

    async def close() -> None:
        closing.set()
        await closed.wait()

    run(job, live, close_session=close)

    assert job.reached[0] == "the caller left during the start"


def test_the_steps_run_in_the_context_of_the_job(job: Job) -> None:
    job_id = contextvars.ContextVar("job_id", default="nobody's")

    async def note(_reason: str) -> None:
        job.reached.append(job_id.get())

    async def live() -> None:
        job._loop = asyncio.get_running_loop()
        job_id.set("AJ_1")
        shutdown = Shutdown(leave=job.leave)
        shutdown.add_callback(note)
        threading.Thread(target=shutdown.begin, args=["told by a thread of no job"]).start()
        await shutdown.wait()

    asyncio.run(live())

    assert job.reached[0] == "AJ_1"


def test_a_callback_that_blocks_the_loop_blocks_neither_dispose_nor_the_exit(job: Job) -> None:
    async def block(_reason: str) -> None:
        job.left.wait(30)  # the whole loop waits with it

    async def live(shutdown: Shutdown) -> None:
        shutdown.add_callback(block)
        shutdown.begin("over")
        await shutdown.wait()

    started = time.monotonic()
    run(job, live, deadlines=Deadlines(callbacks=SHORT, tasks=SHORT))

    assert time.monotonic() - started < QUICK
    assert job.reached == ["native", "logs", "leave with 0"]


def test_a_job_whose_loop_is_gone_still_disposes_and_leaves(job: Job) -> None:
    made: list[Shutdown] = []

    async def live(shutdown: Shutdown) -> None:
        shutdown.add_callback(lambda _reason: asyncio.sleep(0))
        made.append(shutdown)

    run(job, live)
    made[0].begin("the loop ended first")

    assert job.left.wait(10)
    assert job.reached == ["native", "logs", "leave with 0"]


def test_a_log_that_blocks_blocks_the_exit_no_longer_than_the_deadlines(job: Job) -> None:
    def block(_record: logging.LogRecord) -> bool:
        return job.left.wait(30)

    async def live(shutdown: Shutdown) -> None:
        shutdown.begin("over")
        await shutdown.wait()

    logger = logging.getLogger("agents_core.jobs")
    logger.addFilter(block)
    logger.setLevel(logging.INFO)
    short = Deadlines(
        session=SHORT, room=SHORT, callbacks=SHORT, tasks=SHORT, native=SHORT, logs=SHORT
    )
    try:
        run(job, live, deadlines=short)
    finally:
        logger.removeFilter(block)
        logger.setLevel(logging.NOTSET)

    assert job.reached[0] == "leave with 1", "by force, and not as if all had gone well"


class Witness:
    """Notes what it is told; and is of no use, if it is broken."""

    def __init__(self, *, broken: bool = False) -> None:
        self.told: list[object] = []
        self._broken = broken

    def begun(self, reason: str, longest: float) -> None:
        """Note it."""
        self._note((reason, longest))

    def ended(self, report: StepReport) -> None:
        """Note it."""
        self._note(report.step)

    def _note(self, what: object) -> None:
        self.told.append(what)
        if self._broken:
            raise BrokenPipeError


@pytest.mark.parametrize("broken", [False, True], ids=["that listens", "that is gone"])
def test_an_observer_is_told_of_every_step_and_cannot_spoil_one(job: Job, *, broken: bool) -> None:
    witness = Witness(broken=broken)
    deadlines = Deadlines()

    async def live(shutdown: Shutdown) -> None:
        shutdown.begin("over")
        await shutdown.wait()

    run(job, live, observer=witness, deadlines=deadlines)

    of_entry = deadlines.stop + deadlines.entry + deadlines.cancel
    assert witness.told == [("over", deadlines.total - of_entry + 1), *STEPS]
    assert job.reached[-1] == "leave with 0"


def test_what_comes_before_comes_first_and_is_guarded_like_the_rest(job: Job) -> None:
    def fail(_deadline: float) -> Done:
        job.reached.append("before")
        raise OSError

    reports: list[StepReport] = []

    async def live(shutdown: Shutdown) -> None:
        shutdown.add_callback(lambda: job.reached.append("callback"))
        shutdown.begin("over")
        reports.extend(await shutdown.wait())

    first = Step(name="stop accepting", done="stopped", deadline=QUICK, run=fail)
    run(job, live, before=[first])

    assert [report.step for report in reports] == ["stop accepting", *STEPS]
    assert isinstance(reports[0].outcome, Failed)
    assert job.reached == ["before", "callback", "native", "logs", "leave with 0"]


def test_all_sessions_are_closed_before_all_rooms_are_left(job: Job) -> None:
    async def live(shutdown: Shutdown) -> None:
        shutdown.add_room(lambda: job.reached.append("a room"))
        shutdown.add_room(lambda reason: job.reached.append(f"another room, {reason}"))
        shutdown.add_session(lambda reason: job.reached.append(f"a session, {reason}"))
        shutdown.add_session(lambda: job.reached.append("a session that was closed"))()
        assert not shutdown.begun
        shutdown.begin("over")
        assert shutdown.begun
        await shutdown.wait()

    run(job, live)

    assert job.reached[:3] == ["a session, over", "a room", "another room, over"]


def test_a_close_that_takes_an_option_is_not_given_the_reason_for_it(job: Job) -> None:
    async def close(timeout: float = 1.0) -> None:
        job.reached.append(f"close in {timeout}")

    async def live(shutdown: Shutdown) -> None:
        shutdown.begin("over")
        await shutdown.wait()

    run(job, live, close_session=close)

    assert job.reached[0] == "close in 1.0"


def test_what_comes_when_its_step_is_over_is_refused(job: Job) -> None:
    refused: list[str] = []

    async def live(shutdown: Shutdown) -> None:
        def callback() -> None:
            for add in (shutdown.add_session, shutdown.add_room, shutdown.add_callback):
                with pytest.raises(RuntimeError, match="too late"):
                    add(callback)
                refused.append(add.__name__)

        shutdown.add_callback(callback)
        shutdown.begin("over")
        await shutdown.wait()

    run(job, live)

    assert refused == ["add_session", "add_room", "add_callback"]


def test_without_a_thread_to_be_had_the_process_still_ends(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    left: list[int] = []

    async def main() -> None:
        shutdown = Shutdown(leave=left.append)
        monkeypatch.setattr(threading.Thread, "start", fail)
        shutdown.begin("nothing works any more")

    asyncio.run(main())
    assert left == [1]
    assert "without its steps: nothing works any more" in caplog.text
