"""Every number by which a worker keeps its job processes: seconds, bytes, and how many."""

from __future__ import annotations

import logging
import math
import os
import sys
from dataclasses import dataclass, field, fields
from typing import Literal, TypeAlias

from agents_core.jobs.deadlines import Deadlines

StartMethod: TypeAlias = Literal["fork", "forkserver", "spawn"]

MEGABYTE = 1024 * 1024
_MAY_BE_ZERO = frozenset(
    {"num_idle", "log_level", "memory_warn", "memory_limit", "memory_warn_step"}
)


def default_start_method() -> StartMethod:
    """On Linux the fork server, with the slow imports behind it; elsewhere a new interpreter."""
    return "forkserver" if sys.platform == "linux" else "spawn"


def default_concurrency() -> int:
    """How many processes are worth starting at the same time on this machine."""
    return min(os.cpu_count() or 1, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessOptions:
    """How job processes are started, watched and ended.

    Raises:
        ValueError: a number is negative or not finite, or zero where that makes no sense.
    """

    start_method: StartMethod = field(default_factory=default_start_method)
    preload: tuple[str, ...] = ("livekit.rtc", "livekit.protocol.agent")
    """Modules that the fork server imports once, for all its children; one that is missing is not
    missed. None of them may start a thread or the native library when it is imported."""
    num_idle: int = field(default_factory=default_concurrency)
    """Processes kept ready for the next job."""
    max_initializing: int = field(default_factory=default_concurrency)
    """Processes that may be initialising at the same time."""
    log_level: int = logging.INFO
    """Below which a process does not send what it logs."""

    restart_wait: float = 0.5
    """Before an idle process is replaced that failed; doubled with each failure in a row."""
    restart_wait_longest: float = 30.0
    """Where the doubling ends; an idle process that lived longer than this was healthy."""

    ping_interval: float = 2.5
    ping_timeout: float = 60.0
    """Without an answer, after which a process is unresponsive and is ended."""
    slow_ping: float = 0.5
    """An answer that takes longer is warned of: something blocks the event loop."""
    orphan_timeout: float = 60.0
    """Without a ping, after which a process takes its worker for dead and ends."""

    memory_interval: float = 5.0
    """Between two looks at the memory of a process."""
    memory_warn: int = 500 * MEGABYTE
    """Bytes, above which is warned; 0 for never."""
    memory_limit: int = 0
    """Bytes, above which the process is ended; 0 for no limit."""
    memory_warn_cooldown: float = 120.0
    """Between two warnings about the same process..."""
    memory_warn_step: int = 50 * MEGABYTE
    """...unless it has grown by so many bytes meanwhile."""

    deadlines: Deadlines = field(default_factory=Deadlines)
    """Of starting, and of each step of an ending, inside the process and around it."""
    shutdown_margin: float = 2.0
    """Beyond the deadlines of its steps together, for a process to be gone."""
    dump_timeout: float = 1.0
    """For a process that overran to write down where its threads are."""
    drain_timeout: float = 1.0
    """For reading what a process had said, once it is gone."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, int | float) and not _makes_sense(each.name, value):
                raise ValueError(f"{each.name} must be positive and finite: {value}")

    @property
    def longest_ending(self) -> float:
        """Seconds within which a process that is asked to end is gone, whatever it does."""
        limits = self.deadlines
        inside = (limits.acknowledge, limits.total, self.shutdown_margin)
        around = (self.dump_timeout, limits.terminate, limits.reap, self.drain_timeout)
        return math.fsum((*inside, *around))


def _makes_sense(name: str, value: float) -> bool:
    return math.isfinite(value) and (value > 0 or (value == 0 and name in _MAY_BE_ZERO))
