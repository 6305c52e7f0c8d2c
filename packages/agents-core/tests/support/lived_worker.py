"""A worker's command, watched from outside: its log, its metrics, and what the kernel knows."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Protocol
from urllib.request import urlopen

import psutil

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.shutdown import GRACE

AGENT = Path(__file__).with_name("lived_agent.py")
SHORT = Deadlines(
    stop=1, entry=0.5, cancel=1, session=1, room=3, callbacks=1, tasks=1, native=3, logs=2
)
"""Short where a job is made to overrun them, and long where it is expected to be in time."""
BOUND = SHORT.total + GRACE
"""Seconds within which a job process is gone, whatever it does."""
STEPS = (
    "stop accepting",
    "entry point",
    "session close",
    "room disconnect",
    "shutdown callbacks",
    "task stop",
    "native dispose",
    "log flush",
)
PATIENCE = 40.0


class Server(Protocol):
    url: str
    api_key: str
    api_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record of the log."""

    name: str
    level: str
    said: str
    pid: int
    job: str | None
    at: float
    exception: str | None


@dataclass(kw_only=True)
class LivedWorker:
    """The command, and what it has said so far."""

    process: subprocess.Popen[str]
    port: int
    lines: list[Line] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)
    """What came on standard error and is no record."""
    news: threading.Condition = field(default_factory=threading.Condition)

    def log(self, *, job: str | None = None, level: str | None = None) -> list[Line]:
        """The records so far, of this job, of this level."""
        with self.news:
            lines = tuple(self.lines)
        return [one for one in lines if job in (None, one.job) and level in (None, one.level)]

    def wait_for(self, said: str, *, job: str | None = None, within: float = PATIENCE) -> Line:
        """The first record that contains this, of the past or of the next seconds."""
        give_up = time.monotonic() + within
        with self.news:
            while True:
                found = [each for each in self.lines if said in each.said]
                if found := [each for each in found if job in (None, each.job)]:
                    return found[0]
                left = give_up - time.monotonic()
                assert left > 0, self._instead(said, job)
                self.news.wait(left)

    def gone(self, job: str, *, within: float = PATIENCE) -> Line:
        """The worker's report of a job's process, which it has waited for."""
        return self.wait_for(f"(job {job})", within=within)

    def pid_of(self, job: str) -> int:
        """Of the process that runs the job, once it has settled."""
        return self.wait_for("settled", job=job).pid

    def steps(self, job: str) -> dict[str, str]:
        """How each step went, in the words of the job process itself."""
        [said] = [line.said for line in self.log(job=job) if "the job process ends (" in line.said]
        inside = said.removeprefix("the job process ends (").removesuffix(")")
        reports = (part.partition(": ") for part in inside.split("; "))
        return {step: outcome for step, _, outcome in reports}

    def metrics(self) -> dict[str, float]:
        """The page for Prometheus, by name and labels."""
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=PATIENCE) as answer:
            page = answer.read().decode()
        samples = (line.rpartition(" ") for line in page.splitlines() if line[0] != "#")
        return {name: float(value) for name, _, value in samples}

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Have it drain and end; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def relatives(self) -> list[psutil.Process]:
        """Every process below it, zombies too."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def fork_server(self) -> psutil.Process:
        """The parent of its job processes, which look just like it."""
        return self._helper("forkserver import main")

    def job_processes(self) -> list[psutil.Process]:
        """Every process below it, but for those that `multiprocessing` keeps."""
        kept = (self.fork_server(), self._helper("resource_tracker"))
        return [each for each in self.relatives() if each not in kept]

    def _helper(self, name: str) -> psutil.Process:
        below = psutil.Process(self.process.pid).children()
        [found] = [each for each in below if name in " ".join(each.cmdline())]
        return found

    def _instead(self, said: str, job: str | None) -> str:
        heard = "\n".join(
            f"{each.pid} {each.said}" for each in self.lines if job in (None, each.job)
        )
        return f"nobody said {said!r}, but:\n{heard}\n{''.join(self.noise)}"

    def read(self) -> None:
        """In a thread: until it closes standard error."""
        assert self.process.stderr is not None
        for text in self.process.stderr:
            with self.news:
                try:
                    said = json.loads(text)
                    self.lines.append(Line(**{each.name: said[each.name] for each in fields(Line)}))
                except (ValueError, TypeError):
                    self.noise.append(text)
                self.news.notify_all()


@contextlib.contextmanager
def living(
    server: Server,
    *,
    environ: Mapping[str, str] | None = None,
    **options: Any,  # noqa: ANN401 - options are of many types
) -> Iterator[LivedWorker]:
    """A worker that is up, and every process of it gone afterwards."""
    port = _free_port()
    limits = options.pop("deadlines", SHORT)
    wanted = options | {
        "port": port,
        "deadlines": {f.name: getattr(limits, f.name) for f in fields(limits)},
    }
    process = subprocess.Popen(
        [sys.executable, AGENT, "start"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={
            **os.environ,  # noqa: TID251 - what a command inherits
            "OPTIONS": json.dumps(wanted),
            "LIVEKIT_URL": server.url,
            "LIVEKIT_API_KEY": server.api_key,
            "LIVEKIT_API_SECRET": server.api_secret,
            **(environ or {}),
        },
    )
    worker = LivedWorker(process=process, port=port)
    reader = threading.Thread(target=worker.read, name="worker's log", daemon=True)
    reader.start()
    try:
        worker.wait_for("registered")
        yield worker
    finally:
        _kill(worker)
        with process:
            reader.join(PATIENCE)


def runs(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(true: Callable[[], object], what: str, *, within: float = PATIENCE) -> None:
    """Wait until it is so."""
    give_up = time.monotonic() + within
    while not true():
        assert time.monotonic() < give_up, f"still not: {what}"
        time.sleep(0.01)


def _kill(worker: LivedWorker) -> None:
    with contextlib.suppress(psutil.Error):
        for each in worker.relatives():
            with contextlib.suppress(psutil.Error):
                each.kill()
    worker.process.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
