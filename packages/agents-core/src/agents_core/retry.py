"""When a request is sent again: the one rule, for every provider."""

from __future__ import annotations

import math
from dataclasses import dataclass

from agents_core.errors import APIError, APIStatusError

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
