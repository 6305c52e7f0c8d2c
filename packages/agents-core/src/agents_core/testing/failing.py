"""What whatever talks to a provider has to do when the provider fails."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from typing import TypeVar

from agents_core.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from agents_core.streams import Port
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import WORDS
from agents_core.testing.roads import Road
from agents_core.testing.suite import Suite, sentence
from agents_core.testing.watching import error_events

P = TypeVar("P", bound=Port)


class FailingSuite(Suite[P]):
    """Sentences about errors, for every port; the suite of a port says in `roads` how to ask."""

    def roads(self, subject: P) -> tuple[Road, ...]:
        """Each way to ask `subject`."""
        raise NotImplementedError

    @sentence()
    async def test_a_refused_key_is_final(self, subject: P) -> None:
        for road in self.roads(subject):
            self.vendor.refuse(401)
            with self._requests(road, 1):
                error = await self._failure(road, APIStatusError)
            demand_same(getattr(error, "status_code", None), 401, f"{road.name}: status_code")
            demand(not error.retryable, f"{road.name}: a refused key is said to be retryable")

    @sentence()
    async def test_a_limit_is_waited_out_as_long_as_the_vendor_says(self, subject: P) -> None:
        for road in self.roads(subject):
            self.vendor.fail_then_succeed(429, retry_after=self.retry_after)
            began = time.monotonic()
            with self._requests(road, 2):
                answer = await road.ask(WORDS, self.again)
            waited = time.monotonic() - began
            demand_same(answer, WORDS, f"{road.name} after a 429 echoed")
            demand(waited >= self.retry_after, f"{road.name} waited {waited:.3f} s after a 429")

    @sentence()
    async def test_a_failure_and_then_success_give_one_answer(self, subject: P) -> None:
        for road in self.roads(subject):
            self.vendor.fail_then_succeed(500)
            with self._requests(road, 2):
                answer = await road.ask(WORDS, self.again)
            demand_same(answer, WORDS, f"{road.name} after a 500 echoed")

    @sentence()
    async def test_failures_without_end_are_given_up(self, subject: P) -> None:
        for road in self.roads(subject):
            tries = self.max_retry + 1
            self.vendor.refuse(500, times=tries)
            with self._requests(road, tries):
                await self._failure(road, APIError)

    @sentence()
    async def test_a_cut_before_the_answer_is_tried_again(self, subject: P) -> None:
        for road in self.roads(subject):
            self.vendor.cut(answered=False)
            with self._requests(road, 2):
                answer = await road.ask(WORDS, self.again)
            demand_same(answer, WORDS, f"{road.name} after a cut echoed")

    @sentence()
    async def test_a_cut_in_the_answer_is_not_papered_over(self, subject: P) -> None:
        for road in self.roads(subject):
            self.vendor.cut(answered=True)
            if road.piecewise:
                with self._requests(road, 1):
                    await self._failure(road, APIConnectionError)
            else:
                answer = await road.ask(WORDS, self.again)
                demand_same(answer, WORDS, f"{road.name} after a cut echoed")

    @sentence()
    async def test_a_malformed_answer_is_an_api_error(self, subject: P) -> None:
        for road in self.roads(subject):
            for lacking in (False, True):
                self.vendor.garble(lacking=lacking)
                kind = "an answer that lacks something" if lacking else "a malformed answer"
                await self._refused(road, kind)

    @sentence()
    async def test_an_error_that_the_vendor_tells_of_is_raised(self, subject: P) -> None:
        for road in self.roads(subject):
            self.vendor.complain()
            error = await self._refused(road, "the vendor's own error")
            late = isinstance(error, APITimeoutError)
            demand(not late, f"{road.name}: the vendor's own error was not heard, only waited for")

    @sentence()
    async def test_a_stall_ends_at_the_timeout(self, subject: P) -> None:
        for road in self.roads(subject):
            self.vendor.stall()
            began = time.monotonic()
            try:
                async with asyncio.timeout(self.timeout + self.grace):
                    await road.ask(WORDS, self.impatient)
            except APITimeoutError:
                demand(time.monotonic() - began >= self.timeout / 2, f"{road.name}: too early")
            except TimeoutError:
                demand(truth=False, words=f"{road.name}: still waiting {self.grace} s later")
            else:
                demand(truth=False, words=f"{road.name}: a stall passed for an answer")

    @sentence()
    async def test_each_failure_is_an_error_event(self, subject: P) -> None:
        for road in self.roads(subject):
            with error_events(subject) as events:
                self.vendor.fail_then_succeed(500)
                await road.ask(WORDS, self.again)
                self.vendor.refuse(401)
                await self._failure(road, APIStatusError)
            said = [event.recoverable for event in events]
            demand_same(said, [True, False], f"{road.name}: recoverable of the error events")
            labels = {event.label for event in events}
            demand_same(labels, {subject.label}, f"{road.name}: label of the error events")

    async def _refused(self, road: Road, what: str) -> APIError:
        try:
            await road.ask(WORDS, self.impatient)
        except APIError as error:
            return error
        except Exception as error:
            raise AssertionError(
                f"{road.name}: {what} raised {error!r}, expected an APIError"
            ) from error
        raise AssertionError(f"{road.name}: {what} passed for a good one")

    async def _failure(self, road: Road, kind: type[APIError]) -> APIError:
        try:
            await road.ask(WORDS, self.again)
        except kind as error:
            return error
        except Exception as error:
            raise AssertionError(
                f"{road.name} raised {error!r}, expected {kind.__name__}"
            ) from error
        raise AssertionError(f"{road.name} gave an answer, expected {kind.__name__}")

    @contextlib.contextmanager
    def _requests(self, road: Road, expected: int) -> Iterator[None]:
        before = self.vendor.requests()
        yield
        demand_same(self.vendor.requests() - before, expected, f"{road.name}: requests")
