"""What every finding says, read from the source: its words with … where a run fills something in.

A finding is made by ``Finding(…)``, or by a function that passes its own arguments on to it:
then those who call that function say what it is about.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from source_index import Definition, Room, Source

GAP = "…"
"""Stands for what is known in a run alone."""

_FEW = 2
"""So many words are told in place of the one that is meant."""

_DEEPEST = 8
"""So many names after one another are looked up: there are circles."""


class Template(NamedTuple):
    """One way in which a code is told."""

    code: str
    """Empty where it is not in the source."""
    problem: str
    hints: tuple[str, ...]
    severities: tuple[str, ...]
    """Of ``error`` and ``warning``."""
    room: str
    """The module that makes it, below monorelease: ``planning.checks``."""


class _Frame(NamedTuple):
    """Where an expression stands: the arguments of the function around it, if they are known."""

    room: Room
    function: Definition | None
    at: ast.AST
    call: ast.Call | None = None
    caller: _Frame | None = None


def templates_of(source: Source) -> tuple[Template, ...]:
    """Every way in which the rooms of `source` make a finding, in the order of rooms and lines."""
    found = dict.fromkeys(chain.from_iterable(_Reader(source).in_room(room) for room in source))
    return tuple(found)


class _Reader:
    """Follows names through a source as far as that goes without running it."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def in_room(self, room: Room) -> Iterator[Template]:
        for call, function in room.calls:
            if isinstance(call.func, ast.Name) and call.func.id == "Finding":
                for frame in self._frames(_Frame(room, function, call), _argument(call, "code")):
                    yield from self._made(call, frame)

    def _made(self, call: ast.Call, frame: _Frame) -> Iterator[Template]:
        severities = _severities(self._texts(_argument(call, "severity"), frame))
        hints = tuple(dict.fromkeys(self._texts(_argument(call, "hint"), frame)))
        codes = [code for code in self._texts(_argument(call, "code"), frame) if GAP not in code]
        teller = frame
        while teller.caller is not None:
            teller = teller.caller
        for code in codes or [""]:
            for problem in dict.fromkeys(self._texts(_argument(call, "problem"), frame)):
                yield Template(code, problem, hints, severities, teller.room.name)

    def _frames(self, frame: _Frame, code: ast.expr | None, depth: int = 0) -> Iterator[_Frame]:
        """The frame as it is, or once for each call that says which code is meant."""
        given = code.value if isinstance(code, ast.Attribute) else code
        name = given.id if isinstance(given, ast.Name) else ""
        if frame.function is None or name not in frame.function.parameters or depth > _DEEPEST:
            yield from self._records(frame, code)
            return
        for room, call, caller in self._source.calls_of(frame.function):
            own = _Frame(room, caller, call)
            for outer in self._frames(own, frame.function.argument(call, name), depth + 1):
                yield frame._replace(call=call, caller=outer)

    def _records(self, frame: _Frame, code: ast.expr | None) -> Iterator[_Frame]:
        """Once for each value that has such a code, where the code is an attribute of a value."""
        records = [*self._records_of(code)] if isinstance(code, ast.Attribute) else []
        for room, record, maker in records:
            yield frame._replace(call=record, caller=_Frame(room, maker, record))
        if not records:
            yield frame

    def _records_of(
        self, code: ast.Attribute
    ) -> Iterator[tuple[Room, ast.Call, Definition | None]]:
        """The calls that make such values: of the class that is named as the variable is."""
        name = code.value.id if isinstance(code.value, ast.Name) else ""
        for room in self._source:
            for call, function in room.calls:
                called = call.func.id if isinstance(call.func, ast.Name) else ""
                if called.strip("_").lower() == name and called[-1:] and _argument(call, "code"):
                    yield room, call, function

    def _texts(self, node: ast.expr | None, frame: _Frame, depth: int = 0) -> list[str]:
        """All that an expression may be, as far as one can tell."""
        if node is None:
            return []
        if depth > _DEEPEST:
            return [GAP]
        ways = (self._written, self._chosen, self._under_a_name, self._made_elsewhere)
        return next(filter(None, (way(node, frame, depth + 1) for way in ways)), [GAP])

    def _written(self, node: ast.expr, frame: _Frame, depth: int) -> list[str]:
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=pieces):
                return ["".join(self._piece(piece, frame, depth) for piece in pieces)]
            case ast.FormattedValue(value=inner):
                return [self._piece(inner, frame, depth)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [self._piece(left, frame, depth) + self._piece(right, frame, depth)]
            case _:
                return []

    def _chosen(self, node: ast.expr, frame: _Frame, depth: int) -> list[str]:
        match node:
            case ast.IfExp(body=body, orelse=other):
                return self._texts(body, frame, depth) + self._texts(other, frame, depth)
            case ast.BoolOp(op=ast.Or(), values=[first, *others]):
                known = [text for text in self._texts(first, frame, depth) if text]
                return known or self._texts(others[0], frame, depth)
            case _:
                return []

    def _piece(self, node: ast.expr, frame: _Frame, depth: int) -> str:
        """What stands within other words: what it is, or one of a few words."""
        texts = [*dict.fromkeys(self._texts(node, frame, depth))]
        is_told = len(texts) == 1 or (len(texts) == _FEW and all(texts) and GAP not in texts)
        return " / ".join(texts) if is_told else GAP

    def _under_a_name(self, node: ast.expr, frame: _Frame, depth: int) -> list[str]:
        match node:
            case ast.Name(id=name):
                return self._named(name, frame, depth)
            case ast.Attribute(value=ast.Name(id="Severity"), attr=severity):
                return [severity.lower()]
            case ast.Attribute(attr=attribute) if frame.call is not None and frame.caller:
                given = self._attribute(frame.call, attribute, frame.caller)
                return self._texts(given, frame.caller, depth)
            case _:
                return []

    def _made_elsewhere(self, node: ast.expr, frame: _Frame, depth: int) -> list[str]:
        match node:
            case ast.Call(func=ast.Name(id="suggestion")):
                return self._texts(_argument(node, "otherwise"), frame, depth)
            case ast.Call(func=ast.Name(id=name)):
                return self._returned(name, frame, depth)
            case ast.Subscript(value=ast.Name(id=name), slice=key):
                keys = self._texts(key, frame, depth)
                known = frame.room.constant(name)
                return [*chain.from_iterable(self._entries(known, key, frame) for key in keys)]
            case _:
                return []

    def _attribute(self, call: ast.Call, name: str, frame: _Frame) -> ast.expr | None:
        """What a value that is made by `call` has as an attribute."""
        maker = call.func.id if isinstance(call.func, ast.Name) else ""
        return _argument(call, name) or frame.room.default(maker, name)

    def _named(self, name: str, frame: _Frame, depth: int) -> list[str]:
        function = frame.function
        if function is None:
            return self._texts(frame.room.constant(name), frame, depth)
        own = [
            text
            for node in function.assigned(name, frame.at)
            for text in self._texts(node, frame._replace(at=node), depth)
        ]
        if name in function.parameters:
            return own + self._given(name, frame, depth)
        return own or self._texts(frame.room.constant(name), frame._replace(function=None), depth)

    def _given(self, name: str, frame: _Frame, depth: int) -> list[str]:
        """What callers pass as a parameter: the one that is known, else every one."""
        function = frame.function
        assert function is not None
        if frame.call is not None and frame.caller is not None:
            calls = [(frame.call, frame.caller)]
        else:
            calls = [
                (call, _Frame(room, caller, call))
                for room, call, caller in self._source.calls_of(function)
            ]
        return [
            text
            for call, caller in calls
            for text in self._texts(function.argument(call, name), caller, depth)
        ]

    def _returned(self, name: str, frame: _Frame, depth: int) -> list[str]:
        """What a function of the same room returns."""
        function = frame.room.function(name)
        if function is None:
            return []
        return [
            text
            for node in function.returned
            for text in self._texts(node, _Frame(frame.room, function, node), depth)
        ]

    def _entries(self, table: ast.expr | None, key: str, frame: _Frame) -> Iterator[str]:
        if isinstance(table, ast.Call) and table.args:  # a mapping that cannot be written to
            table = table.args[0]
        if isinstance(table, ast.Dict):
            for written, entry in zip(table.keys, table.values, strict=True):
                if isinstance(written, ast.Constant) and written.value == key:
                    yield from self._texts(entry, frame)


def _argument(call: ast.expr, name: str) -> ast.expr | None:
    keywords = call.keywords if isinstance(call, ast.Call) else []
    return next((keyword.value for keyword in keywords if keyword.arg == name), None)


def _severities(texts: list[str]) -> tuple[str, ...]:
    """What it may be; without a word it is an error."""
    known = {text for text in texts if text in {"error", "warning"}}
    return tuple(sorted(known or ({"error", "warning"} if texts else {"error"})))
