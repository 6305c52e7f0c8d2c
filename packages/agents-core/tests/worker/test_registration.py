from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator

import pytest

from agents_core.errors import WorkerError
from agents_core.worker.connection import ConnectionLost
from agents_core.worker.registration import stay_registered
from agents_core.worker.timings import Timings

QUICK = Timings(first_retry=0.01, longest_retry=0.02, steady=0.1)


class Attempts:
    """Connections that hold for so many seconds each; None where there is none to be had."""

    def __init__(self, *held: float | None) -> None:
        self.made = 0
        self._held: Iterator[float | None] = iter(held)

    async def connect(self) -> float:
        self.made += 1
        held = next(self._held)
        if held is None:
            raise ConnectionLost("nobody is there")
        return held

    async def use(self, held: float) -> None:
        await asyncio.sleep(held)
        raise ConnectionLost("dropped")


def stay(attempts: Attempts, *, max_retry: int) -> None:
    asyncio.run(
        asyncio.wait_for(
            stay_registered(attempts.connect, attempts.use, max_retry=max_retry, timings=QUICK),
            30,
        )
    )


def test_after_so_many_failures_in_a_row_it_is_given_up_with_the_reason() -> None:
    attempts = Attempts(*[None] * 9)

    with pytest.raises(WorkerError, match="3 tries: nobody is there"):
        stay(attempts, max_retry=2)

    assert attempts.made == 3


def test_without_a_retry_the_first_failure_is_the_last() -> None:
    with pytest.raises(WorkerError):
        stay(Attempts(None), max_retry=0)


def test_a_connection_that_held_clears_the_count() -> None:
    attempts = Attempts(None, None, 0.2, None, None, None)

    with pytest.raises(WorkerError):
        stay(attempts, max_retry=2)

    assert attempts.made == 5, "the steady one counts as the first of the next failures"


def test_a_server_that_lets_everybody_in_and_out_is_given_up() -> None:
    attempts = Attempts(*[0.0] * 9)

    with pytest.raises(WorkerError, match="dropped"):
        stay(attempts, max_retry=2)

    assert attempts.made == 3


def test_a_connection_that_took_long_to_fail_did_not_hold() -> None:
    class Slow(Attempts):
        async def connect(self) -> float:
            await asyncio.sleep(0.15)
            return await super().connect()

    attempts = Slow(*[None] * 9)
    with pytest.raises(WorkerError):
        stay(attempts, max_retry=1)

    assert attempts.made == 2


def test_what_is_final_is_not_tried_again() -> None:
    class Refused(Attempts):
        async def connect(self) -> float:
            await super().connect()
            raise WorkerError("refused")

    attempts = Refused(0.0, 0.0)
    with pytest.raises(WorkerError, match="refused"):
        stay(attempts, max_retry=9)

    assert attempts.made == 1


def test_every_wait_is_told_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    started = time.monotonic()
    with caplog.at_level(logging.WARNING), pytest.raises(WorkerError):
        stay(Attempts(*[None] * 9), max_retry=3)

    assert caplog.text.count("nobody is there") == 3
    assert time.monotonic() - started < 10
