# ruff: noqa: ASYNC110 - what is waited for has no event
from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

import pytest

from agents_core.errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
)
from agents_core.retry import APIConnectOptions
from agents_core.streams import (
    FLUSH,
    EventStream,
    Flush,
    Inlet,
    InputStream,
    Port,
    PortError,
    Reading,
    Run,
)

R = TypeVar("R")

QUICK = APIConnectOptions(max_retry=3, retry_interval=0.01, timeout=5)
ONCE = APIConnectOptions(max_retry=0, timeout=5)

Try = Callable[[], AsyncGenerator[int]]


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    async def bounded() -> R:
        async with asyncio.timeout(10):
            result = await coroutine
        for _ in range(3):
            await asyncio.sleep(0)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left
        return result

    return asyncio.run(bounded())


class Echo(Reading[int, int]):
    """Numbers as they are; positive ones are answers, 100 and more are progress, -7 is an error."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended: list[tuple[str | None, bool]] = []
        self._progressed = False

    @property
    def progressed(self) -> bool:
        return self._progressed

    def begin(self) -> None:
        self.begun += 1
        self._progressed = False

    def read(self, part: int) -> Iterable[int]:
        if part == -7:
            raise APIError("the part tells of an error")
        self.answered = self.answered or 0 < part < 100
        self._progressed = self._progressed or part >= 100
        return (part,)

    def end(self) -> Iterable[int]:
        return (999,) if self.begun and self.answered else ()

    def over(self, *, error: Exception | None, cancelled: bool) -> None:
        self.ended.append((type(error).__name__ if error else None, cancelled))


class Toy:
    """A port with a stream over scripted tries."""

    def __init__(self, *tries: Try, **options: object) -> None:
        self.port = Port()
        self.errors: list[PortError] = []
        self.port.on("error", self.errors.append)
        self.reading = Echo()
        self.tries = list(tries)
        self.asked = 0
        self.options = {"options": QUICK} | options

    def next_try(self) -> AsyncGenerator[int]:
        self.asked += 1
        return self.tries.pop(0)()

    def stream(self) -> EventStream[int]:
        return EventStream(Run(self.port, self.reading, self.next_try, **self.options))


def yields(*parts: int, then: Exception | None = None) -> Try:
    async def generate() -> AsyncGenerator[int]:
        for part in parts:
            yield part
        if then is not None:
            raise then

    return generate


async def everything(stream: EventStream[int]) -> list[int]:
    async with stream:
        return [event async for event in stream]


def test_what_the_generator_yields_comes_out_in_order() -> None:
    toy = Toy(yields(1, 2, 3))

    assert run(_with(toy, everything)) == [1, 2, 3, 999]
    assert toy.reading.ended == [(None, False)]


def test_a_failure_before_an_answer_is_tried_again_and_told() -> None:
    toy = Toy(yields(then=APIConnectionError("gone")), yields(0, then=APIError("no")), yields(5))

    assert run(_with(toy, everything)) == [0, 5, 999]
    assert [(str(told.error), told.recoverable) for told in toy.errors] == [
        ("gone", True),
        ("no", True),
    ]
    assert toy.reading.begun == 3


def test_a_failure_after_a_partial_answer_is_final() -> None:
    toy = Toy(yields(1, then=APIConnectionError("gone")), yields(2))

    async def read(stream: EventStream[int]) -> list[int]:
        heard: list[int] = []
        with pytest.raises(APIConnectionError, match=r"^gone$"):
            await _list_into(heard, stream)
        return heard

    assert run(_with(toy, read)) == [1]
    assert toy.asked == 1
    assert [told.recoverable for told in toy.errors] == [False]


def test_the_last_try_tells_how_many_there_were() -> None:
    toy = Toy(*[yields(then=APIStatusError("busy", status_code=503))] * 4)

    with pytest.raises(APIConnectionError, match="failed after 4 attempts: busy") as raised:
        run(_with(toy, everything))

    assert isinstance(raised.value.__cause__, APIStatusError)
    assert [told.recoverable for told in toy.errors] == [True, True, True, False]
    assert toy.reading.ended == [("APIConnectionError", False)]


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a bug"),
        APIStatusError("no such model", status_code=404),
        APIError("x", retryable=False),
    ],
    ids=["bug", "404", "final"],
)
def test_what_is_not_worth_a_second_try_is_raised_as_it_is(error: Exception) -> None:
    toy = Toy(yields(then=error))

    with pytest.raises(type(error)) as raised:
        run(_with(toy, everything))

    assert raised.value is error
    assert toy.asked == 1


def test_progress_makes_up_for_the_failures_before_it() -> None:
    failing = [yields(100, then=APIConnectionError("gone"))] * 9
    toy = Toy(*failing, yields(100))

    assert run(_with(toy, everything)) == [100] * 10


def test_a_part_that_tells_of_an_error_is_tried_again_and_the_generator_cleaned_up() -> None:
    log: list[str] = []

    async def refused() -> AsyncGenerator[int]:
        try:
            yield -7
        finally:
            await asyncio.sleep(0)
            log.append("cleaned up")

    async def accepted() -> AsyncGenerator[int]:
        log.append("next try")
        yield 3

    assert run(_with(Toy(refused, accepted), everything)) == [3, 999]
    assert log == ["cleaned up", "next try"]


def test_an_error_is_raised_again_at_every_further_step() -> None:
    toy = Toy(yields(then=ValueError("a bug")))

    async def read(stream: EventStream[int]) -> None:
        for _ in range(3):
            with pytest.raises(ValueError, match="a bug"):
                await anext(stream)

    run(_with(toy, read))


def test_the_end_stays_the_end() -> None:
    toy = Toy(yields())

    async def read(stream: EventStream[int]) -> None:
        for _ in range(3):
            with pytest.raises(StopAsyncIteration):
                await anext(stream)

    run(_with(toy, read))


def test_when_aclose_returns_the_clean_up_of_the_generator_is_done() -> None:
    log: list[str] = []

    async def generate() -> AsyncGenerator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            log.append("socket closed")

    async def scenario() -> None:
        stream = Toy(generate).stream()
        assert await anext(stream) == 1
        await stream.aclose()
        assert log == ["socket closed"]
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    run(scenario())


def test_aclose_drops_what_waits() -> None:
    async def scenario() -> None:
        stream = Toy(yields(1, 2, 3)).stream()
        await asyncio.sleep(0.01)
        await stream.aclose()
        assert [event async for event in stream] == []

    run(scenario())


def test_several_may_close_at_once_and_the_clean_up_is_not_cut_short() -> None:
    log: list[str] = []

    async def generate() -> AsyncGenerator[int]:
        try:
            await asyncio.Event().wait()
            yield 1
        finally:
            await asyncio.sleep(0.05)
            log.append("done")

    async def scenario() -> None:
        stream = Toy(generate).stream()
        await asyncio.sleep(0)
        closers = [asyncio.create_task(stream.aclose()) for _ in range(3)]
        await asyncio.sleep(0.01)
        await asyncio.gather(stream.aclose(), *closers)
        assert log == ["done"]
        await stream.aclose()

    run(scenario())


def test_who_iterates_is_at_the_end_when_somebody_else_closes() -> None:
    async def forever() -> AsyncGenerator[int]:
        await asyncio.Event().wait()
        yield 1

    async def scenario() -> None:
        stream = Toy(forever).stream()
        reader = asyncio.create_task(_list(stream))
        await asyncio.sleep(0.01)
        await stream.aclose()
        assert await reader == []

    run(scenario())


def test_a_stream_that_is_closed_before_it_began_asks_for_nothing() -> None:
    toy = Toy(yields(1))

    async def scenario() -> None:
        await toy.stream().aclose()

    run(scenario())
    assert toy.asked == 0


def test_a_cancelled_reader_loses_nothing() -> None:
    release = asyncio.Event()

    async def generate() -> AsyncGenerator[int]:
        yield 1
        await release.wait()
        yield 2

    async def scenario() -> None:
        async with Toy(generate).stream() as stream:
            assert await anext(stream) == 1
            reader = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0.01)
            reader.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reader
            release.set()
            assert [event async for event in stream] == [2, 999]

    run(scenario())


def test_aclose_interrupts_the_wait_between_two_tries() -> None:
    slow = APIConnectOptions(max_retry=3, retry_interval=60, timeout=5)
    toy = Toy(yields(then=APIStatusError("wait", status_code=429, retry_after=30)), options=slow)

    async def scenario() -> None:
        stream = toy.stream()
        while not toy.errors:
            await asyncio.sleep(0)
        await stream.aclose()

    run(scenario())
    assert toy.reading.ended == [(None, True)]


def test_a_generator_that_refuses_to_end_is_left_behind_by_name(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EventStream, "close_timeout", 0.05)
    release = asyncio.Event()

    async def stubborn() -> AsyncGenerator[int]:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        yield 1

    async def scenario() -> None:
        stream = Toy(stubborn).stream()
        await asyncio.sleep(0.01)
        await stream.aclose()
        release.set()
        await asyncio.sleep(0.01)
        assert [event async for event in stream] == []

    run(scenario())
    assert "agents_core.streams.port.Port: its generator refuses to end" in caplog.text


def test_a_generator_that_keeps_yielding_when_it_is_told_to_end_is_ended_all_the_same() -> None:
    async def babbling() -> AsyncGenerator[int]:
        while True:
            try:
                yield 1
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue

    async def scenario() -> None:
        stream = Toy(babbling, capacity=2).stream()
        assert await anext(stream) == 1
        await stream.aclose()

    run(scenario())


def test_a_slow_user_holds_up_the_generator() -> None:
    made: list[int] = []

    async def generate() -> AsyncGenerator[int]:
        for number in range(1, 50):
            made.append(number)
            yield number

    async def scenario() -> None:
        async with Toy(generate, capacity=3).stream() as stream:
            await asyncio.sleep(0.01)
            assert made == [1, 2, 3]
            await anext(stream)
            await asyncio.sleep(0.01)
            assert made == [1, 2, 3, 4]
            assert [event async for event in stream] == [*range(2, 50), 999]

    run(scenario())


def test_a_task_group_around_a_yield_raises_what_its_task_raised() -> None:
    """Also while the generator waits for a slow user, where the cancellation hits the driver."""

    async def fail() -> None:
        await asyncio.sleep(0.02)
        raise APIStatusError("no key", status_code=401)

    async def generate() -> AsyncGenerator[int]:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            for number in range(1, 50):
                yield number

    async def scenario() -> None:
        async with Toy(generate, capacity=2).stream() as stream:
            await asyncio.sleep(0.05)
            heard: list[int] = []
            with pytest.raises(APIStatusError, match="no key"):
                await _list_into(heard, stream)
            assert heard == [1, 2]

    run(scenario())


def test_a_time_limit_around_a_yield_works_while_the_user_is_slow() -> None:
    async def generate() -> AsyncGenerator[int]:
        try:
            async with asyncio.timeout(0.02):
                for number in range(1, 50):
                    yield number
        except TimeoutError:
            raise APITimeoutError("too slow") from None

    async def scenario() -> None:
        async with Toy(generate, capacity=2).stream() as stream:
            await asyncio.sleep(0.05)
            with pytest.raises(APITimeoutError, match="too slow"):
                await _list(stream)

    run(scenario())


def test_a_task_group_is_ended_cleanly_by_aclose(caplog: pytest.LogCaptureFixture) -> None:
    ended = []

    async def side() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("side")

    async def generate() -> AsyncGenerator[int]:
        async with asyncio.TaskGroup() as group:
            group.create_task(side())
            for number in range(1, 50):
                yield number

    async def scenario() -> None:
        stream = Toy(generate, capacity=2).stream()
        await asyncio.sleep(0.01)
        await stream.aclose()
        assert ended == ["side"]

    run(scenario())
    assert not caplog.records


def test_a_task_group_is_ended_cleanly_when_a_part_tells_of_an_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """`GeneratorExit` alone would come out of it as an error of its own."""

    async def generate() -> AsyncGenerator[int]:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.Event().wait())
            yield -7

    toy = Toy(generate, yields(3))

    assert run(_with(toy, everything)) == [3, 999]
    assert [str(told.error) for told in toy.errors] == ["the part tells of an error"]
    assert "while closing" not in caplog.text


def test_of_a_group_of_errors_the_final_one_decides() -> None:
    group = ExceptionGroup(
        "two", [APIConnectionError("lost"), ExceptionGroup("in", [ValueError("a bug")])]
    )

    with pytest.raises(ValueError, match="a bug"):
        run(_with(Toy(yields(then=group)), everything))

    lost = ExceptionGroup("one", [APIConnectionError("lost")])
    assert run(_with(Toy(yields(then=lost), yields(2)), everything)) == [2, 999]


def test_a_generator_that_is_cancelled_from_inside_has_failed() -> None:
    """A truncated answer must not look like a whole one."""

    async def generate() -> AsyncGenerator[int]:
        yield 0
        raise asyncio.CancelledError

    toy = Toy(generate, yields(4))

    assert run(_with(toy, everything)) == [0, 4, 999]
    assert "cancelled from inside" in str(toy.errors[0].error)


def test_a_first_part_that_does_not_come_in_time_is_a_timeout() -> None:
    cleaned = []

    async def silent() -> AsyncGenerator[int]:
        try:
            await asyncio.Event().wait()
            yield 1
        finally:
            cleaned.append(True)

    toy = Toy(silent, yields(1), first_within=0.02)

    assert run(_with(toy, everything)) == [1, 999]
    assert isinstance(toy.errors[0].error, APITimeoutError)
    assert cleaned == [True]


def test_a_time_limit_of_the_vendors_own_is_not_mistaken_for_the_guard() -> None:
    toy = Toy(yields(then=TimeoutError("the vendor's")), first_within=5.0)

    with pytest.raises(TimeoutError, match="the vendor's"):
        run(_with(toy, everything))


def test_a_handler_that_raises_does_not_hurt_the_stream(caplog: pytest.LogCaptureFixture) -> None:
    toy = Toy(yields(then=APIConnectionError("gone")), yields(6))

    @toy.port.on("error")
    def fail() -> None:
        raise RuntimeError("a bad listener")

    assert run(_with(toy, everything)) == [6, 999]
    assert "a bad listener" in caplog.text


def test_a_stream_that_nobody_closed_ends_when_it_is_collected(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cleaned = asyncio.Event()

    async def generate() -> AsyncGenerator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    async def scenario() -> None:
        stream = Toy(generate).stream()
        async for _ in stream:
            break
        del stream
        gc.collect()
        await asyncio.wait_for(cleaned.wait(), 5)

    run(scenario())
    assert "was dropped without aclose()" in caplog.text


def test_a_finished_stream_is_collected_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        stream = Toy(yields(1)).stream()
        assert await _list(stream) == [1, 999]
        del stream
        gc.collect()

    run(scenario())
    assert not caplog.records


def test_a_loop_that_ends_with_an_open_stream_ends_its_generator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cleaned = []
    streams = []

    async def generate() -> AsyncGenerator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    async def scenario() -> None:
        streams.append(Toy(generate).stream())
        await anext(streams[0])

    with caplog.at_level(logging.DEBUG):
        asyncio.run(scenario())
    streams.clear()
    gc.collect()

    assert cleaned == [True]
    assert "pending" not in caplog.text
    assert "dropped" not in caplog.text


def test_a_stream_closed_from_its_own_task_does_not_wait_for_itself() -> None:
    async def scenario() -> None:
        box: list[EventStream[int]] = []

        async def generate() -> AsyncGenerator[int]:
            yield 1
            await box[0].aclose()
            await asyncio.Event().wait()

        stream = Toy(generate).stream()
        box.append(stream)
        await _list(stream)
        await stream.aclose()

    run(scenario())


def test_a_clean_up_that_fails_is_logged_and_closing_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def generate() -> AsyncGenerator[int]:
        try:
            await asyncio.Event().wait()
            yield 1
        finally:
            raise OSError("the socket is gone")

    async def scenario() -> None:
        stream = Toy(generate).stream()
        await asyncio.sleep(0)
        await stream.aclose()

    run(scenario())
    assert "the socket is gone" in caplog.text


class Words(InputStream[int, int]):
    def push(self, number: int) -> None:
        self._push(number)


class Fed:
    """A stream with an input, over tries that read the inlet."""

    def __init__(
        self, *tries: Callable[[Inlet[int | Flush]], AsyncGenerator[int]], **options: object
    ) -> None:
        self.toy = Toy()
        self.inlet: Inlet[int | Flush] = Inlet()
        left = list(tries)
        run_ = Run(
            self.toy.port,
            self.toy.reading,
            lambda: left.pop(0)(self.inlet),
            inlet=self.inlet,
            **({"options": QUICK} | options),
        )
        self.stream = Words(run_, self.inlet)


async def doubled(inlet: Inlet[int | Flush]) -> AsyncGenerator[int]:
    async for value in inlet:
        yield -1 if value is FLUSH else 2 * int(value)  # type: ignore[arg-type]


def test_a_second_try_reads_again_what_the_first_one_swallowed() -> None:
    async def swallowing(inlet: Inlet[int | Flush]) -> AsyncGenerator[int]:
        await anext(inlet)
        await anext(inlet)
        raise APIConnectionError("gone")
        yield 0

    async def scenario() -> list[int]:
        fed = Fed(swallowing, doubled)
        for number in (1, 2, 3):
            fed.stream.push(number)
        fed.stream.end_input()
        return await everything(fed.stream)

    assert run(scenario()) == [2, 4, 6, -1, 999]


def test_a_generator_that_returns_while_input_may_come_has_lost_its_connection() -> None:
    async def early(inlet: Inlet[int | Flush]) -> AsyncGenerator[int]:
        await anext(inlet)
        yield 0

    async def scenario() -> None:
        fed = Fed(early, doubled)
        fed.stream.push(1)
        while not fed.toy.errors:
            await asyncio.sleep(0)
        fed.stream.push(2)
        fed.stream.end_input()
        assert await everything(fed.stream) == [0, 2, 4, -1, 999]
        assert "ended before the input did" in str(fed.toy.errors[0].error)

    run(scenario())


def test_to_end_the_input_twice_is_to_end_it_once() -> None:
    async def scenario() -> list[int]:
        fed = Fed(doubled)
        fed.stream.push(1)
        fed.stream.end_input()
        fed.stream.end_input()
        return await everything(fed.stream)

    assert run(scenario()) == [2, -1, 999]


def test_a_flush_without_anything_new_is_none() -> None:
    async def scenario() -> list[int]:
        fed = Fed(doubled)
        fed.stream.flush()
        fed.stream.push(1)
        fed.stream.flush()
        fed.stream.flush()
        fed.stream.end_input()
        return await everything(fed.stream)

    assert run(scenario()) == [2, -1, 999]


def test_what_is_pushed_after_the_end_is_dropped_with_a_debug_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        fed = Fed(doubled)
        fed.stream.end_input()
        fed.stream.push(1)
        assert await everything(fed.stream) == []
        fed.stream.push(2)
        fed.stream.flush()
        fed.stream.end_input()

    with caplog.at_level(logging.DEBUG, "agents_core.streams"):
        run(scenario())
    assert len(caplog.records) == 2


def test_a_stream_that_has_failed_holds_on_to_nothing_that_is_pushed() -> None:
    async def scenario() -> None:
        async def broken(_: Inlet[int | Flush]) -> AsyncGenerator[int]:
            raise ValueError("a bug")
            yield 0

        fed = Fed(broken)
        fed.stream.push(1)
        with pytest.raises(ValueError, match="a bug"):
            await anext(fed.stream)
        fed.stream.push(2)
        assert fed.inlet.exhausted
        assert fed.inlet.behind == ()

    run(scenario())


def test_nothing_is_asked_for_before_there_is_something_to_read() -> None:
    async def scenario() -> None:
        fed = Fed(on_input=True)
        await asyncio.sleep(0.01)
        fed.stream.end_input()
        assert await everything(fed.stream) == []

    run(scenario())


async def _with(toy: Toy, use: Callable[[EventStream[int]], Awaitable[R]]) -> R:
    stream = toy.stream()
    try:
        return await use(stream)
    finally:
        await stream.aclose()


async def _list_into(heard: list[int], stream: EventStream[int]) -> None:
    async for event in stream:
        heard.append(event)  # noqa: PERF401 - what came before an error counts


async def _list(stream: EventStream[int]) -> list[int]:
    return [event async for event in stream]


def test_a_connection_that_breaks_after_the_last_answer_is_not_made_again() -> None:
    async def broken_at_the_end(inlet: Inlet[int | Flush]) -> AsyncGenerator[int]:
        async for value in inlet:
            yield 0 if isinstance(value, Flush) else 2 * value
        inlet.forget()
        raise APIConnectionError("closed without a goodbye")

    async def scenario() -> None:
        fed = Fed(broken_at_the_end)
        fed.stream.push(1)
        fed.stream.end_input()
        assert await everything(fed.stream) == [2, 0]
        assert fed.toy.errors == []

    run(scenario())


def test_a_clean_up_that_fails_does_not_hide_why_it_was_needed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def generate() -> AsyncGenerator[int]:
        try:
            yield -7
        finally:
            raise OSError("the socket is gone")

    assert run(_with(Toy(generate, yields(3)), everything)) == [3, 999]
    assert "the part tells of an error" in caplog.text
    assert "the socket is gone" in caplog.text


@pytest.mark.parametrize("answer", ["returns", "raises"])
def test_a_generator_that_takes_its_end_for_something_else_is_not_tried_again(answer: str) -> None:
    async def generate() -> AsyncGenerator[int]:
        yield 1
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if answer == "raises":
                raise APIConnectionError("cut off") from None

    toy = Toy(generate, yields(2))

    async def scenario() -> None:
        stream = toy.stream()
        await anext(stream)
        toy.reading.answered = False
        await stream.aclose()

    run(scenario())
    assert toy.asked == 1
    assert toy.errors == []
    assert toy.reading.ended == [(None, True)]
