"""Another program, heard while it works: its lines as they come, bounded in time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Literal

from monorelease.adapters.commands import stop

if TYPE_CHECKING:
    from queue import SimpleQueue
    from subprocess import Popen

_LONGEST = 64 * 1024
"""Bytes of a line; a longer one is heard in pieces."""

_MOST = 1024 * 1024
"""Bytes that are kept of all that it says; the rest is heard by nobody."""

_LAST_BREATH = 2.0
"""Seconds that the system gets to empty the pipe."""


@contextmanager
def listening(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    to: Literal["stdout", "stderr"],
) -> Iterator[Listener]:
    """Run `command` (no shell) and hear one of its streams; the other goes nowhere.

    It gets `environment` and nothing else, and no keyboard. Where it is still at work when the
    body is over, it is killed with all that it started.

    Raises:
        OSError: it cannot be started.
    """
    import subprocess

    process = subprocess.Popen(  # noqa: S603 - a list: no shell reads it
        list(command),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if to == "stdout" else subprocess.DEVNULL,
        stderr=subprocess.PIPE if to == "stderr" else subprocess.DEVNULL,
        start_new_session=True,
    )
    listener = Listener(process, getattr(process, to))
    try:
        yield listener
    finally:
        listener.end(0)
        listener.close()


class Listener:
    """Who hears a program."""

    def __init__(self, process: Popen[bytes], pipe: IO[bytes]) -> None:
        from queue import SimpleQueue
        from threading import Thread

        self._process = process
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        # A pipe can only be waited for by a thread, on every system; a daemon, because whoever
        # inherited the pipe may hold it open for ever.
        self._reader = Thread(target=_pass_on, args=(pipe, self._lines), daemon=True)
        self._reader.start()

    def hear(self, until: float) -> str | None:
        """The next line, bytes that are no text replaced; None after the last.

        Args:
            until: a moment of `time.monotonic`.

        Raises:
            TimeoutError: there was none by then.
        """
        from queue import Empty

        try:
            line = self._lines.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            raise TimeoutError from None
        return line.decode("utf-8", "replace") if line else None

    def end(self, seconds: float) -> int | None:
        """Its exit status; None where it had to be stopped because it did not end in time."""
        import subprocess

        status = None
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            stop(self._process)
        return status

    def close(self) -> None:
        """Hear no more; what is still being said is waited for, but not for long."""
        self._reader.join(_LAST_BREATH)


def _pass_on(pipe: IO[bytes], lines: SimpleQueue[bytes]) -> None:
    """Every line, and an empty one for the end; what nobody keeps is read all the same."""
    kept = 0
    with pipe:
        while line := pipe.readline(_LONGEST):
            kept += len(line)
            if kept <= _MOST:
                lines.put(line)
    lines.put(b"")
