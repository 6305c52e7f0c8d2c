"""From a module's text to the names that it has when it is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from monorelease.formats.python_text import dotted, imported_module, parse_python, type_checking
from monorelease.model.module_facts import OPAQUE, Binding, ClassFacts, Imported, ModuleFacts
from monorelease.model.source import Source

_HARMLESS = frozenset(
    {"dataclass", "define", "final", "frozen", "runtime_checkable", "total_ordering", "unique"}
)
"""Decorators of classes that put no names on them which anybody would use through the class."""

_AT_RUN_TIME = frozenset({"exec", "globals"})


def read_module(source: Source) -> ModuleFacts | None:
    """The facts about one module; None where its text cannot be read.

    Names count that are bound in any branch; those that only type checkers see do not, but in
    stubs. What is bound to several things may be any of them.
    """
    tree = parse_python(source.data) if source.data is not None else None
    if tree is None:
        return None
    bindings: dict[str, Binding] = {}
    statements = [*_statements(tree.body, is_stub=source.is_stub)]
    bound = (pair for node in statements for pair in _bound(node, source))
    for name, binding in (*bound, *((name, OPAQUE) for name in _globals(tree))):
        if bindings.setdefault(name, binding) != binding:
            bindings[name] = OPAQUE
    return ModuleFacts(
        bindings=bindings,
        stars=tuple(_stars(statements, source)),
        exports=_exports(tree, source),
        is_open="__getattr__" in bindings or _binds_at_run_time(tree),
    )


def _statements(body: Iterable[ast.stmt], *, is_stub: bool) -> Iterator[ast.stmt]:
    """Those that run when the module, or the class, is made, in whatever branch they are."""
    waiting = [*body]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        branches = ["body", "orelse", "finalbody", "handlers", "cases"]
        checked = type_checking(node.test) if isinstance(node, ast.If) and not is_stub else None
        if checked is not None:
            branches = ["orelse"] if checked else ["body"]
        for branch in branches:
            for inner in getattr(node, branch, ()):
                waiting += [inner] if isinstance(inner, ast.stmt) else inner.body


def _bound(node: ast.stmt, source: Source) -> Iterator[tuple[str, Binding]]:
    match node:
        case ast.Import() | ast.ImportFrom():
            yield from _imported(node, source)
        case ast.ClassDef():
            yield node.name, _class(node, source)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield node.name, OPAQUE
        case _:
            for inner in _inside(_header(node)):
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                    yield inner.id, OPAQUE


def _imported(node: ast.Import | ast.ImportFrom, source: Source) -> Iterator[tuple[str, Binding]]:
    for alias in node.names:
        first = alias.name.partition(".")[0]
        if isinstance(node, ast.ImportFrom):
            module = imported_module(node, source.name, is_package=source.is_package)
            if alias.name != "*":
                yield alias.asname or alias.name, Imported(target=f"{module}.{alias.name}")
        else:
            yield alias.asname or first, Imported(target=alias.name if alias.asname else first)


def _inside(parts: Iterable[ast.AST]) -> Iterator[ast.AST]:
    return (inner for part in parts for inner in ast.walk(part))


def _stars(statements: Iterable[ast.stmt], source: Source) -> Iterator[str]:
    for node in statements:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            yield imported_module(node, source.name, is_package=source.is_package)


def _header(node: ast.stmt) -> Iterator[ast.AST]:
    """What of a statement is not a statement itself."""
    if not hasattr(node, "body") and not hasattr(node, "cases"):
        yield node
        return
    for name in ("target", "test", "iter", "subject"):
        if isinstance(part := getattr(node, name, None), ast.AST):
            yield part
    yield from getattr(node, "items", ())


def _class(node: ast.ClassDef, source: Source) -> ClassFacts:
    inside = _statements(node.body, is_stub=source.is_stub)
    names = {name for statement in inside for name, _ in _bound(statement, source)}
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store):
            names.update(dotted(each)[1:2])
    bases = [dotted(b.value if isinstance(b, ast.Subscript) else b) for b in node.bases]
    marks = [dotted(d.func if isinstance(d, ast.Call) else d)[-1:] for d in node.decorator_list]
    is_open = not all(bases) or bool(node.keywords)
    return ClassFacts(
        names=frozenset(names),
        bases=tuple(".".join(base) for base in bases),
        is_open=is_open or not all(_HARMLESS.intersection(mark) for mark in marks),
    )


def _globals(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names


def _binds_at_run_time(tree: ast.Module) -> bool:
    """Whether names may come from what runs: ``globals()[…]``, ``sys.modules[__name__] = …``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _AT_RUN_TIME.intersection(dotted(node.func)):
            return True
        if isinstance(node, ast.Subscript) and _is_of_modules(node):
            return True
    return False


def _is_of_modules(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store) and dotted(node.value)[-1:] == ("modules",)


def _exports(tree: ast.Module, source: Source) -> frozenset[str] | None:
    """``__all__``, if each piece of it is a list of literals."""
    pieces: list[ast.expr] = []
    for node in _statements(tree.body, is_stub=source.is_stub):
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=piece):
                pieces.append(piece)
            case ast.AugAssign(target=ast.Name(id="__all__"), value=piece):
                pieces.append(piece)
            case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as piece):
                pieces.append(piece)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__")))):
                return None
            case _:
                pass
    names: set[str] = set()
    for piece in pieces:
        try:
            names.update(map(str, ast.literal_eval(piece)))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
    return frozenset(names) if pieces else None
