"""A worker's end of a job process and nothing more: a socket, a process, and what was heard."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TypeVar

from agents_core.jobs.child import ChildOptions, run_child
from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.messages import (
    Initialize,
    Initialized,
    LogLine,
    Message,
    RunningJob,
    StartJob,
    StepEnded,
)
from agents_core.jobs.wire import Frames, encode

T = TypeVar("T")

PRELOAD = (
    "agents_core.jobs.shield",
    "agents_core.jobs.child",
    "livekit.protocol.agent",
    "livekit.rtc",
)
"""As a worker has it: whichever test comes first starts the one fork server for all."""

PATIENCE = 20.0
"""Seconds that nothing here is expected to take."""


@dataclass(kw_only=True)
class RawProcess:
    """One job process, and everything that it has said."""

    process: multiprocessing.process.BaseProcess
    end: socket.socket
    dump: Connection
    said: list[Message] = field(default_factory=list)
    frames: Frames = field(default_factory=Frames)

    def say(self, message: Message) -> None:
        """Send as a worker would."""
        self.end.sendall(encode(message))

    def hear(self, kind: type[T], *, number: int = 1, within: float = PATIENCE) -> T:
        """The first message of this kind, or another one by number, read as far as needed."""
        give_up = time.monotonic() + within
        while len(found := [said for said in self.said if isinstance(said, kind)]) < number:
            assert self._read(give_up), f"no {kind.__name__}: {self.said}"
        return found[number - 1]

    def hear_log(self, message: str) -> None:
        """Read until it has logged this."""
        number = 1
        while self.hear(LogLine, number=number).message != message:
            number += 1

    def hear_out(self, within: float = PATIENCE) -> None:
        """Read until the process has closed its end."""
        give_up = time.monotonic() + within
        while self._read(give_up):
            pass
        self.frames.end()

    def initialize(self, *, orphan_timeout: float = 60.0) -> Initialized:
        """Get it ready."""
        level = logging.DEBUG
        self.say(Initialize(log_level=level, ping_interval=1.0, orphan_timeout=orphan_timeout))
        return self.hear(Initialized)

    def start_job(self, job_id: str = "AJ_1", *, url: str = "", token: str = "") -> None:
        """Give it a job, of the server if there is one."""
        from livekit.protocol import agent, models

        job = agent.Job(id=job_id, room=models.Room(name="the room"))
        self.say(
            StartJob(
                running=RunningJob(
                    job=job.SerializeToString(),
                    url=url,
                    token=token,
                    worker_id="AW_1",
                    fake=not url,
                )
            )
        )

    def steps(self) -> dict[str, str]:
        """The steps of its ending so far, in order, and how they went."""
        return {said.step: said.outcome for said in self.said if isinstance(said, StepEnded)}

    def log(self) -> list[str]:
        """The messages that it has logged."""
        return [said.message for said in self.said if isinstance(said, LogLine)]

    def gone(self, within: float = PATIENCE) -> int | None:
        """Its exit status, once it has one."""
        self.hear_out(within)
        self.process.join(within)
        return self.process.exitcode

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process.pid is not None and self.process.exitcode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(PATIENCE)
        self.end.close()
        self.dump.close()
        self.process.close()

    def _read(self, give_up: float) -> bool:
        self.end.settimeout(max(give_up - time.monotonic(), 0.01))
        try:
            data = self.end.recv(65536)
        except ConnectionError:
            return False
        self.said.extend(self.frames.feed(data))
        return bool(data)


def start(
    entry: EntryPoint,
    *,
    via: str = "forkserver",
    deadlines: Deadlines | None = None,
    disown: tuple[int, ...] = (),
) -> RawProcess:
    """Start a job process; the caller closes it."""
    context = multiprocessing.get_context(via)
    if via == "forkserver":
        context.set_forkserver_preload([*PRELOAD])
    ours, its = socket.socketpair()
    dump, its_dump = context.Pipe(duplex=False)
    own = (ours.fileno(), dump.fileno()) if via == "fork" else ()
    options = ChildOptions(deadlines=deadlines or Deadlines(), disown=(*own, *disown))
    process = context.Process(target=run_child, args=(its, entry, its_dump, options))
    process.start()
    its.close()
    its_dump.close()
    return RawProcess(process=process, end=ours, dump=dump)
