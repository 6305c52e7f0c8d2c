"""How much of its processors this machine, or this container, has used."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

_CONTROL_GROUP = Path("/sys/fs/cgroup")
"""Where a container sees its own group, by version 2 of control groups."""
_MICROSECONDS = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Used:
    seconds: float
    """Of processor time, by everybody in the group."""
    at: float
    """Seconds of the clock."""


class CpuUse:
    """The share of the processors used between two looks.

    Where the control group has a quota, it is the whole that the share is of; psutil is asked
    about the machine else.
    """

    def __init__(self, group: Path = _CONTROL_GROUP) -> None:
        self._stat = group / "cpu.stat"
        self._processors = read_quota(group / "cpu.max")
        self._last: _Used | None = None
        self.since_last_time()

    def since_last_time(self) -> float:
        """From 0 to 1; of the first look, 0."""
        if self._processors is None:
            return _of_machine()
        now = _Used(seconds=read_usage(self._stat), at=time.monotonic())
        last, self._last = self._last, now
        if last is None or now.at <= last.at:
            return 0.0
        used = (now.seconds - last.seconds) / ((now.at - last.at) * self._processors)
        return min(max(used, 0.0), 1.0)


def read_quota(path: Path) -> float | None:
    """The number of processors that a ``cpu.max`` allows, or None where it sets no limit."""
    try:
        quota, period = path.read_text().split()
        return int(quota) / int(period)
    except (OSError, ValueError, ZeroDivisionError):  # no such group, or the word "max"
        return None


def read_usage(path: Path) -> float:
    """Seconds of processor time that a ``cpu.stat`` tells of; 0 where it tells nothing."""
    try:
        lines = (line.split() for line in path.read_text().splitlines())
        return next(int(words[1]) for words in lines if words[0] == "usage_usec") * _MICROSECONDS
    except (OSError, ValueError, IndexError, StopIteration):
        return 0.0


def _of_machine() -> float:
    import psutil

    return psutil.cpu_percent(interval=None) / 100
