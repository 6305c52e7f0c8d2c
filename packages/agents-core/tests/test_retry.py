from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.errors import APIConnectionError, APIError, APIStatusError
from agents_core.retry import (
    DEFAULT_API_CONNECT_OPTIONS,
    APIConnectOptions,
    keep_asking,
    wait_before_retry,
)

LOST = APIConnectionError("lost")


def waits(error: BaseException, options: APIConnectOptions) -> list[float]:
    """Every wait, until the error is final."""
    found = []
    attempt = 1
    while (
        wait := wait_before_retry(error, attempt=attempt, options=options, answered=False)
    ) is not None:
        found.append(wait)
        attempt += 1
    return found


def test_the_first_retry_comes_at_once_and_the_others_at_intervals() -> None:
    assert waits(LOST, DEFAULT_API_CONNECT_OPTIONS) == [0.1, 2.0, 2.0]
    assert waits(LOST, APIConnectOptions(max_retry=2, retry_interval=0.01)) == [0.01, 0.01]
    assert waits(LOST, APIConnectOptions(max_retry=0)) == []


@pytest.mark.parametrize(
    "error", [APIError("no", retryable=False), APIStatusError("no", status_code=401), OSError()]
)
def test_what_would_fail_again_is_not_tried_again(error: Exception) -> None:
    assert waits(error, DEFAULT_API_CONNECT_OPTIONS) == []


def test_nothing_is_said_twice() -> None:
    assert (
        wait_before_retry(LOST, attempt=1, options=DEFAULT_API_CONNECT_OPTIONS, answered=True)
        is None
    )


def test_a_provider_that_asks_to_wait_is_waited_for_within_reason() -> None:
    def busy(seconds: float) -> list[float]:
        error = APIStatusError("busy", status_code=429, retry_after=seconds)
        return waits(error, APIConnectOptions(max_retry=2))

    assert busy(5.0) == [5.0, 5.0]
    assert busy(1.0) == [1.0, 2.0]
    assert busy(61.0) == []


@pytest.mark.parametrize("name", ["max_retry", "retry_interval", "timeout"])
@pytest.mark.parametrize("value", [-1, math.nan, math.inf])
def test_options_are_finite_and_not_negative(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        APIConnectOptions(**{name: value})  # type: ignore[arg-type] # which is what is refused


@pytest.mark.property
@given(
    retries=st.integers(0, 20),
    interval=st.floats(0, 10),
    after=st.none() | st.floats(-100, 1000) | st.just(math.nan),
)
def test_whatever_a_provider_says_the_tries_end_and_no_wait_is_endless(
    retries: int, interval: float, after: float | None
) -> None:
    error = APIStatusError("busy", status_code=503, retry_after=after)
    options = APIConnectOptions(max_retry=retries, retry_interval=interval)

    found = waits(error, options)

    assert len(found) in {0, retries}
    assert all(0 <= wait <= 60 for wait in found)


def test_a_request_is_asked_again_until_it_is_answered() -> None:
    answers = iter([LOST, LOST, "an answer", "another"])

    assert asked(answers, max_retry=2) == "an answer"
    assert next(answers) == "another"


@pytest.mark.parametrize(
    ("error", "tries"),
    [(LOST, 3), (APIStatusError("no", status_code=401), 1), (ValueError("a mistake"), 1)],
)
def test_the_last_error_is_raised_as_it_is(error: Exception, tries: int) -> None:
    answers = iter([error] * 5)

    with pytest.raises(type(error)) as raised:
        asked(answers, max_retry=2)

    assert raised.value is error
    assert len(list(answers)) == 5 - tries


def asked(answers: Iterator[Exception | str], *, max_retry: int) -> str:
    """What comes of asking somebody who gives these answers, one after the other."""

    async def ask() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    options = APIConnectOptions(max_retry=max_retry, retry_interval=0)
    return asyncio.run(keep_asking(ask, options=options))
