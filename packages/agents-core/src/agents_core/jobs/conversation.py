"""What a worker and one of its job processes say to each other, from the worker's side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from agents_core.errors import AgentsError
from agents_core.jobs.channel import ParentEnd
from agents_core.jobs.ending import Ending
from agents_core.jobs.log_relay import relay
from agents_core.jobs.messages import (
    Initialize,
    Initialized,
    JobEnded,
    JobStarted,
    LogLine,
    Message,
    Pong,
    RequestShutdown,
    ShuttingDown,
    StepEnded,
)
from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.watching import Pulse
from agents_core.jobs.wire import ChannelError

_logger = logging.getLogger("agents_core.jobs.supervisor")

_TURN = 100
"""Messages of one process that are dealt with before everybody else has a turn."""
_MOST_STEPS = 64
"""Of one ending; a process that reports more has lost its mind, and ours is not to follow it."""


class StartFailed(AgentsError):
    """A job process could not be started, or failed before it was ready for a job."""


class Conversation:
    """All that is said, and what the process has said so far."""

    def __init__(
        self, options: ProcessOptions, ending: Ending, job_started: Callable[[], object]
    ) -> None:
        self.job_id: str | None = None
        self.job_error: str | None = None
        self._job_began = False
        self.steps: tuple[StepEnded, ...] = ()
        self.heard_all = asyncio.Event()
        """Nothing more will come."""
        self.initialized: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting for it: that it failed is in the report as well.
        self.initialized.add_done_callback(lambda future: future.cancelled() or future.exception())
        self._options = options
        self._ending = ending
        self._job_started = job_started
        self._channel: ParentEnd | None = None
        self._pid = 0
        self.pulse = Pulse(options)

    def open(self, channel: ParentEnd, pid: int) -> None:
        """The process `pid` is there, and can be spoken to."""
        self._channel = channel
        self._pid = pid

    async def initialize(self, too_late: Callable[[str], object]) -> None:
        """Have the process prewarm, and wait for it; calls `too_late` if that takes too long."""
        options = self._options
        self.send(
            Initialize(
                log_level=options.log_level,
                ping_interval=options.ping_interval,
                orphan_timeout=options.orphan_timeout,
            )
        )
        await asyncio.wait((self.initialized,), timeout=options.deadlines.initialize)
        if not self.initialized.done():
            reason = f"not initialised after {options.deadlines.initialize:g} s"
            self.fail_start(reason)
            too_late(reason)

    async def ping(self, too_late: Callable[[str], object]) -> None:
        """From when it is initialised; calls `too_late` when there is no answer in time."""
        await asyncio.wait((self.initialized,))
        if self.initialized.exception() is None:
            await self.pulse.run(self.send, too_late)

    async def listen(self) -> str:
        """Deal with all that the process says, to the end; why it was the end."""
        dealt_with = 0
        try:
            while self._channel and (message := await self._channel.receive()) is not None:
                self._take(message)
                dealt_with += 1
                if dealt_with % _TURN == 0:
                    await asyncio.sleep(0)
        except ChannelError as error:
            return f"it talks nonsense: {error}"
        finally:
            self.heard_all.set()
        return "it closed its channel"

    def request_shutdown(self, reason: str) -> None:
        """Ask the process to end."""
        self.send(RequestShutdown(reason=reason))

    def send(self, message: Message) -> bool:
        """Say something; False where it does not get there."""
        return self._channel is not None and self._channel.send(message)

    def fail_start(self, reason: str) -> None:
        """There will be no job for this process."""
        if not self.initialized.done():
            self.initialized.set_exception(StartFailed(f"job process {self._pid}: {reason}"))

    def _take(self, message: Message) -> None:
        match message:
            case LogLine():
                relay(message, pid=self._pid, job_id=self.job_id)
            case Pong():
                self.pulse.answered(message, pid=self._pid, quiet=self._ending.announced)
            case ShuttingDown(reason=reason, longest=longest):
                self._ending.announce(reason, longest)
            case StepEnded() if len(self.steps) < _MOST_STEPS:
                self.steps = (*self.steps, message)
            case _:
                self._take_news(message)

    def _take_news(self, message: Message) -> None:
        match message:
            case Initialized(error=None):
                if not self.initialized.done():
                    self.initialized.set_result(None)
            case Initialized(error=str(error)):
                self.fail_start(f"prewarm failed: {error}")
            case JobStarted():
                if not self._job_began:
                    self._job_began = True
                    self._job_started()
            case JobEnded(error=error):
                # One that was to end before it began, and so does not begin, has not failed.
                if self._job_began or not self._ending.asked:
                    self.job_error = self.job_error or error
            case _:
                _logger.debug("job process %s said %s", self._pid, type(message).__name__)
