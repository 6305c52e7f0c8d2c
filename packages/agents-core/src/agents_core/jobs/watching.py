"""What is watched while a job process lives: that it answers, and that it does not grow too big."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from agents_core.jobs.heartbeat import Heartbeat
from agents_core.jobs.memory import MemoryWarning, Verdict, judge, measure
from agents_core.jobs.messages import Ping, Pong
from agents_core.jobs.options import MEGABYTE, ProcessOptions

_logger = logging.getLogger("agents_core.jobs.supervisor")


class Pulse:
    """The pings to one process, and its answers."""

    def __init__(self, options: ProcessOptions) -> None:
        self._options = options
        self._heartbeat = Heartbeat()
        self._latest = 0.0

    async def run(self, send: Callable[[Ping], object], too_late: Callable[[str], object]) -> None:
        """Ping for ever; call `too_late`, with the reason, when there is no answer in time."""
        interval = self._options.ping_interval
        while True:
            self._latest = time.monotonic()
            self._heartbeat = self._heartbeat.sent(self._latest)
            send(Ping(timestamp=self._latest))
            await asyncio.sleep(interval)
            now = time.monotonic()
            # A worker that could not run could not read an answer, either.
            self._heartbeat = self._heartbeat.excused(max(0.0, now - self._latest - interval))
            silent = self._heartbeat.silent(now)
            if silent >= self._options.ping_timeout:
                too_late(f"unresponsive: no answer for {silent:.1f} s")

    def answered(self, pong: Pong, *, pid: int, quiet: bool = False) -> float:
        """Take note of an answer, and of the seconds it took; a slow one is warned of."""
        took = time.monotonic() - pong.last_timestamp
        self._heartbeat = self._heartbeat.answered(pong.last_timestamp, self._latest)
        if took > self._options.slow_ping and not quiet:
            _logger.warning(
                "job process %s answers slowly (%.3f s): something blocks its event loop",
                pid,
                took,
            )
        return took


async def watch_memory(pid: int, options: ProcessOptions, too_big: Callable[[str], object]) -> None:
    """Look at its memory again and again; calls `too_big` with the reason."""
    if not (options.memory_warn or options.memory_limit):
        return
    last: MemoryWarning | None = None
    while True:
        await asyncio.sleep(options.memory_interval)
        used = await asyncio.to_thread(measure, pid)
        if used is None:
            continue
        now = time.monotonic()
        match judge(used, now, last, options):
            case Verdict.FINE:
                continue
            case Verdict.WARN:
                last = MemoryWarning(at=now, used=used)
                _logger.warning("job process %s uses %d MB of memory", pid, used // MEGABYTE)
            case Verdict.TOO_BIG:
                allowed = options.memory_limit // MEGABYTE
                too_big(f"too big: {used // MEGABYTE} MB of memory used, {allowed} MB allowed")
