"""What is heard while somebody else is at work: log lines, events, and a loop that stands still."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

from agents_core.metrics import (
    AgentMetrics,
    LLMMetrics,
    RealtimeModelMetrics,
    STTMetrics,
    TTSMetrics,
    VADMetrics,
)
from agents_core.streams import Port, PortError
from agents_core.testing.demands import demand, demand_same

Metrics = TypeVar("Metrics", LLMMetrics, STTMetrics, TTSMetrics, VADMetrics, RealtimeModelMetrics)

HEARTBEAT = "heartbeat of a test"
"""The name of the task that watches over its event loop."""

_BEAT = 0.01


@contextlib.contextmanager
def log_lines() -> Iterator[list[str]]:
    """Every line that is logged meanwhile, at any level, with its traceback."""
    lines: list[str] = []
    handler = _Collecting(lines)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


@contextlib.contextmanager
def error_events(port: Port) -> Iterator[list[PortError]]:
    """Every "error" that `port` emits meanwhile."""
    errors: list[PortError] = []
    port.on("error", errors.append)
    try:
        yield errors
    finally:
        port.off("error", errors.append)


@contextlib.contextmanager
def metrics_of(port: Port, kind: type[Metrics]) -> Iterator[list[Metrics]]:
    """Every "metrics_collected" that `port` emits meanwhile, which have to be of this `kind`."""
    collected: list[AgentMetrics] = []
    measured: list[Metrics] = []
    port.on("metrics_collected", collected.append)
    try:
        yield measured
    finally:
        port.off("metrics_collected", collected.append)
    measured += [each for each in collected if isinstance(each, kind)]
    demand_same(len(measured), len(collected), f"metrics that are {kind.__name__}")


@contextlib.asynccontextmanager
async def never_blocked(*, longest: float) -> AsyncIterator[None]:
    """Fail where the event loop stood still for more than `longest` seconds."""
    gaps = [0.0]
    beating = asyncio.create_task(_beat(gaps), name=HEARTBEAT)
    await asyncio.sleep(0)
    try:
        yield
        await asyncio.sleep(2 * _BEAT)
    finally:
        beating.cancel()
        await asyncio.wait({beating})
    gap = max(gaps)
    demand(gap <= longest, f"the event loop was blocked for {gap:.2f} s: no call may wait there")


async def until(truth: Callable[[], object], what: str, *, within: float) -> None:
    """Wait until `truth` holds.

    Raises:
        AssertionError: it does not, `within` seconds.
    """
    give_up = asyncio.get_running_loop().time() + within
    while not truth():
        demand(asyncio.get_running_loop().time() < give_up, f"{what}: not within {within} s")
        await asyncio.sleep(0.005)


def told(error: BaseException) -> str:
    """All that `error` and its causes would show in a log."""
    return "".join(traceback.format_exception(error)) + repr(error)


class _Collecting(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


async def _beat(gaps: list[float]) -> None:
    while True:
        before = time.monotonic()
        await asyncio.sleep(_BEAT)
        gaps.append(time.monotonic() - before - _BEAT)
