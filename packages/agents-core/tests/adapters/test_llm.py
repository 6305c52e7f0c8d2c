# ruff: noqa: ASYNC110 - what is waited for has no event
from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

import pytest

from agents_core.adapters.candidates import AvailabilityChanged, Probing
from agents_core.adapters.llm import FallbackAdapter
from agents_core.chat import ChatContext
from agents_core.errors import APIConnectionError, APIError
from agents_core.llm import LLM, ChatChunk, ChatRequest, ChoiceDelta

R = TypeVar("R")

OFTEN = Probing(interval=0.01, longest_interval=0.02, timeout=1.0, most=50)
NEVER = Probing(interval=60.0)


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    async def bounded() -> R:
        async with asyncio.timeout(10):
            result = await coroutine
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left
        return result

    return asyncio.run(bounded())


class Toy(LLM):
    """Answers with its name, or fails while it is told to."""

    def __init__(self, name: str, *, fails: Exception | None = None, after: int = 0) -> None:
        super().__init__()
        self.name = name
        self.fails = fails
        self.after = after
        self.asked: list[ChatRequest] = []
        self.closed = self.warm = False

    @property
    def model(self) -> str:
        return f"model {self.name}"

    @property
    def provider(self) -> str:
        return f"provider {self.name}"

    def prewarm(self) -> None:
        self.warm = True

    async def aclose(self) -> None:
        self.closed = True

    async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
        self.asked.append(request)
        for _ in range(self.after if self.fails else 2):
            yield ChatChunk(id=self.name, delta=ChoiceDelta(content=self.name))
        if self.fails is not None:
            raise self.fails


class Watched:
    """An adapter, and what it told of its models."""

    def __init__(self, *llms: Toy, probing: Probing = NEVER, **options: object) -> None:
        self.adapter = FallbackAdapter(llms, probing=probing, retry_interval=0.0, **options)
        self.changes: list[tuple[str, bool]] = []
        self.adapter.on("availability_changed", self._note)
        self.measured: list[Any] = []
        self.adapter.on("metrics_collected", self.measured.append)

    def _note(self, change: AvailabilityChanged) -> None:
        assert isinstance(change.port, Toy)
        self.changes.append((change.port.name, change.available))

    async def ask(self) -> str:
        return (await self.adapter.chat(chat_ctx=ChatContext()).collect()).text


def test_the_preferred_model_answers_while_it_works() -> None:
    one, two = Toy("a"), Toy("b")

    async def scenario() -> None:
        watched = Watched(one, two)
        async with watched.adapter as adapter:
            adapter.prewarm()
            assert (adapter.model, adapter.provider) == ("model a", "provider a")
            assert await watched.ask() == "aa"
        assert watched.changes == []
        assert len(watched.measured) == 1

    run(scenario())
    assert two.asked == []
    assert one.warm
    assert two.warm
    assert one.closed
    assert two.closed


@pytest.mark.parametrize(
    "error", [APIConnectionError("down"), ValueError("a bug")], ids=["down", "bug"]
)
def test_a_model_that_fails_is_replaced_and_asked_last_from_then_on(error: Exception) -> None:
    one, two = Toy("a", fails=error), Toy("b")

    async def scenario() -> None:
        watched = Watched(one, two)
        async with watched.adapter as adapter:
            assert await watched.ask() == "bb"
            assert await watched.ask() == "bb"
            assert watched.changes == [("a", False)]
            assert adapter.model == "model b"

    run(scenario())
    assert len(one.asked) == 1


def test_tries_of_each_model_are_counted_by_themselves() -> None:
    one, two = Toy("a", fails=APIConnectionError("down")), Toy("b")

    async def scenario() -> None:
        watched = Watched(one, two, max_retry_per_llm=2)
        async with watched.adapter:
            assert await watched.ask() == "bb"

    run(scenario())
    assert len(one.asked) == 3


def test_when_all_fail_all_reasons_are_told_and_nobody_is_asked_twice() -> None:
    one, two = Toy("a", fails=APIError("no a")), Toy("b", fails=APIConnectionError("no b"))

    async def scenario() -> None:
        watched = Watched(one, two)
        async with watched.adapter:
            with pytest.raises(APIConnectionError, match="all 2 failed: no a; no b"):
                await watched.ask()
            assert len(one.asked) == len(two.asked) == 1
            one.fails = None
            assert await watched.ask() == "aa", "those that failed are asked when nobody is left"
            assert watched.changes == [("a", False), ("b", False), ("a", True)]

    run(scenario())


def test_in_the_middle_of_an_answer_nobody_takes_over_unless_that_is_wanted() -> None:
    def broken() -> Toy:
        return Toy("a", fails=APIConnectionError("gone"), after=1)

    async def scenario() -> None:
        watched = Watched(broken(), Toy("b"))
        async with watched.adapter:
            with pytest.raises(APIConnectionError, match=r"^gone$"):
                await watched.ask()
        anew = Watched(broken(), Toy("b"), retry_on_chunk_sent=True)
        async with anew.adapter:
            assert await anew.ask() == "abb"

    run(scenario())


def test_a_model_that_works_again_is_found_out_and_preferred_again() -> None:
    one, two = Toy("a", fails=APIConnectionError("down")), Toy("b")

    async def scenario() -> None:
        watched = Watched(one, two, probing=OFTEN)
        back = asyncio.Event()
        watched.adapter.on("availability_changed", lambda change: change.available and back.set())
        async with watched.adapter:
            assert await watched.ask() == "bb"
            while len(one.asked) < 3:
                await asyncio.sleep(0.005)
            one.fails = None
            await asyncio.wait_for(back.wait(), 5)
            assert await watched.ask() == "aa"
            assert watched.changes == [("a", False), ("a", True)]

    run(scenario())


def test_probes_have_an_end() -> None:
    one, two = Toy("a", fails=APIConnectionError("down")), Toy("b")

    async def scenario() -> None:
        few = Probing(interval=0.0, longest_interval=0.0, timeout=1.0, most=3)
        watched = Watched(one, two, probing=few)
        async with watched.adapter:
            await watched.ask()
            while len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0.005)
            assert len(one.asked) == 4

    run(scenario())


def test_aclose_ends_a_probe_that_waits_and_begins_none_after() -> None:
    one, two = Toy("a", fails=APIConnectionError("down")), Toy("b")

    async def scenario() -> None:
        watched = Watched(one, two)
        await watched.ask()
        await watched.adapter.aclose()
        assert await watched.ask() == "bb"
        two.fails = APIConnectionError("too")
        with pytest.raises(APIConnectionError):
            await watched.ask()
        await watched.adapter.aclose()

    run(scenario())


def test_an_answer_that_is_closed_closes_the_models_own() -> None:
    ended = []

    class Endless(Toy):
        async def _chat(self, request: ChatRequest, *, timeout: float) -> AsyncGenerator[ChatChunk]:
            try:
                yield ChatChunk(id="x", delta=ChoiceDelta(content="x"))
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                ended.append(True)

    async def scenario() -> None:
        watched = Watched(Endless("a"))
        async with watched.adapter, watched.adapter.chat(chat_ctx=ChatContext()) as stream:
            await anext(stream)
            await stream.aclose()
            assert ended == [True]
        assert watched.changes == []

    run(scenario())


def test_an_adapter_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no ports"):
        FallbackAdapter([])
