"""The source of monorelease as who calls whom, without running any of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
Assignment = ast.Assign | ast.AnnAssign | ast.AugAssign


class Definition:
    """A function, or a method of a class."""

    def __init__(self, room: Room, node: Function, owner: str) -> None:
        self.room = room
        self.node = node
        self.owner = owner
        """The class; empty for a function."""
        self.name = node.name
        self._made: list[ast.expr] = []
        """Kept, so that no other node gets the number of one of these."""

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Without a method's own object."""
        given = self.node.args
        named = [arg.arg for arg in (*given.posonlyargs, *given.args)][bool(self.owner) :]
        return (*named, *(arg.arg for arg in given.kwonlyargs))

    def argument(self, call: ast.Call, parameter: str) -> ast.expr | None:
        """What a call passes as `parameter`, or what it is without a word."""
        for keyword in call.keywords:
            if keyword.arg == parameter:
                return keyword.value
        place = self.parameters.index(parameter)
        if place < len(call.args):
            return call.args[place]
        return self._defaults.get(parameter)

    def assigned(self, name: str, at: ast.AST) -> list[ast.expr]:
        """What may be under a name where `at` stands: what was put there last, or on some ways."""
        found: list[ast.expr] = []
        ways: list[tuple[int, ...]] = []
        here = self._ways.get(id(at), ())
        for statement in reversed(self._assignments.get(name, [])):
            way = self._ways[id(statement)]
            is_replaced = any(other == way[: len(other)] for other in ways)
            if statement.lineno >= getattr(at, "lineno", 0) or is_replaced:
                continue
            found.append(self._value(statement))
            ways.append(way)
            if way == here[: len(way)]:
                break
        return found[::-1]

    def _value(self, statement: Assignment) -> ast.expr:
        """What a statement puts under its name; of ``+=`` that is what was there, and more."""
        value = statement.value
        assert value is not None
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            before = ast.Name(id=statement.target.id, ctx=ast.Load())
            value = ast.copy_location(ast.BinOp(before, ast.Add(), value), statement)
            self._made.append(value)
            self._ways[id(value)] = self._ways[id(statement)]
        return value

    @cached_property
    def _assignments(self) -> dict[str, list[Assignment]]:
        told: dict[str, list[Assignment]] = {}
        for node in ast.walk(self.node):
            if isinstance(node, Assignment) and node.value is not None:
                for name in _names(node):
                    told.setdefault(name, []).append(node)
        return {name: sorted(nodes, key=lambda node: node.lineno) for name, nodes in told.items()}

    @cached_property
    def _ways(self) -> dict[int, tuple[int, ...]]:
        """Of every node, the blocks that it is in: those around it first."""
        told: dict[int, tuple[int, ...]] = {}

        def look(node: ast.AST, way: tuple[int, ...]) -> None:
            told[id(node)] = way
            for _, field in ast.iter_fields(node):
                if isinstance(field, list):
                    is_block = any(isinstance(child, ast.stmt) for child in field)
                    for child in field:
                        if isinstance(child, ast.AST):
                            look(child, (*way, id(field)) if is_block else way)
                elif isinstance(field, ast.AST):
                    look(field, way)

        look(self.node, ())
        return told

    @cached_property
    def returned(self) -> list[ast.expr]:
        """What it may return."""
        nodes = ast.walk(self.node)
        return [node.value for node in nodes if isinstance(node, ast.Return) and node.value]

    @cached_property
    def _defaults(self) -> dict[str, ast.expr]:
        given = self.node.args
        named = [arg.arg for arg in (*given.posonlyargs, *given.args)]
        told = dict(zip(reversed(named), reversed(given.defaults), strict=False))
        words = zip(given.kwonlyargs, given.kw_defaults, strict=True)
        return told | {arg.arg: default for arg, default in words if default is not None}


class Room:
    """One module."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        """Below monorelease: ``planning.checks``."""
        self.tree = ast.parse(text)
        self.calls: list[tuple[ast.Call, Definition | None]] = []
        """Every call, with the function around it."""
        self.definitions: list[Definition] = []
        self._look(self.tree, None, "")

    def _look(self, node: ast.AST, around: Definition | None, owner: str) -> None:
        for child in ast.iter_child_nodes(node):
            inside, within = around, owner
            if isinstance(child, Function):
                inside, within = Definition(self, child, owner), ""
                self.definitions.append(inside)
            elif isinstance(child, ast.ClassDef):
                within = child.name
            elif isinstance(child, ast.Call):
                self.calls.append((child, around))
            self._look(child, inside, within)

    def function(self, name: str) -> Definition | None:
        """The function of that name, which is no method."""
        return next((d for d in self.definitions if d.name == name and not d.owner), None)

    def has_method(self, name: str) -> bool:
        """Whether one of its classes has a method of that name."""
        return any(each.name == name and each.owner for each in self.definitions)

    def constant(self, name: str) -> ast.expr | None:
        """What the module puts under a name."""
        return self._constants.get(name)

    def default(self, owner: str, attribute: str) -> ast.expr | None:
        """What an attribute of one of its classes is without a word."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.name == owner:
                for line in node.body:
                    if isinstance(line, ast.AnnAssign) and attribute in _names(line):
                        return line.value
        return None

    def imports(self, name: str, room: str) -> bool:
        """Whether it has `name` from another room."""
        return (f"monorelease.{room}", name) in self._imports

    @cached_property
    def _constants(self) -> dict[str, ast.expr]:
        told: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                told |= dict.fromkeys(_names(node), node.value)
        return told

    @cached_property
    def _imports(self) -> set[tuple[str | None, str]]:
        froms = [node for node in ast.walk(self.tree) if isinstance(node, ast.ImportFrom)]
        return {(node.module, alias.name) for node in froms for alias in node.names}


class Source:
    """All rooms of a package, in the order of their names."""

    def __init__(self, folder: Path) -> None:
        self._rooms = [
            Room(".".join(path.relative_to(folder).with_suffix("").parts), path.read_text("utf-8"))
            for path in sorted(folder.rglob("*.py"))
        ]

    def __iter__(self) -> Iterator[Room]:
        return iter(self._rooms)

    def calls_of(self, function: Definition) -> Iterator[tuple[Room, ast.Call, Definition | None]]:
        """Who calls it, as far as names tell: a private class's methods are called in its room."""
        for room in self._callers(function):
            for call, around in room.calls:
                if _is_called(call, function):
                    yield room, call, around

    def _callers(self, function: Definition) -> Iterable[Room]:
        own = function.room
        others = [room for room in self if room is not own]
        if not function.owner:
            return [own, *(r for r in others if r.imports(function.name, own.name))]
        if function.owner.startswith("_"):
            return [own]
        return [own, *(room for room in others if not room.has_method(function.name))]


def _names(node: Assignment) -> list[str]:
    """The names that something is put under by itself."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _is_called(call: ast.Call, function: Definition) -> bool:
    match call.func:
        case ast.Name(id=name):
            return name == function.name and not function.owner
        case ast.Attribute(attr=name):
            return name == function.name and bool(function.owner)
        case _:
            return False
