"""When a request is sent again: the one rule, for every provider."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from agents_core.errors import APIError, APIStatusError

logger = logging.getLogger("agents_core.retry")

T = TypeVar("T")

_FIRST_INTERVAL = 0.1
_LONGEST_WAIT = 60.0
"""Seconds; a provider that asks for more is not worth waiting for in a conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class APIConnectOptions:
    """How often and how patiently a provider is asked.

    Raises:
        ValueError: a number is negative or not finite.
    """

    max_retry: int = 3
    """Tries after the first one."""
    retry_interval: float = 2.0
    """Seconds between tries; the first retry comes after 0.1 s."""
    timeout: float = 10.0
    """Seconds for one connection, or for the first sign of an answer."""

    def __post_init__(self) -> None:
        for name in ("max_retry", "retry_interval", "timeout"):
            value = getattr(self, name)
            if not (value >= 0 and math.isfinite(value)):
                raise ValueError(f"{name} must be finite and not negative: {value}")


DEFAULT_API_CONNECT_OPTIONS = APIConnectOptions()


def wait_before_retry(
    error: BaseException, *, attempt: int, options: APIConnectOptions, answered: bool
) -> float | None:
    """Seconds to wait before trying again, or None where `error` is final.

    Args:
        error: what the last try raised.
        attempt: how many tries have failed, from 1.
        options: of the stream.
        answered: whether something of the answer has been handed on; then a second try would
            say it twice.
    """
    if answered or attempt > options.max_retry:
        return None
    if not (isinstance(error, APIError) and error.retryable):
        return None
    interval = (
        min(_FIRST_INTERVAL, options.retry_interval) if attempt == 1 else options.retry_interval
    )
    if isinstance(error, APIStatusError) and error.retry_after is not None:
        return None if error.retry_after > _LONGEST_WAIT else max(interval, error.retry_after)
    return interval


async def keep_asking(ask: Callable[[], Awaitable[T]], *, options: APIConnectOptions) -> T:
    """What `ask` returns, called again by the rule for as long as it fails.

    For a single request whose answer is used as a whole, such as one for a session.

    Raises:
        APIError: the last one, unchanged.
        Exception: whatever else `ask` raises, at once.
    """
    failed = 0
    while True:
        try:
            return await ask()
        except APIError as error:
            failed += 1
            wait = wait_before_retry(error, attempt=failed, options=options, answered=False)
            if wait is None:
                raise
            logger.warning("try %d failed, the next in %g s: %s", failed, wait, error)
        await asyncio.sleep(wait)
