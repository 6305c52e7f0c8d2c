"""Runs that are killed before every single change to the disk; no code of ours is replaced.

Each run happens in a fork of this process, which an audit hook and a profile function watch from
outside: the n-th call that opens a file for writing, writes, syncs, renames, removes, makes or
chmods is not reached, because the process kills itself with SIGKILL first.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import FrameType

_AUDITED = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate"})
_PROFILED = frozenset({"write", "fsync", "sync", "truncate", "flock"})


def survives(step: int, act: Callable[[], object]) -> bool:
    """Do `act` in a fork that dies before its `step`-th change; whether it came to its end."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        try:
            _die_at(step)
            act()
        except BaseException:  # noqa: BLE001 - whatever it is, it must not go on in the child
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.waitstatus_to_exitcode(status) == 0
    return True


def is_gone(pid: int) -> bool:
    """Whether there is no such process any more; it gets a moment to go."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
            return True  # dead, and nobody has asked how it ended
        time.sleep(0.05)
    return False


def _die_at(step: int) -> None:
    steps = count()

    def reach() -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, args: tuple[object, ...]) -> None:
        opens = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        if opens or event in _AUDITED:
            reach()

    def profile(_frame: FrameType, event: str, function: object) -> None:
        if event == "c_call" and getattr(function, "__name__", "") in _PROFILED:
            reach()

    sys.addaudithook(audit)
    sys.setprofile(profile)
