"""Other programs: started without a shell, bounded in time, their last words kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monorelease.model.value import value

LAST_LINES = 20
"""How much of a failed command's output is worth repeating."""


@value
class Ended:
    """How a command ended."""

    status: int | None
    """Its exit status; None where it was not found, or was stopped for taking too long."""
    last_words: str
    """The end of what it printed, or why it did not run."""


def run(command: Sequence[str], cwd: Path, *, seconds: float) -> Ended:
    """Run `command` (no shell) in `cwd`; its output goes to no terminal.

    After `seconds` it is stopped, and all that it started with it.
    """
    import subprocess

    try:
        process = subprocess.Popen(  # noqa: S603 - a list, from the owner's configuration
            list(command),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return Ended(status=None, last_words=f"{command[0]}: {error.strerror}")
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _stop(process.pid)
        output, _ = process.communicate()
        return Ended(status=None, last_words=f"stopped after {seconds:.0f} s\n{_tail(output)}")
    except BaseException:
        _stop(process.pid)
        process.wait()
        raise
    return Ended(status=process.returncode, last_words=_tail(output))


def _stop(pid: int) -> None:
    import os
    import signal
    from contextlib import suppress

    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)


def _tail(output: str) -> str:
    return "\n".join(output.rstrip().splitlines()[-LAST_LINES:])
