"""Shutdown callbacks, called together."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging

import pytest

from agents_core.jobs.callbacks import Callbacks


def test_all_are_called_at_the_same_time_with_the_reason() -> None:
    heard: list[str] = []

    async def job() -> None:
        together = asyncio.Barrier(3)

        async def hear(reason: str) -> None:
            await together.wait()  # nobody comes past here alone
            heard.append(reason)

        callbacks = Callbacks()
        for _ in range(3):
            callbacks.add(hear)
        await asyncio.wait_for(callbacks.call("caller left"), 10)

    asyncio.run(job())

    assert heard == ["caller left"] * 3


@pytest.mark.parametrize(
    "error",
    [OSError("no"), SystemExit(3), asyncio.CancelledError()],
    ids=lambda error: type(error).__name__,
)
def test_one_that_fails_is_named_and_logged_and_the_others_are_called(
    caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    heard: list[str] = []

    async def hear(reason: str) -> None:
        heard.append(reason)

    async def fail(_reason: str) -> None:
        raise error

    async def job() -> None:
        callbacks = Callbacks()
        for callback in (fail, hear):
            callbacks.add(callback)
        with pytest.raises(RuntimeError, match=r"1 of 2 failed: .*fail"):
            await callbacks.call("caller left")

    asyncio.run(job())

    assert heard == ["caller left"]
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.exc_info
    assert record.exc_info[1] is error


def test_one_may_be_synchronous_and_may_take_no_reason() -> None:
    heard: list[str] = []

    async def asynchronous() -> None:
        heard.append("asynchronous, without")

    def with_default(reason: str = "none given") -> None:
        heard.append(reason)

    def keyword_only(*, reason: str = "none given") -> None:
        heard.append(reason)

    async def job() -> None:
        callbacks = Callbacks()
        callbacks.add(lambda reason: heard.append(f"synchronous, {reason}"))
        callbacks.add(lambda: heard.append("synchronous, without"))
        for callback in (asynchronous, with_default, keyword_only, "caller left".__str__):
            callbacks.add(callback)
        await callbacks.call("caller left")

    asyncio.run(job())

    assert sorted(heard) == [
        "asynchronous, without",
        "caller left",
        "none given",
        "synchronous, caller left",
        "synchronous, without",
    ]


def test_one_whose_body_raises_a_type_error_is_called_once() -> None:
    heard: list[str] = []

    def fail(reason: str) -> None:
        heard.append(reason)
        raise TypeError("not about its arguments")

    async def job() -> None:
        callbacks = Callbacks()
        callbacks.add(fail)
        with pytest.raises(RuntimeError, match="1 of 1 failed"):
            await callbacks.call("caller left")

    asyncio.run(job())

    assert heard == ["caller left"]


def test_one_that_is_taken_back_is_not_called() -> None:
    heard: list[str] = []

    async def job() -> None:
        callbacks = Callbacks()
        callbacks.add(heard.append)
        callbacks.remove(heard.append)
        callbacks.remove(heard.append)
        await callbacks.call("caller left")

    asyncio.run(job())

    assert heard == []


def test_those_that_refuse_to_be_cancelled_are_left_behind() -> None:
    async def job() -> list[str]:
        released = asyncio.Event()

        async def refuse(_reason: str) -> None:
            while not released.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await released.wait()

        callbacks = Callbacks()
        callbacks.add(refuse)
        call = asyncio.create_task(callbacks.call("caller left"))
        await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(call, 10)
        late = callbacks.late()
        released.set()
        return late

    [late] = asyncio.run(job())

    assert late.endswith("refuse")


def test_the_late_are_known_by_name() -> None:
    async def save(_where: str, _reason: str) -> None:
        await asyncio.sleep(60)

    async def upload(_reason: str) -> None:
        await asyncio.sleep(60)

    async def quick(_reason: str) -> None:
        """Returns at once."""

    async def job() -> list[str]:
        callbacks = Callbacks()
        for callback in (upload, quick, functools.partial(save, "here")):
            callbacks.add(callback)
        call = asyncio.create_task(callbacks.call("caller left"))
        await asyncio.sleep(0.01)
        late = callbacks.late()
        call.cancel()
        return late

    upload_, partial = asyncio.run(job())

    assert upload_.endswith("upload")
    assert partial == "partial"


def test_one_that_comes_too_late_is_refused_rather_than_forgotten() -> None:
    async def hear(_reason: str) -> None:
        """Never called."""

    async def job() -> None:
        callbacks = Callbacks()
        await callbacks.call("caller left")
        with pytest.raises(RuntimeError, match="too late"):
            callbacks.add(hear)

    asyncio.run(job())
