"""Calls of tools, put together from the pieces in which they come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents_core.chat.items import new_id
from agents_core.llm import FunctionToolCall

_KNOWN = frozenset(("index", "id", "type", "function"))


@dataclass(slots=True, kw_only=True)
class _Call:
    index: int | None
    id: str = ""
    name: str = ""
    arguments: str = ""
    extra: dict[str, object] = field(default_factory=dict)


class ToolCalls:
    """Takes pieces in order; several calls may come at once, and mixed.

    OpenAI numbers the pieces of each call. Others give no number, or every call the same one, or
    no ids, or send each call whole.
    """

    def __init__(self) -> None:
        self._calls: list[_Call] = []

    def __bool__(self) -> bool:
        return bool(self._calls)

    def push(self, pieces: Iterable[Mapping[str, Any]]) -> None:
        """Go on with the next pieces.

        Raises:
            LookupError, TypeError, ValueError, AttributeError: one is malformed.
        """
        for piece in pieces:
            function = piece.get("function") or {}
            arguments = function.get("arguments") or ""
            if not isinstance(arguments, str):  # of some that send whole calls
                arguments = json.dumps(arguments)
            name = function.get("name") or ""
            call = self._of(piece, name=name, arguments=arguments)
            call.id = call.id or _id(piece)
            call.name = call.name or name.strip()
            call.arguments += arguments
            call.extra |= {key: value for key, value in piece.items() if key not in _KNOWN}

    def take(self) -> tuple[FunctionToolCall, ...]:
        """All calls so far, which are whole now.

        Raises:
            ValueError: one has no name.
        """
        calls, self._calls = self._calls, []
        return tuple(_made(call) for call in calls)

    def _of(self, piece: Mapping[str, Any], *, name: str, arguments: str) -> _Call:
        """The call to which a piece belongs; a new one, where it begins one."""
        index = piece.get("index")
        known = (call for call in reversed(self._calls) if index is None or call.index == index)
        last = next(known, None)
        if last is None or _begins(piece, last, again=bool(name and arguments)):
            last = _Call(index=index)
            self._calls.append(last)
        return last


def _begins(piece: Mapping[str, Any], last: _Call, *, again: bool) -> bool:
    """Whether it is of another call than `last`, though it has the same number, or none."""
    if _id(piece) and last.id:
        return _id(piece) != last.id
    return again and _is_whole(last.arguments)


def _id(piece: Mapping[str, Any]) -> str:
    return str(piece.get("id") or "")


def _is_whole(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except ValueError:
        return False


def _made(call: _Call) -> FunctionToolCall:
    if not call.name:
        raise ValueError("a call of a tool without a name")
    return FunctionToolCall(
        call_id=call.id or new_id("call_"),
        name=call.name,
        arguments=call.arguments or "{}",
        extra={"openai": call.extra} if call.extra else None,
    )
