"""A signature, as a schema for models and a check of what they write."""

from __future__ import annotations

import inspect
import operator
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from agents_core.tools.context import RunContext
from agents_core.tools.docstrings import read_docstring
from agents_core.tools.strict import admits_null

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_RAW = "raw_arguments"
_NAMED_KINDS = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_MOST_ERRORS = 10


class UnfitArguments(ValueError):
    """What a model wrote does not fit; the message is for it to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a function takes."""

    schema: dict[str, Any]
    """What models are told: the JSON schema of an object."""
    model: type[BaseModel] | None
    """What checks arguments, with fields named by place; None where they are handed on raw."""
    names: tuple[str, ...] = ()
    """Of the model's fields, as the function calls them."""
    context: str | None = None
    """The parameter for the `RunContext`."""

    def arguments(self, written: Mapping[str, Any]) -> dict[str, Any]:
        """What the function is called with, all but the context.

        Names that the function does not have are ignored. Null for a parameter with a default that
        cannot be null means the default: strict schemas leave models no other way to say so.

        Raises:
            UnfitArguments: they do not fit; the message says where and why.
        """
        if self.model is None:
            return {_RAW: dict(written)}
        from pydantic import ValidationError

        try:
            checked = self.model.model_validate(self._without_empty(written))
        except ValidationError as error:
            raise UnfitArguments(_told(error)) from None
        return {name: getattr(checked, _field(at)) for at, name in enumerate(self.names)}

    def _without_empty(self, written: Mapping[str, Any]) -> dict[str, Any]:
        required = self.schema.get("required", ())
        properties = self.schema.get("properties", {})
        return {
            name: value
            for name, value in written.items()
            if value is not None or name in required or admits_null(properties.get(name, {}))
        }


def read_parameters(
    function: Callable[..., Any], raw_parameters: Mapping[str, Any] | None
) -> Parameters:
    """What `function` takes, by its signature, or by `raw_parameters` where they are given.

    Raises:
        TypeError: a parameter cannot be described; the message names function and parameter.
    """
    hints = _hints(function)
    signature = inspect.signature(function).parameters
    context = next((name for name in signature if _is_context(hints.get(name))), None)
    if raw_parameters is not None:
        if _RAW not in signature:
            raise TypeError(f"{function.__qualname__}: a raw schema needs a parameter {_RAW!r}")
        return Parameters(schema=dict(raw_parameters), model=None, context=context)
    described = [parameter for name, parameter in signature.items() if name != context]
    for parameter in described:
        _check(function, parameter, hints)
    model = _model(function, described, hints)
    names = tuple(parameter.name for parameter in described)
    return Parameters(schema=_schema(model), model=model, names=names, context=context)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(inspect.unwrap(function), include_extras=True)
    except NameError as error:
        raise TypeError(
            f"{function.__qualname__}: {error}; the types of a tool's parameters have to be known"
            " where it is defined, at the top of its module"
        ) from error


def _is_context(hint: object) -> bool:
    return hint is RunContext or typing.get_origin(hint) is RunContext


def _check(
    function: Callable[..., Any], parameter: inspect.Parameter, hints: Mapping[str, Any]
) -> None:
    if parameter.kind not in _NAMED_KINDS:
        raise TypeError(f"{function.__qualname__}: models name arguments, {parameter} has no name")
    if parameter.name not in hints:
        raise TypeError(f"{function.__qualname__}: parameter {parameter.name!r} has no annotation")


def _model(
    function: Callable[..., Any], described: list[inspect.Parameter], hints: Mapping[str, Any]
) -> type[BaseModel]:
    from pydantic import ConfigDict, Field, create_model
    from pydantic.errors import PydanticUserError

    told = read_docstring(function).arguments
    fields: dict[str, Any] = {}
    for at, parameter in enumerate(described):
        name, default = parameter.name, parameter.default
        # Any name may be an alias; a field may not be called as a method of the model is.
        beside = [Field(alias=name)]
        if name in told and not _has_description(hints[name], default):
            beside.append(Field(description=told[name]))
        hint = operator.getitem(Annotated, (hints[name], *beside))
        fields[_field(at)] = (hint, ... if default is parameter.empty else default)
    try:
        return create_model(
            function.__name__, __config__=ConfigDict(arbitrary_types_allowed=False), **fields
        )
    except PydanticUserError as error:
        raise TypeError(f"{function.__qualname__}: {error.message}") from error


def _field(at: int) -> str:
    return f"argument_{at}"


def _has_description(hint: object, default: object) -> bool:
    from pydantic.fields import FieldInfo

    metadata = (default, *getattr(hint, "__metadata__", ()))
    return any(isinstance(each, FieldInfo) and each.description for each in metadata)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    from pydantic.errors import PydanticInvalidForJsonSchema

    try:
        schema = model.model_json_schema()
    except PydanticInvalidForJsonSchema as error:
        raise TypeError(f"{model.__name__}: {error.message}") from error
    untitled = _untitled(schema)
    untitled.pop("description", None)
    return untitled | {"properties": untitled.get("properties", {})}


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    """Without the titles that pydantic makes of names; a property may be called "title"."""
    return {key: _within(key, value) for key, value in schema.items() if key != "title"}


def _within(key: str, value: object) -> object:
    match value:
        case dict() if key in ("properties", "$defs"):
            return {name: _untitled(schema) for name, schema in value.items()}
        case dict() if key not in ("default", "const", "examples"):
            return _untitled(value)
        case list() if key in ("anyOf", "oneOf", "allOf", "prefixItems"):
            return [_untitled(schema) for schema in value]
        case _:
            return value


def _told(error: ValidationError) -> str:
    """What is wrong, without a copy of what was written: it may be huge."""
    wrong = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong[:_MOST_ERRORS]]
    return "; ".join(lines)
