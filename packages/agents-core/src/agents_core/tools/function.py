"""A function that a model may call."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from types import MethodType
from typing import Any, TypeVar, overload

from agents_core.tools.docstrings import read_docstring
from agents_core.tools.parameters import Parameters, read_parameters
from agents_core.tools.strict import strict_schema

F = TypeVar("F", bound=Callable[..., Any])

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
"""What all providers accept."""


class FunctionTool:
    """A function with what a model has to know of it; to call it is to call the function.

    On a class it is a method, and what an instance has is bound to it.

    What it tells is worked out from the signature when it is first asked for: the import of the
    library for that is slow, and a job process starts without.
    """

    def __init__(  # noqa: PLR0913 - all that is told of it
        self,
        function: Callable[..., Any],
        *,
        name: str,
        description: str,
        raw_parameters: Mapping[str, Any] | None = None,
        timeout: float | None = None,
        method_of: FunctionTool | None = None,
    ) -> None:
        """Describe it; `function_tool` does so from what is written anyway.

        Raises:
            ValueError: a name that not every provider accepts.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a tool: letters, digits, _ and -, up to 64")
        self.function = function
        self.name = name
        self.description = description
        self.raw_parameters = raw_parameters
        self.timeout = timeout
        self._method_of = method_of
        functools.update_wrapper(self, function)

    @functools.cached_property
    def checks(self) -> Parameters:
        """What makes the function's arguments of a model's.

        Raises:
            TypeError: a parameter cannot be described; the message names function and parameter.
        """
        if self._method_of is not None:
            return self._method_of.method_checks
        return read_parameters(self.function, self.raw_parameters)

    @functools.cached_property
    def method_checks(self) -> Parameters:
        """The same where it is a method: worked out once for all that are bound.

        Raises:
            TypeError: a parameter cannot be described; the message names function and parameter.
        """
        return read_parameters(MethodType(self.function, self), self.raw_parameters)

    @property
    def parameters(self) -> dict[str, Any]:
        """A JSON schema of its arguments: an object.

        Raises:
            TypeError: a parameter cannot be described; the message names function and parameter.
        """
        return self.checks.schema

    @functools.cached_property
    def strict_parameters(self) -> dict[str, Any] | None:
        """The same for providers that force models to keep to it (OpenAI's "strict").

        No other properties, all of them required, and those with a default may be null. None where
        the parameters cannot be written so: a mapping with free keys, a raw schema.
        """
        return None if self.raw_parameters is not None else strict_schema(self.parameters)

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Call the function, as if it were no tool."""
        return self.function(*args, **kwargs)

    def __get__(self, instance: object, owner: type | None = None) -> FunctionTool:
        if instance is None:
            return self
        return FunctionTool(
            MethodType(self.function, instance),
            name=self.name,
            description=self.description,
            raw_parameters=self.raw_parameters,
            timeout=self.timeout,
            method_of=self,
        )

    def __eq__(self, other: object) -> bool:
        # What is bound anew at each access is the same tool, as with methods.
        return isinstance(other, FunctionTool) and self.function == other.function

    def __hash__(self) -> int:
        return hash(self.function)

    def __repr__(self) -> str:
        return f"<FunctionTool {self.name}>"


@overload
def function_tool(function: F, /) -> FunctionTool: ...
@overload
def function_tool(
    function: None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    raw_schema: Mapping[str, Any] | None = None,
    timeout: float | None = None,
) -> Callable[[F], FunctionTool]: ...
def function_tool(
    function: Callable[..., Any] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    raw_schema: Mapping[str, Any] | None = None,
    timeout: float | None = None,
) -> FunctionTool | Callable[[F], FunctionTool]:
    """Make a function or method one that models may call.

    Coroutine functions run in the event loop; plain ones in a thread of their own, as whatever they
    wait for would hold up the conversation. So a plain one must not touch the loop: write
    `async def` where it does.

    Args:
        function: what is decorated.
        name: by which models call it; the function's without.
        description: what it is for; the docstring without, up to its first section.
        raw_schema: a schema with "name", "description" and "parameters", as providers document it,
            in place of the signature. The function gets the arguments unchecked, as one mapping in
            its parameter `raw_arguments`.
        timeout: seconds that a call may take; None for any time.

    Raises:
        ValueError: a name that not every provider accepts, or a raw schema without parameters.
    """

    def decorate(decorated: Callable[..., Any]) -> FunctionTool:
        raw = raw_schema or {}
        if raw_schema is not None and not isinstance(raw.get("parameters"), Mapping):
            raise ValueError('a raw schema needs "parameters", the schema of an object')
        told = description or raw.get("description") or read_docstring(decorated).summary
        return FunctionTool(
            decorated,
            name=name or raw.get("name") or decorated.__name__,
            description=told,
            raw_parameters=raw.get("parameters"),
            timeout=timeout,
        )

    return decorate if function is None else decorate(function)


def find_function_tools(owner: object) -> tuple[FunctionTool, ...]:
    """The tools among the methods of an object (bound), or among the functions of a module.

    Those of base classes come first, then in the order of definition.
    """
    kinds = reversed(type(owner).__mro__) if not inspect.ismodule(owner) else (owner,)
    names = {name: None for kind in kinds for name in vars(kind)}
    found = (inspect.getattr_static(owner, name, None) for name in names)
    return tuple(
        getattr(owner, name)
        for name, member in zip(names, found, strict=True)
        if isinstance(member, FunctionTool)
    )


def check_names(tools: Iterable[FunctionTool]) -> tuple[FunctionTool, ...]:
    """The same tools.

    Raises:
        ValueError: two of them have one name; a model could not tell them apart.
    """
    named: dict[str, FunctionTool] = {}
    for tool in tools:
        if named.setdefault(tool.name, tool) is not tool:
            raise ValueError(f"two tools are named {tool.name!r}")
    return tuple(named.values())
