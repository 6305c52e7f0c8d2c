"""Other programs: started without a shell, bounded in time, their last words kept."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from monorelease.model.value import value

if TYPE_CHECKING:
    from subprocess import Popen

LAST_LINES = 20
"""How much of a failed command's output is worth repeating."""

_LAST_BYTES = 64 * 1024
"""How much of it is read: a line may be of any length."""

_LAST_BREATH = 5.0
"""Seconds that the system gets to bury what was killed."""


@value
class Ended:
    """How a command ended."""

    status: int | None
    """Its exit status; None where it was not found, or was stopped for taking too long."""
    last_words: str
    """The end of what it printed, or why it did not run."""


def run(
    command: Sequence[str],
    cwd: Path,
    *,
    seconds: float,
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run `command` (no shell) in `cwd`; its output goes to no terminal.

    It gets `environment` and nothing else, or what this process has where that is None. After
    `seconds` it is stopped, and all that it started with it. What it leaves running when it ends
    by itself is not waited for.
    """
    with running(command, cwd, environment=environment) as process:
        return process.wait(seconds)


@contextmanager
def running(
    command: Sequence[str], cwd: Path, *, environment: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """What `run` runs, at work while the body is; it does not outlive that."""
    from tempfile import TemporaryFile

    with TemporaryFile() as output:  # a pipe is open until the last of its heirs has ended
        process = _begin(command, cwd, environment, output)
        try:
            yield Running(process, output)
        finally:
            if not isinstance(process, str) and process.poll() is None:
                stop(process)


class Running:
    """A command at work, or why it does not work at all."""

    def __init__(self, process: Popen[bytes] | str, output: IO[bytes]) -> None:
        self._process = process
        self._output = output
        self._begin = time.monotonic()

    def wait(self, seconds: float) -> Ended:
        """How it ended; it is stopped when it has been at work for `seconds`."""
        import subprocess

        if isinstance(self._process, str):
            return Ended(status=None, last_words=self._process)
        late = ""
        try:
            status = self._process.wait(max(0.0, self._begin + seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            stop(self._process)
            status, late = None, f"stopped after {seconds:.0f} s\n"
        return Ended(status=status, last_words=late + _tail(self._output))


def _begin(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str] | None, output: IO[bytes]
) -> Popen[bytes] | str:
    """The process, or why there is none."""
    import subprocess

    try:
        return subprocess.Popen(  # noqa: S603 - a list, from the owner's configuration
            list(command),
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    except ValueError as error:  # a NUL in an argument
        return f"{command[0]}: {error}"


def stop(process: Popen[bytes], *, grace: float = 0.0) -> None:
    """Kill it with all that it started: on POSIX, where it leads a session of its own.

    Within `grace` seconds it may end by itself; Windows has no word for that.
    """
    import os
    import signal

    if os.name == "nt":
        _stop_tree(process)
    elif not (grace and _ends_at(process, signal.SIGTERM, grace)):
        _ends_at(process, signal.SIGKILL, _LAST_BREATH)


def _ends_at(process: Popen[bytes], sign: int, seconds: float) -> bool:
    import os
    import subprocess

    try:
        os.killpg(process.pid, sign)
    except (ProcessLookupError, PermissionError):  # it leads nobody, or the group is dead already
        process.send_signal(sign)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _stop_tree(process: Popen[bytes]) -> None:
    import subprocess
    from contextlib import suppress

    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(  # noqa: S603 - a number, and words of our own
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],  # noqa: S607 - part of the system
            capture_output=True,
            timeout=_LAST_BREATH,
            check=False,
        )
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_LAST_BREATH)


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, 2)
    output.seek(max(0, size - _LAST_BYTES))
    text = output.read(_LAST_BYTES).decode("utf-8", "replace")
    return "\n".join(text.rstrip().splitlines()[-LAST_LINES:])
