"""How much memory a process has, and whether that is too much."""

from __future__ import annotations

import contextlib
import enum
from dataclasses import dataclass
from pathlib import Path

from agents_core.jobs.options import ProcessOptions

_KILOBYTE = 1024


class Verdict(enum.Enum):
    """What is to be done about the memory of a process."""

    FINE = enum.auto()
    WARN = enum.auto()
    TOO_BIG = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryWarning:
    """The last time that somebody was told."""

    at: float
    used: int
    """Bytes."""


def judge(used: int, now: float, last: MemoryWarning | None, options: ProcessOptions) -> Verdict:
    """Whether `used` bytes at `now` are too many, or worth a warning after the `last` one."""
    if 0 < options.memory_limit < used:
        return Verdict.TOO_BIG
    if not 0 < options.memory_warn < used:
        return Verdict.FINE
    if last is None or now - last.at >= options.memory_warn_cooldown:
        return Verdict.WARN
    return Verdict.WARN if used - last.used >= options.memory_warn_step else Verdict.FINE


def measure(pid: int) -> int | None:
    """Bytes that would come free if the process ended; None where it cannot be told, or is gone.

    On Linux its proportional share (PSS): children of one fork server share most of their pages,
    and the resident size would count those for each of them. Elsewhere its unique pages (USS),
    or else its resident size. Takes milliseconds for a big process: call it in a thread.
    """
    share = _proportional_share(pid)
    return share if share is not None else _ask_psutil(pid)


def _proportional_share(pid: int) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * _KILOBYTE
    return None


def _ask_psutil(pid: int) -> int | None:
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        try:
            return int(process.memory_full_info().uss)
        except psutil.AccessDenied:
            return int(process.memory_info().rss)
    return None
