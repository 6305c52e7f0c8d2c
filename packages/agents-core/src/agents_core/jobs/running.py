"""The entry point of a job while it runs: begun once, awaited for its grace, then cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from agents_core.jobs.callbacks import name_of
from agents_core.jobs.context import JobContext
from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import Entrypoint
from agents_core.jobs.steps import Done, Outcome, Skipped, Step, TimedOut, run_in_loop


class Running:
    """One entry point and its job."""

    def __init__(
        self,
        entrypoint: Entrypoint,
        context: JobContext,
        *,
        ended: Callable[[BaseException | None], object],
    ) -> None:
        """Begin, in the running event loop; `ended` is called with what it raised, if it did."""
        self._name = name_of(entrypoint)
        self._context = context
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        context.enter()
        self._task = asyncio.create_task(self._run(entrypoint), name=self._name)

    def stop_accepting(self) -> None:
        """Begin nothing any more for the job; from any thread."""
        self._context.close()

    def end(self, deadlines: Deadlines) -> Outcome:
        """Wait for the entry point, from another thread; then cancel it, and wait once more."""
        if self._task.done():
            return Skipped(reason="it is over")
        outcome = run_in_loop(self._loop, self._wait, deadlines.entry, lambda: (self._name,))
        if not isinstance(outcome, TimedOut):
            return outcome
        self._loop.call_soon_threadsafe(self._task.cancel, "the job shuts down")
        refusing = f"{self._name}, although it was cancelled"
        after = run_in_loop(self._loop, self._wait, deadlines.cancel, lambda: (refusing,))
        return after if isinstance(after, TimedOut) else outcome

    async def _wait(self) -> None:
        # Unlike the task itself, this may be cancelled without cancelling the task.
        await asyncio.wait({self._task})

    async def _run(self, entrypoint: Entrypoint) -> None:
        raised: BaseException | None = None
        try:
            await entrypoint(self._context)
        except BaseException as error:  # noqa: BLE001 - in a task, SystemExit would end the whole loop
            raised = error
        self._ended(raised)


def first_steps(running: Callable[[], Running | None], deadlines: Deadlines) -> tuple[Step, ...]:
    """Those of a shutdown that come before its own: begin nothing more, and end what runs."""

    def stop_accepting(_deadline: float) -> Outcome:
        # That no job is begun any more follows from `Shutdown.begun`.
        if (entry := running()) is not None:
            entry.stop_accepting()
        return Done()

    def end_entry(_deadline: float) -> Outcome:
        entry = running()
        return Skipped(reason="there was no job") if entry is None else entry.end(deadlines)

    return (
        Step(
            name="stop accepting",
            done="nothing more is accepted",
            deadline=deadlines.stop,
            run=stop_accepting,
        ),
        Step(
            name="entry point",
            done="entry point returned",
            deadline=deadlines.entry + deadlines.cancel,
            run=end_entry,
        ),
    )
