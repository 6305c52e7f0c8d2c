"""Other programs: started without a shell, bounded in time, their last words kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    import subprocess
    from tempfile import TemporaryFile

    with TemporaryFile() as output:  # a pipe is open until the last of its heirs has ended
        try:
            process = subprocess.Popen(  # noqa: S603 - a list, from the owner's configuration
                list(command),
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return Ended(status=None, last_words=f"{command[0]}: {error.strerror}")
        except ValueError as error:  # a NUL in an argument
            return Ended(status=None, last_words=f"{command[0]}: {error}")
        status = _wait(process, seconds)
        said = _tail(output)
    late = f"stopped after {seconds:.0f} s\n" if status is None else ""
    return Ended(status=status, last_words=late + said)


def _wait(process: Popen[bytes], seconds: float) -> int | None:
    import subprocess

    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        _stop(process)
        return None
    except BaseException:
        _stop(process)
        raise


def _stop(process: Popen[bytes]) -> None:
    import os
    import signal
    import subprocess
    from contextlib import suppress

    with suppress(ProcessLookupError, PermissionError):  # of a group that is dead already
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_LAST_BREATH)


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, 2)
    output.seek(max(0, size - _LAST_BYTES))
    text = output.read(_LAST_BYTES).decode("utf-8", "replace")
    return "\n".join(text.rstrip().splitlines()[-LAST_LINES:])
