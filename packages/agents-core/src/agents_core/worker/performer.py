"""Doing what was decided: one state, every event through one door, every task owned."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from agents_core.errors import AgentsError
from agents_core.jobs.messages import RunningJob
from agents_core.jobs.request import JobRequest
from agents_core.worker.effects import (
    Ask,
    AwaitAssignment,
    Effect,
    Event,
    Forget,
    JobChanged,
    Launch,
    Overdue,
    Reconnect,
    Say,
    Send,
    Stop,
)
from agents_core.worker.messages import JobStatus
from agents_core.worker.protocol import decide
from agents_core.worker.requests import Question
from agents_core.worker.state import State
from agents_core.worker.tally import Tally
from agents_core.worker.timings import Timings
from agents_core.worker.traffic import Traffic

_logger = logging.getLogger("agents_core.worker")


class Launched(Protocol):
    """A job's process, as far as it matters here."""

    def end(self, reason: str) -> object:
        """Have it end by its own road; returns at once, and may be called again."""


class Performer:
    """Carries out the effects of the worker's decisions.

    `launch` starts a job's process; how the job goes then is fed in from outside, as `JobChanged`.
    """

    def __init__(
        self,
        state: State,
        *,
        request_fnc: Callable[[JobRequest], Awaitable[object]],
        launch: Callable[[RunningJob], Awaitable[Launched]],
        timings: Timings,
    ) -> None:
        self.state = state
        self.tally = Tally()
        self.traffic: Traffic | None = None
        """Where messages go; without one, nothing is sent."""
        self._request_fnc = request_fnc
        self._launch_job = launch
        self._timings = timings
        self._questions: dict[str, Question] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._processes: dict[str, Launched] = {}
        self._stopped: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def feed(self, event: Event) -> None:
        """Decide about `event`, and begin what follows from it."""
        self.tally.count(event, self.state)
        self.state, effects = decide(self.state, event)
        for effect in effects:
            self._perform(effect)
        if isinstance(event, JobChanged) and event.status.ended:
            self._processes.pop(event.job_id, None)
            self._stopped.pop(event.job_id, None)
        self._changed.set()

    async def until(self, true: Callable[[State], bool]) -> None:
        """Wait until the state is so; bound it."""
        while not true(self.state):
            self._changed.clear()
            await self._changed.wait()

    async def aclose(self) -> None:
        """Ask and wait no more; what does not stop in time is left behind, and named."""
        for timer in self._timers.values():
            timer.cancel()
        for question in self._questions.values():
            question.cancel()
        for task in self._tasks:
            task.cancel()
        tasks = {question.task for question in self._questions.values()} | self._tasks
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._timings.close)
            for task in late:
                _logger.warning("left behind, because it does not stop: %s", task.get_name())

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Send(message=message):
                if self.traffic is not None:
                    self.traffic.send(message)
            case Reconnect(reason=reason):
                if self.traffic is not None:
                    self.traffic.give_up(reason)
            case Say(level=level, text=text, error=error):
                _logger.log(level, "%s", text, exc_info=error)
            case _:
                self._perform_for_job(effect)

    def _perform_for_job(self, effect: Ask | AwaitAssignment | Forget | Launch | Stop) -> None:
        match effect:
            case Ask():
                self._ask(effect)
            case AwaitAssignment(job_id=job_id):
                self._timers[job_id] = asyncio.get_running_loop().call_later(
                    self._timings.assignment, self.feed, Overdue(job_id=job_id)
                )
            case Forget(job_id=job_id):
                self._forget(job_id)
            case Launch(job_id=job_id, running=running):
                self._own(self._launch(job_id, running), f"launch of job {job_id!r}")
            case Stop(job_id=job_id, reason=reason):
                self._stop(job_id, reason)

    def _ask(self, ask: Ask) -> None:
        job_id = ask.offer.job_id
        question = Question(ask.offer, self._request_fnc, self.feed, within=self._timings.request)
        self._questions[job_id] = question
        question.task.add_done_callback(lambda _: self._drop_question(job_id, question))

    def _drop_question(self, job_id: str, question: Question) -> None:
        # The same job may be offered again while the first question is still being cancelled.
        if self._questions.get(job_id) is question:
            del self._questions[job_id]

    def _forget(self, job_id: str) -> None:
        if (timer := self._timers.pop(job_id, None)) is not None:
            timer.cancel()
        if (question := self._questions.get(job_id)) is not None:
            question.withdraw()

    async def _launch(self, job_id: str, running: RunningJob) -> None:
        try:
            process = await self._launch_job(running)
        except AgentsError as error:
            self._give_up(job_id, str(error))
            return
        except Exception as error:
            _logger.exception("the launch of job %r broke", job_id)
            self._give_up(job_id, repr(error))
            return
        if job_id not in self.state.jobs:
            return  # it was over before we were told that it had begun
        self._processes[job_id] = process
        if (reason := self._stopped.get(job_id)) is not None:
            process.end(reason)

    def _give_up(self, job_id: str, why: str) -> None:
        _logger.error("job %r cannot be started: %s", job_id, why)
        self.feed(JobChanged(job_id=job_id, status=JobStatus.FAILED, error=why))

    def _stop(self, job_id: str, reason: str) -> None:
        self._stopped.setdefault(job_id, reason)
        if (process := self._processes.get(job_id)) is not None:
            process.end(reason)

    def _own(self, work: Awaitable[None], name: str) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        task.set_name(name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
