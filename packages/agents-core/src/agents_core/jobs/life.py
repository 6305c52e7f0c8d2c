"""The life of a job process, from the worker's first message to the end, by the one road."""

from __future__ import annotations

import asyncio
import math
import os
import socket
import threading
from functools import partial
from typing import NoReturn

from agents_core.jobs.channel import Outbox, listen
from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.duties import Duties, describe, status_of
from agents_core.jobs.messages import (
    Initialize,
    Message,
    Ping,
    RequestShutdown,
    ShuttingDown,
    StartJob,
    StepEnded,
)
from agents_core.jobs.orphan import Parent
from agents_core.jobs.running import first_steps
from agents_core.jobs.shutdown import Shutdown
from agents_core.jobs.signals import hear_signals
from agents_core.jobs.steps import StepReport, word_of
from agents_core.jobs.wire import ChannelError

_LOOK = 0.5
"""Seconds between two looks whether the worker is still there."""
_LAST_WORDS = 0.5
"""Seconds for what is said after the logs are flushed."""


class Life:
    """An event loop that runs until the process is gone, and a thread that hears the worker."""

    def __init__(
        self,
        *,
        connection: socket.socket,
        outbox: Outbox,
        duties: Duties,
        parent: Parent,
        deadlines: Deadlines,
    ) -> None:
        self._connection = connection
        self._outbox = outbox
        self._duties = duties
        self._parent = parent
        self._deadlines = deadlines

    def live(self) -> NoReturn:
        """Run the event loop; nothing that happens in it ends it, but the end of the process."""
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        life = self._loop.create_task(self._live(), name="job process")
        while not (life.done() or self._loop.is_closed()):
            try:
                self._loop.run_until_complete(life)
            except SystemExit as error:  # in any task or callback
                self._begin(life, "sys.exit() was called", status_of(error))
            except BaseException as error:  # noqa: BLE001 - whatever it is, the road is the same
                self._begin(life, f"the event loop broke: {describe(error)}", 1)
        # Only the loop is over; the thread of the shutdown ends the process.
        while True:
            threading.Event().wait()

    def begun(self, reason: str, longest: float) -> None:
        """Tell the worker that the shutdown has begun."""
        self._outbox.send(ShuttingDown(reason=reason, longest=longest))

    def ended(self, report: StepReport) -> None:
        """Tell the worker how a step of it went."""
        outcome = word_of(report.outcome)
        self._outbox.send(StepEnded(step=report.step, outcome=outcome, seconds=report.seconds))

    def _begin(self, life: asyncio.Task[None], reason: str, status: int) -> None:
        begin = partial(self._shutdown.begin, reason, status=status)
        if life.done() or self._loop.is_closed():
            begin()
        else:
            # Its first steps would take a loop that does not run just now for one that is over.
            self._loop.call_soon(begin)

    async def _live(self) -> None:
        self._shutdown = Shutdown(
            before=first_steps(lambda: self._duties.running, self._deadlines),
            observer=self,
            deadlines=self._deadlines,
            leave=self._leave,
        )
        hear_signals(lambda heard: self._shutdown.begin(heard.name))
        threading.Thread(target=self._listen, name="job listener", daemon=True).start()
        await self._shutdown.wait()

    def _leave(self, status: int) -> NoReturn:
        self._outbox.flush(_LAST_WORDS)
        os._exit(status)

    def _listen(self) -> None:
        """In a thread: an event loop that is blocked keeps nobody from ending this process."""
        reason = "the worker is gone"
        try:
            for message in listen(self._connection, _LOOK):
                self._hear(message)
        except (ChannelError, OSError) as error:
            reason = f"the worker cannot be understood: {describe(error)}"
        finally:  # whatever it was: a process that hears nobody has to end
            self._shutdown.begin(reason)

    def _hear(self, message: Message | None) -> None:
        if message is None:
            if (missing := self._parent.missing()) and not self._shutdown.begun:
                self._shutdown.begin(missing)
            return
        self._parent.heard()
        in_loop = self._loop.call_soon_threadsafe
        match message:
            case Initialize():
                self._parent.expect_pings(math.inf)  # until prewarm is over
                in_loop(self._duties.initialize, message, self._shutdown)
            case Ping(timestamp=timestamp):
                in_loop(self._duties.answer, timestamp)
            case StartJob(running=running):
                in_loop(self._duties.start, running, self._shutdown)
            case RequestShutdown(reason=reason):
                self._shutdown.begin(reason)
            case _:
                raise ChannelError(f"a {type(message).__name__} is not for a worker to say")
