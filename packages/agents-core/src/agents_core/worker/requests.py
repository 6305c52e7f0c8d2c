"""Asking `request_fnc`: foreign code in the worker's own loop, with a time to answer in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from agents_core.jobs.request import Answer, JobRequest
from agents_core.worker.effects import Answered
from agents_core.worker.messages import JobOffered

_logger = logging.getLogger("agents_core.worker")


class Question:
    """One job that `request_fnc` was asked about.

    `hear` is called once: with the answer, or with the lack of one.
    """

    def __init__(
        self,
        offer: JobOffered,
        request_fnc: Callable[[JobRequest], Awaitable[object]],
        hear: Callable[[Answered], None],
        *,
        within: float,
    ) -> None:
        self._job_id = offer.job_id
        self._hear = hear
        self._settled = False
        request = JobRequest(offer.job, answer=self._answer)
        self.task = asyncio.create_task(
            _await(request_fnc, request), name=f"request_fnc for job {offer.job_id!r}"
        )
        self.task.add_done_callback(self._over)
        # A timer of its own: the function may refuse to be cancelled.
        self._timer = asyncio.get_running_loop().call_later(within, self._overrun, within)

    def withdraw(self) -> None:
        """Nobody wants the answer any more; a function that gave one may go on to its end."""
        if not self._settled:
            self.cancel()

    def cancel(self) -> None:
        """Stop asking, whether or not there was an answer."""
        self._settled = True
        self._timer.cancel()
        self.task.cancel()

    def _answer(self, answer: Answer) -> None:
        self._say(Answered(job_id=self._job_id, answer=answer))

    def _overrun(self, within: float) -> None:
        self.task.cancel()
        self._missing(f"request_fnc has not returned within {within:g} s")

    def _over(self, task: asyncio.Task[object]) -> None:
        self._timer.cancel()
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            _logger.error("request_fnc failed for job %r", self._job_id, exc_info=error)
        self._missing("request_fnc gave no answer")

    def _missing(self, problem: str) -> None:
        self._say(Answered(job_id=self._job_id, answer=None, problem=problem))

    def _say(self, answered: Answered) -> None:
        # Once: a second one would be taken for the answer to a later offer of the same job.
        if not self._settled:
            self._settled = True
            self._hear(answered)


async def _await(
    request_fnc: Callable[[JobRequest], Awaitable[object]], request: JobRequest
) -> None:
    # In here also what is raised before there is anything to await becomes the task's error.
    try:
        await request_fnc(request)
    except SystemExit as error:  # would end the loop, and with it every other job's worker
        raise RuntimeError("request_fnc tried to exit") from error
