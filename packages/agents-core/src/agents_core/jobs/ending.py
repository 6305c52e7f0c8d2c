"""The ending of one job process, from outside: carries out what `escalation` decides."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from agents_core.jobs.dumps import dump_stacks
from agents_core.jobs.escalation import Escalation, Stage, advance, announce, ask
from agents_core.jobs.log_relay import escape, quote
from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.starting import Child

_logger = logging.getLogger("agents_core.jobs.supervisor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a process has to end."""

    reason: str
    at_fault: bool
    """Whether it is the process's own doing."""


class Ending:
    """Begun by whoever first asks for it, or by the process itself; then it takes its course."""

    def __init__(self, options: ProcessOptions) -> None:
        self._options = options
        self._escalation: Escalation | None = None
        self._changed = asyncio.Event()
        self.cause: Cause | None = None
        self.asked = False
        """Whether the worker wanted it, before the process said so itself."""
        self.forced: tuple[signal.Signals, ...] = ()
        """What was sent to a process that overran, in this order."""

    @property
    def begun(self) -> bool:
        """Whether the process has been asked to end, or ends by itself."""
        return self._escalation is not None

    @property
    def announced(self) -> bool:
        """Whether the process knows that it ends: then it is no wonder that it does not answer."""
        return self._escalation is not None and self._escalation.stage is not Stage.ASKED

    def ask(self, cause: Cause) -> None:
        """Have the process end, with all the time that its deadlines give it; once."""
        if self._escalation is None:
            self.cause = cause
            self.asked = True
            self._escalation = ask(time.monotonic(), self._options)
            self._changed.set()

    def announce(self, reason: str, longest: float) -> None:
        """The process says that it ends within `longest` seconds."""
        if self._escalation is None:
            self.cause = Cause(reason=reason, at_fault=False)
        now = time.monotonic()
        self._escalation = announce(self._escalation, now, longest, self._options)
        self._changed.set()

    async def run(self, child: Child, request: Callable[[str], object]) -> None:
        """See it through to SIGKILL; to be cancelled as soon as the process is gone.

        `request` is called at most once, with the reason: it asks the process to end.
        """
        escalation = await self._begun()
        if escalation.stage is Stage.ASKED and self.cause is not None:
            request(self.cause.reason)
        while escalation.stage is not Stage.KILLED:
            await self._wait(escalation.until)
            if self._escalation is not None and self._escalation.stage > escalation.stage:
                escalation = self._escalation  # announced meanwhile
                continue
            following = advance(escalation, time.monotonic(), self._options)
            if following is not escalation:
                self._escalation = following
                escalation = await self._act(following, child)
        await asyncio.sleep(self._options.deadlines.reap)
        _logger.error("job process %s was killed, and still is not gone", child.process.pid)

    async def _begun(self) -> Escalation:
        while self._escalation is None:
            await self._changed.wait()
        return self._escalation

    async def _wait(self, until: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(until - time.monotonic()):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _act(self, escalation: Escalation, child: Child) -> Escalation:
        match escalation.stage:
            case Stage.DUMPING:
                await self._dump(child)
                return replace(escalation, until=time.monotonic())
            case Stage.TERMINATING:
                self._force(child, signal.SIGTERM)
            case Stage.KILLED:
                self._force(child, signal.SIGKILL)
            case Stage.ASKED | Stage.ANNOUNCED:
                """Not for us to do."""
        return escalation

    async def _dump(self, child: Child) -> None:
        pid = child.process.pid or 0
        within = self._options.dump_timeout
        stacks = await dump_stacks(child.handle, pid, child.stacks, within=within)
        reason = escape(self.cause.reason) if self.cause else "?"
        _logger.warning(
            "job process %s overran its ending (%s); its threads:\n%s", pid, reason, quote(stacks)
        )

    def _force(self, child: Child, number: signal.Signals) -> None:
        if child.handle.signal(number):
            self.forced = (*self.forced, number)
            _logger.warning("job process %s did not end: sent %s", child.process.pid, number.name)
