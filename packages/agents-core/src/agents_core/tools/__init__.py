"""What a model may call: plain functions, described by their signatures."""

from __future__ import annotations

from agents_core.tools.calling import ToolOutcome, call_tool, run_tool
from agents_core.tools.context import RunContext, StopResponse, ToolError
from agents_core.tools.formats import tools_to_google, tools_to_openai
from agents_core.tools.function import (
    FunctionTool,
    check_names,
    find_function_tools,
    function_tool,
)
from agents_core.tools.strict import strict_schema

__all__ = [
    "FunctionTool",
    "RunContext",
    "StopResponse",
    "ToolError",
    "ToolOutcome",
    "call_tool",
    "check_names",
    "find_function_tools",
    "function_tool",
    "run_tool",
    "strict_schema",
    "tools_to_google",
    "tools_to_openai",
]
