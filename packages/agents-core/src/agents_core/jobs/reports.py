"""How a job process went, from the worker's side, as values."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Literal, TypeAlias

from agents_core.jobs.log_relay import escape
from agents_core.jobs.messages import StepEnded

JobStatus: TypeAlias = Literal["running", "success", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatusChange:
    """Of each job: running once at most, then success or failed once, when its process is gone."""

    job_id: str
    status: JobStatus
    error: str | None = None
    """Why it failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessReport:
    """The whole story of a process that is gone."""

    pid: int | None
    """None where it never started."""
    job_id: str | None
    reason: str
    """Why it ended, as whoever knew first said."""
    at_fault: bool = False
    """It had to end for something that it did: hang, grow too big, talk nonsense."""
    status: int | None
    """As `waitpid` told it: negative for a signal; None where nobody knows."""
    job_error: str | None = None
    """What the entry point raised."""
    forced: tuple[signal.Signals, ...] = ()
    """What the worker sent because the process overran."""
    steps: tuple[StepEnded, ...] = ()
    """Of its ending, those that it reported."""
    seconds: float
    """It lived."""

    @property
    def last_step(self) -> str | None:
        """The last step of its ending that was over."""
        return self.steps[-1].step if self.steps else None

    @property
    def failure(self) -> str | None:
        """Why the job counts as failed; None where all went well."""
        if self.forced:
            return f"had to be ended by force: {self}"
        if self.job_error is not None:
            return self.job_error
        return None if self.status == 0 and not self.at_fault else str(self)

    def __str__(self) -> str:
        job = f" (job {escape(self.job_id)})" if self.job_id else ""
        step = f"; last step over: {escape(self.last_step)}" if self.last_step else ""
        return (
            f"job process {self.pid}{job} {describe_status(self.status)}"
            f" after {self.seconds:.1f} s: {escape(self.reason)}{step}"
        )


def describe_status(status: int | None) -> str:
    """An exit status in words.

    >>> describe_status(-11)
    'was killed by SIGSEGV'
    """
    if status is None:
        return "ended, with an exit status that nobody knows"
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:  # a real-time signal
        return f"was killed by signal {-status}"
