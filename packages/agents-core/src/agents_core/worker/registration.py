"""Staying registered: one connection after the other, for as long as there is hope."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

from agents_core.errors import WorkerError
from agents_core.worker.backoff import wait_before_connecting
from agents_core.worker.connection import ConnectionLost
from agents_core.worker.timings import Timings

_logger = logging.getLogger("agents_core.worker")
_Connected = TypeVar("_Connected")


async def stay_registered(
    connect: Callable[[], Awaitable[_Connected]],
    use: Callable[[_Connected], Awaitable[object]],
    *,
    max_retry: int,
    timings: Timings,
) -> NoReturn:
    """Connect, and use the connection until it is lost; again and again.

    A connection that held for `timings.steady` seconds clears the count of failures; one that was
    lost at once does not, or a server that lets everybody in and out would be asked for ever.

    Raises:
        WorkerError: `max_retry` further tries have failed after the first failure, or the server
            refuses the worker.
    """
    failures = 0
    while True:
        held = 0.0
        try:
            connected = await connect()
            began = time.monotonic()
            try:
                await use(connected)
            finally:
                held = time.monotonic() - began
        except ConnectionLost as lost:
            failures = 1 if held >= timings.steady else failures + 1
            if failures > max_retry:
                raise WorkerError(f"given up after {failures} tries: {lost}") from lost
            await _pause(lost, failures, timings)


async def _pause(lost: ConnectionLost, failures: int, timings: Timings) -> None:
    seconds = wait_before_connecting(
        failures,
        first=timings.first_retry,
        longest=timings.longest_retry,
        luck=random.random(),  # noqa: S311 - nobody gains by guessing it
    )
    _logger.warning("not connected, next try (%d) in %.1f s: %s", failures, seconds, lost)
    await asyncio.sleep(seconds)
