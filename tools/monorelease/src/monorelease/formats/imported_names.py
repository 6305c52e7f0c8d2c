"""From a module's text to the names that it needs of others when it runs."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from monorelease.formats.python_text import (
    asks_first,
    dotted,
    expects_absence,
    imported_module,
    parse_python,
    type_checking,
)
from monorelease.model.module_facts import Use, Uses
from monorelease.model.source import Source
from monorelease.model.value import value

NOTHING = Uses(names=(), stars=())


def read_uses(source: Source) -> Uses:
    """What one module imports, and which attributes of that it takes; nothing where unreadable.

    What it can do without does not count: what only type checkers see, what stands in a ``try``
    that expects it to be missing, or behind a condition that asks for it first. Attributes
    count as far as the name before the dot means the import wherever it stands.
    """
    tree = parse_python(source.data) if source.data is not None else None
    if tree is None:
        return NOTHING
    reader = _Reader(source, has_lazy_annotations=_is_lazy(tree))
    reader.read(tree)
    names: dict[str, Use] = {}
    for use in sorted((*reader.names, *reader.attributes()), key=lambda u: (u.line, u.name)):
        names.setdefault(use.name, use)
    return Uses(names=tuple(names.values()), stars=tuple(reader.stars))


def _is_lazy(tree: ast.Module) -> bool:
    """Whether annotations are no code: an attribute in one is not looked up."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


@value
class _Chain:
    """An attribute of something: ``a.b.c``."""

    parts: tuple[str, ...]
    line: int


class _Reader:
    """One walk through a module; nodes that may not run are walked as optional ones."""

    def __init__(self, source: Source, *, has_lazy_annotations: bool) -> None:
        self._source = source
        self._has_lazy_annotations = has_lazy_annotations
        self._chains: list[_Chain] = []
        self._meanings: dict[str, str] = {}
        """What names mean that an import binds; empty where that is not always the same."""
        self._others: Counter[str] = Counter()
        """Names that something else binds as well, anywhere in the module."""
        self._asked_for: set[tuple[str, ...]] = set()
        """Attributes that the module looks for with ``hasattr`` before it takes them."""
        self.names: list[Use] = []
        self.stars: list[Use] = []

    def read(self, tree: ast.Module) -> None:
        waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
        inner: set[int] = set()
        while waiting:
            node, is_optional = waiting.pop()
            self._note_binding(node)
            match node:
                case ast.Import():
                    self._note_import(node, is_optional=is_optional)
                case ast.ImportFrom():
                    self._note_import_from(node, is_optional=is_optional)
                case ast.Call(args=[thing, ast.Constant(value=str(name))]):
                    self._asked_for.add((*dotted(thing), name))
                case ast.Attribute() if id(node) not in inner and not is_optional:
                    self._note_chain(node)
                case _:
                    pass
            if isinstance(node, ast.Attribute):
                inner.add(id(node.value))
            optional = {id(child) for child in self._optional(node)}
            waiting += [
                (child, is_optional or id(child) in optional)
                for child in ast.iter_child_nodes(node)
            ]

    def attributes(self) -> Iterator[Use]:
        """Attributes of what was imported, in full; up to those that every object has."""
        for chain in self._chains:
            first, *rest = chain.parts
            meaning = self._meanings.get(first)
            if meaning and not self._others[first] and not self._is_asked_for(chain.parts):
                plain = takewhile(lambda part: part == "__version__" or part[:2] != "__", rest)
                yield Use(name=".".join((meaning, *plain)), line=chain.line)

    def _is_asked_for(self, parts: tuple[str, ...]) -> bool:
        return any(parts[:end] in self._asked_for for end in range(1, len(parts) + 1))

    def _optional(self, node: ast.AST) -> Iterator[ast.AST]:
        """Those children of `node` that the module can do without."""
        match node:
            case ast.If():
                yield from _branches(node)
            case ast.IfExp() | ast.BoolOp() if asks_first(node):
                yield from ast.iter_child_nodes(node)
            case ast.Try() | ast.TryStar() if expects_absence(node):
                yield from (*node.body, *node.handlers, *node.orelse)
            case ast.With(items=items, body=body) if any(asks_first(i.context_expr) for i in items):
                yield from body
            case _ if self._has_lazy_annotations:
                for name in ("annotation", "returns"):
                    if isinstance(part := getattr(node, name, None), ast.expr):
                        yield part
            case _:
                pass

    def _note_import(self, node: ast.Import, *, is_optional: bool) -> None:
        for alias in node.names:
            first = alias.name.partition(".")[0]
            bound, meaning = (alias.asname, alias.name) if alias.asname else (first, first)
            self._mean(bound, "" if is_optional else meaning)
            if not is_optional:
                self.names.append(Use(name=alias.name, line=node.lineno))

    def _note_import_from(self, node: ast.ImportFrom, *, is_optional: bool) -> None:
        source = self._source
        module = imported_module(node, source.name, is_package=source.is_package)
        for alias in node.names:
            name = module if alias.name == "*" else f"{module}.{alias.name}"
            if alias.name != "*":
                self._mean(alias.asname or alias.name, "" if is_optional else name)
            if not is_optional:
                (self.stars if alias.name == "*" else self.names).append(
                    Use(name=name, line=node.lineno)
                )

    def _mean(self, bound: str, meaning: str) -> None:
        known = self._meanings.setdefault(bound, meaning)
        if known != meaning:
            self._meanings[bound] = ""

    def _note_chain(self, node: ast.Attribute) -> None:
        parts = dotted(node)
        if parts and isinstance(node.ctx, ast.Load):
            self._chains.append(_Chain(parts=parts, line=node.lineno))

    def _note_binding(self, node: ast.AST) -> None:
        """Whatever binds a name without importing it."""
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                self._others[name] += 1
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                self._others[name] += 1
            case _:
                pass


def _branches(node: ast.If) -> Iterator[ast.AST]:
    """Those that do not run, or only where what they need is there."""
    checked = type_checking(node.test)
    is_asked = checked is None and asks_first(node.test)
    if checked or is_asked:
        yield from node.body
    if checked is False or is_asked:
        yield from node.orelse
