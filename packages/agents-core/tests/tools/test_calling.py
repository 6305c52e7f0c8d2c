from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from agents_core.chat import FunctionCall
from agents_core.tools import (
    FunctionTool,
    RunContext,
    StopResponse,
    ToolError,
    ToolOutcome,
    call_tool,
    function_tool,
    run_tool,
)

R = TypeVar("R")

speaker: contextvars.ContextVar[str] = contextvars.ContextVar("speaker", default="nobody")


class Session:
    userdata = 42


CONTEXT = RunContext[int](
    session=Session(),
    speech_handle="speech",
    function_call=FunctionCall(call_id="c1", name="look", arguments=""),
)


def run(coroutine: Coroutine[Any, Any, R]) -> R:
    return asyncio.run(asyncio.wait_for(coroutine, 10))


def call(tool: FunctionTool, arguments: str = "{}") -> ToolOutcome:
    return run(run_tool(tool, arguments, context=CONTEXT))


@function_tool
async def add(left: int, right: int = 1) -> int:
    """Add."""
    return left + right


def test_a_tool_is_called_and_its_answer_told() -> None:
    outcome = call(add, '{"left": 2}')

    assert outcome.value == 3
    assert outcome.error is None
    output = outcome.output
    assert (output.call_id, output.name, output.output, output.is_error) == (
        "c1",
        "add",
        "3",
        False,
    )
    assert run(call_tool(add, '{"left": 2}', context=CONTEXT)).output == "3"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("", "left: Field required"),
        ("{", "the arguments are no JSON"),
        ("[1]", "the arguments are no JSON object"),
        ('"text"', "the arguments are no JSON object"),
        ('{"left": NaN}', "NaN is no JSON"),
        ('{"left": "two"}', "left: Input should be a valid integer"),
        ("[" * 100_000, "the arguments are no JSON"),
        ('{"left": 1' + "0" * 10_000 + "}", "the arguments are no JSON"),
        (" " * 1_000_001, "longer than 1000000 characters"),
    ],
    ids=["nothing", "half", "list", "text", "nan", "type", "deep", "digits", "huge"],
)
def test_arguments_that_do_not_fit_are_told_to_the_model(arguments: str, told: str) -> None:
    outcome = call(add, arguments)

    assert outcome.output.is_error
    assert told in outcome.output.output
    assert len(outcome.output.output) < 300
    assert outcome.value is None


@pytest.mark.property
@given(arguments=st.text(max_size=40))
@example(arguments='{"left": 1e999}')
@example(arguments='{"left": null}')
@example(arguments='\x00{"left": 1}')
def test_whatever_a_model_writes_there_is_an_answer(arguments: str) -> None:
    outcome = call(add, arguments)

    assert outcome.output.is_error == (outcome.error is not None)


def test_a_tool_error_is_told_and_any_other_is_not(caplog: pytest.LogCaptureFixture) -> None:
    @function_tool
    async def refuse() -> None:
        raise ToolError("closed on Sundays")

    @function_tool
    async def break_down() -> None:
        raise RuntimeError("password=hunter2")

    assert call(refuse).output.output == "closed on Sundays"
    assert not caplog.records
    broken = call(break_down)
    assert broken.output.output == "An internal error occurred"
    assert broken.output.is_error
    assert isinstance(broken.error, RuntimeError)
    assert "tool break_down failed" in caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("threaded", [False, True], ids=["coroutine", "thread"])
def test_a_tool_may_stop_the_response(*, threaded: bool) -> None:
    async def in_loop() -> None:
        raise StopResponse

    def in_thread() -> None:
        raise StopResponse

    with pytest.raises(StopResponse):
        call(function_tool(in_thread if threaded else in_loop))


async def whoever(anybody: RunContext[int], left: int) -> str:
    return f"{anybody.userdata} {anybody.speech_handle} {anybody.function_call.call_id} {left}"


def test_the_context_is_handed_over_under_any_name_and_never_told() -> None:
    tool = function_tool(whoever)

    assert call(tool, '{"left": 1, "anybody": "me"}').output.output == "42 speech c1 1"
    assert list(tool.parameters["properties"]) == ["left"]


