"""A model's wish to call a tool, carried out without trust in what it wrote."""

from __future__ import annotations

import inspect
import json
import logging
from dataclasses import dataclass
from typing import Any, Never

from agents_core.chat import FunctionCallOutput
from agents_core.tools.context import RunContext, StopResponse, ToolError
from agents_core.tools.function import FunctionTool
from agents_core.tools.parameters import UnfitArguments
from agents_core.tools.running import ToolTimeout, run_bounded, run_in_thread
from agents_core.tools.telling import told

logger = logging.getLogger("agents_core.tools")

_LONGEST_ARGUMENTS = 1_000_000
"""Characters; more is a model that has lost its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOutcome:
    """What came of a call."""

    output: FunctionCallOutput
    """What the model is told."""
    value: object = None
    """What the function returned; a session looks here for an agent to hand over to."""
    error: Exception | None = None
    """What went wrong."""


async def call_tool(
    tool: FunctionTool, arguments_json: str, *, context: RunContext[Any]
) -> FunctionCallOutput:
    """What the model is told of the call; see `run_tool`."""
    return (await run_tool(tool, arguments_json, context=context)).output


async def run_tool(
    tool: FunctionTool, arguments_json: str, *, context: RunContext[Any]
) -> ToolOutcome:
    """Call `tool` with arguments that a model wrote.

    Arguments that are no JSON, do not fit, or are longer than a megabyte, and a `ToolError`, become
    an output with `is_error` that the model can act upon. Any other exception is logged, and the
    model reads only that there was one. A tool that takes longer than its `timeout` is cancelled (a
    thread cannot be: it is left behind) and told as an error.

    Raises:
        StopResponse: the tool did.
        asyncio.CancelledError: the caller was cancelled, and the tool with it.
    """
    call = context.function_call
    value: object = None
    error: Exception | None = None
    try:
        value = await _run(tool, arguments_json, context)
        output = told(value)
    except StopResponse:
        raise
    except (ToolError, UnfitArguments, ToolTimeout) as failure:
        output, error = str(failure), failure
    except Exception as failure:
        logger.exception("tool %s failed", tool.name)
        output, error = "An internal error occurred", failure
    answer = FunctionCallOutput(
        call_id=call.call_id, name=tool.name, output=output, is_error=error is not None
    )
    return ToolOutcome(output=answer, value=value, error=error)


async def _run(tool: FunctionTool, arguments_json: str, context: RunContext[Any]) -> object:
    checks = tool.checks
    arguments = checks.arguments(_parse(arguments_json))
    if checks.context is not None:
        arguments[checks.context] = context
    return await run_bounded(_call(tool, arguments), name=tool.name, within=tool.timeout)


async def _call(tool: FunctionTool, arguments: dict[str, Any]) -> object:
    if inspect.iscoroutinefunction(tool.function):
        return await tool.function(**arguments)
    value = await run_in_thread(tool.function, arguments, name=f"tool {tool.name}")
    return await value if inspect.isawaitable(value) else value


def _parse(arguments_json: str) -> dict[str, Any]:
    if len(arguments_json) > _LONGEST_ARGUMENTS:
        raise UnfitArguments(f"the arguments are longer than {_LONGEST_ARGUMENTS} characters")
    if not arguments_json.strip():
        return {}  # how some models call what takes no arguments
    try:
        arguments = json.loads(arguments_json, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnfitArguments(f"the arguments are no JSON: {error}") from None
    if not isinstance(arguments, dict):
        raise UnfitArguments("the arguments are no JSON object")
    return arguments


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is no JSON")
