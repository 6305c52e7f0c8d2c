"""The stand-in server in a process of its own, for tests that stop, stall or outlive it."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any, Self

from agents_core.testing.room.events import Event, NotSeen, matches

_STARTING, _STOPPING = 20.0, 10.0


class RoomProcess:
    """``python -m agents_core.testing.room``, and what it has said so far.

    Nothing here is asynchronous: it is for tests that watch processes from outside. Use it in
    ``with``.

    Attributes:
        api_key: with which tokens are signed.
        api_secret: likewise; a new one every time.
        url: where it listens, once it is started.
    """

    def __init__(self, *, auto_dispatch: bool = False) -> None:
        self.api_key = "devkey"
        self.api_secret = secrets.token_urlsafe(32)
        self.url = ""
        self._options = ["--auto-dispatch"] if auto_dispatch else []
        self._events: list[Event] = []
        self._news = threading.Condition()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def events(self) -> tuple[Event, ...]:
        """All that it said, in order."""
        with self._news:
            return tuple(self._events)

    @property
    def pid(self) -> int:
        """Of the server.

        Raises:
            RuntimeError: it is not started.
        """
        if self._process is None:
            raise RuntimeError("the server is not started")
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it listens.

        Raises:
            NotSeen: it did not, in 20 seconds.
        """
        self._process = subprocess.Popen(  # noqa: S603 - this very package, with our own options
            # The secret stays out of the list of processes, which anybody can read.
            [sys.executable, "-m", "agents_core.testing.room", "--secret-first", *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="room server events", daemon=True)
        self._reader.start()
        try:
            self._write(self.api_secret)
            self.url = self.wait_for("listening", within=_STARTING)["url"]
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Have it end in good order; it is killed if it does not, or if it is stalled."""
        if self._process is None or self._reader is None:
            return
        self._process.send_signal(signal.SIGCONT)
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._end()

    def kill(self) -> None:
        """End it at once (SIGKILL); every connection breaks."""
        if self._process is not None:
            self._process.kill()
            self._end()

    def stall(self) -> None:
        """Have it answer nothing any more, with every connection open (SIGSTOP)."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """End the stall."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def token(
        self, identity: str, *, room: str, agent: bool = False, attributes: Mapping[str, str] = {}
    ) -> str:
        """A token with which `identity` may join `room`, for six hours."""
        from agents_core.testing.room.tokens import Keys

        keys = Keys(api_key=self.api_key, api_secret=self.api_secret)
        return keys.mint(identity, room=room, agent=agent, attributes=attributes)

    def seen(
        self, event: str | None = None, identity: str | None = None, **facts: object
    ) -> tuple[Event, ...]:
        """What happened of that kind, to that participant, with those facts; in order."""
        return tuple(said for said in self.events if matches(said, event, identity, facts))

    def wait_for(
        self, event: str, identity: str | None = None, *, within: float = 10.0, **facts: object
    ) -> Event:
        """The first such event, of the past or of the next `within` seconds.

        Raises:
            NotSeen: there was none; the message tells what there was.
        """
        give_up = time.monotonic() + within
        with self._news:
            while not (found := self.seen(event, identity, **facts)):
                if not self._news.wait(give_up - time.monotonic()):
                    said = [(past.event, past.identity) for past in self._events]
                    raise NotSeen(f"no {event!r} of {identity!r} in {within} s; there were {said}")
        return found[0]

    def dispatch(
        self, *, room: str, agent_name: str = "", metadata: str = "", within: float = 10.0
    ) -> Event:
        """Have a worker take a job for `room`; the ``job_assigned`` event, with the job's id.

        Raises:
            NotSeen: no worker took one in `within` seconds.
        """
        job = f"AJ_{secrets.token_urlsafe(9)}"
        self.tell("dispatch", room=room, agent_name=agent_name, metadata=metadata, job_id=job)
        return self.wait_for("job_assigned", within=within, job=job)

    def terminate(self, job: str) -> None:
        """Have the worker of a job end it."""
        self.tell("terminate", job=job)

    def remove(self, room: str, identity: str) -> None:
        """Send a participant out of a room."""
        self.tell("remove", room=room, identity=identity)

    def delete_room(self, room: str) -> None:
        """Send everybody out of a room."""
        self.tell("delete_room", room=room)

    def tell(self, command: str, **options: Any) -> None:  # noqa: ANN401 - plain values of many kinds
        """Tell it to do something; what there is to tell is at `commands.Commands`."""
        self._write(json.dumps({"do": command, **options}))

    def _write(self, line: str) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the server is not started")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        if self._process is None or self._process.stdout is None:
            return
        for line in self._process.stdout:
            told = json.loads(line)
            known = {name: told.pop(name) for name in ("event", "at", "identity", "room")}
            with self._news:
                self._events.append(Event(**known, facts=told))
                self._news.notify_all()

    def _end(self) -> None:
        """Reap it, and close the pipes."""
        if self._process is not None and self._reader is not None:
            with self._process:
                self._reader.join(_STOPPING)