def test_a_plain_function_runs_in_a_thread_with_the_callers_context() -> None:
    @function_tool
    def wait() -> str:
        time.sleep(0.05)
        return f"{speaker.get()} {threading.current_thread().name}"

    async def scenario() -> None:
        speaker.set("caller")
        ticks = 0
        answer = asyncio.ensure_future(run_tool(wait, "", context=CONTEXT))
        while not answer.done():
            await asyncio.sleep(0.001)
            ticks += 1
        assert (await answer).output.output == "caller tool wait"
        assert ticks > 2, "the loop went on meanwhile"

    run(scenario())


def test_a_plain_function_may_return_something_to_await() -> None:
    async def later() -> str:
        return "later"

    def now() -> Coroutine[Any, Any, str]:
        return later()

    assert call(function_tool(now)).value == "later"


@pytest.mark.parametrize("threaded", [False, True], ids=["coroutine", "thread"])
def test_a_tool_that_takes_too_long_is_told_as_late(*, threaded: bool) -> None:
    released = threading.Event()

    async def in_loop() -> None:
        await asyncio.Event().wait()

    def in_thread() -> None:
        released.wait(10)

    outcome = call(function_tool(timeout=0.02, name="slow")(in_thread if threaded else in_loop))
    released.set()

    assert outcome.output.is_error
    assert outcome.output.output == "slow did not answer within 0.02 seconds"


def test_a_time_limit_of_the_tools_own_is_no_lateness(caplog: pytest.LogCaptureFixture) -> None:
    @function_tool(timeout=5.0)
    async def impatient() -> None:
        raise TimeoutError("the database")

    assert call(impatient).output.output == "An internal error occurred"
    assert "the database" in caplog.text


def test_the_tool_is_cancelled_with_its_caller() -> None:
    log: list[str] = []

    @function_tool
    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            log.append("cleaned up")

    async def scenario() -> None:
        caller = asyncio.ensure_future(run_tool(long, "", context=CONTEXT))
        await asyncio.sleep(0.01)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        assert log == ["cleaned up"]

    run(scenario())


def test_a_tool_that_refuses_to_end_is_left_behind_by_name(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents_core.tools.running._GRACE", 0.02)
    release = asyncio.Event()

    @function_tool(timeout=0.02)
    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    async def scenario() -> None:
        outcome = await run_tool(stubborn, "", context=CONTEXT)
        assert outcome.output.is_error
        release.set()
        await asyncio.sleep(0.01)

    run(scenario())
    assert "tool stubborn refuses to end" in caplog.text


def test_a_tool_that_is_cancelled_from_inside_has_failed(caplog: pytest.LogCaptureFixture) -> None:
    @function_tool
    async def cancelled() -> None:
        raise asyncio.CancelledError

    assert call(cancelled).output.output == "An internal error occurred"
    assert "cancelled from inside" in caplog.text


class Model(BaseModel):
    number: int


@dataclass
class Value:
    models: list[Model]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("as it is", "as it is"),
        (None, ""),
        (True, "true"),
        ({"a": [1, "ü"]}, '{"a": [1, "ü"]}'),
        (Value([Model(number=1)]), '{"models": [{"number": 1}]}'),
        ({2, 1}, "[1, 2]"),
        (Ellipsis, '"Ellipsis"'),
        ({(1, 2): 3}, "{(1, 2): 3}"),
    ],
    ids=["text", "none", "bool", "json", "models", "set", "object", "keys"],
)
def test_what_a_tool_returns_is_told_as_text(value: object, told: str) -> None:
    @function_tool
    async def give() -> object:
        return value

    outcome = call(give)
    assert outcome.output.output == told
    assert outcome.value is value


def test_a_thread_that_answers_when_nobody_waits_disturbs_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    released, ended = threading.Event(), threading.Event()

    @function_tool(timeout=0.02)
    def slow() -> str:
        released.wait(10)
        ended.set()
        return "too late"

    async def scenario() -> None:
        assert (await run_tool(slow, "", context=CONTEXT)).output.is_error
        released.set()
        while not ended.is_set():  # noqa: ASYNC110 - the event is a thread's
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)

    run(scenario())
    assert not caplog.records
