"""Which job the calling code belongs to."""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Literal, overload

if TYPE_CHECKING:
    from agents_core.jobs.context import JobContext

_current: contextvars.ContextVar[JobContext] = contextvars.ContextVar("job_context")


@overload
def get_job_context(*, required: Literal[True] = True) -> JobContext: ...


@overload
def get_job_context(*, required: bool) -> JobContext | None: ...


def get_job_context(*, required: bool = True) -> JobContext | None:
    """The job that the calling code belongs to.

    Raises:
        RuntimeError: it belongs to none, and one is required.
    """
    context = _current.get(None)
    if context is None and required:
        raise RuntimeError(
            "there is no job here: this is for the code that a job's entry point runs"
        )
    return context


def set_job_context(context: JobContext) -> None:
    """Let the calling code, and the tasks it starts from now on, belong to this job."""
    _current.set(context)
