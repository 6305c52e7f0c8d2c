"""What a real model has to do: to repeat, to call tools, and to hear of what went wrong."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

from typing import Any, Literal

from agents_core.chat import ChatContext, FunctionCall, FunctionCallOutput
from agents_core.llm import LLM, FunctionToolCall
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import parsed, reading, tools
from agents_core.testing.llm import LLMSuite
from agents_core.testing.suite import sentence
from agents_core.tools import FunctionTool, function_tool
from agents_plugins_test.network.asking import RealProvider

ORDER = "Order a large pizza with ham and olives, by calling the tool. I have no note for the cook."
CITIES = ("Oslo", "Bern", "Rome")
WEATHER = f"Call get_weather once for each of {', '.join(CITIES)}, all at once, for 1 day each."
READING = "It is 21 degrees in Bern. Write this down."
FAILURE = "the oven is out of order, error 4711"
WHY = "Why did that fail? Tell me the number of the error, and nothing else."


class RealLLM(RealProvider[LLM], LLMSuite):
    """`LLMSuite`, told to a vendor whose model follows what it is told.

    In place of answers that a server was told to give, there are some that the model gives.
    """

    @sentence("tools")
    async def test_a_tool_has_choices_lists_and_what_may_be_missing(self, subject: LLM) -> None:
        tool = order_pizza()
        call = await self._order(subject, tool)
        written: Any = parsed(call.arguments)
        demand(isinstance(written, dict), f"arguments: {written!r}")
        given = tool.checks.arguments(written)
        seen = given["size"], {each.casefold() for each in given["toppings"]}
        demand_same(seen, ("large", {"ham", "olives"}), "size and toppings")
        demand(not given.get("note"), f"a note that nobody gave: {given.get('note')!r}")

    @sentence("tools", "parallel")
    async def test_three_calls_at_once_are_three(self, subject: LLM) -> None:
        made = await self._called(subject, WEATHER, *tools())
        asked: list[Any] = [parsed(call.arguments) for call in made]
        demand_same({each["city"] for each in asked}, {*CITIES}, "cities asked about")
        demand_same(len({call.call_id for call in made}), len(CITIES), "ids of the calls")

    @sentence("tools")
    async def test_a_tool_that_failed_is_heard_of(self, subject: LLM) -> None:
        tool = order_pizza()
        call = await self._order(subject, tool)
        chat_ctx = _said(ORDER)
        chat_ctx.items.extend(_failed(call))
        chat_ctx.add_message(role="user", content=WHY)
        stream = subject.chat(chat_ctx=chat_ctx, tools=(tool,), conn_options=self.patient)
        text = (await stream.collect()).text
        demand("4711" in text, f"after {FAILURE!r} it says {text!r}")

    @sentence("structured")
    async def test_what_is_written_down_fits(self, subject: LLM) -> None:
        from pydantic import TypeAdapter

        shape = reading()
        stream = subject.chat(
            chat_ctx=_said(READING), response_format=shape, conn_options=self.patient
        )
        answer: Any = TypeAdapter(shape).validate_json((await stream.collect()).text)
        demand_same((answer.city, answer.degrees), ("Bern", 21), "city and degrees")

    async def _order(self, subject: LLM, tool: FunctionTool) -> FunctionToolCall:
        calls = await self._called(subject, ORDER, tool)
        demand_same([call.name for call in calls], [tool.name], "tools called")
        return calls[0]

    async def _called(
        self, subject: LLM, words: str, *offered: FunctionTool
    ) -> list[FunctionToolCall]:
        chunks = await self._answer(subject, _said(words), tools=offered)
        return [call for chunk in chunks if chunk.delta for call in chunk.delta.tool_calls]


def order_pizza() -> FunctionTool:
    """A tool with a choice, a list, and something that may be missing."""

    @function_tool
    async def order_pizza(
        size: Literal["small", "large"], toppings: list[str], note: str | None = None
    ) -> str:
        """Order a pizza.

        Args:
            size: of the pizza.
            toppings: each by its name, in lower case.
            note: for the cook, where there is one.
        """
        return f"a {size} pizza with {len(toppings)} toppings, note: {note}"

    return order_pizza


def _failed(call: FunctionToolCall) -> tuple[FunctionCall, FunctionCallOutput]:
    made = FunctionCall(
        call_id=call.call_id, name=call.name, arguments=call.arguments, extra=call.extra or {}
    )
    output = FunctionCallOutput(call_id=call.call_id, name=call.name, output=FAILURE, is_error=True)
    return made, output


def _said(words: str) -> ChatContext:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="user", content=words)
    return chat_ctx
