"""Python as a text that is parsed and never run, and what its imports and conditions mean."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_LATER = frozenset({"hasattr", "suppress", "version"})
"""Calls by which code asks first what it has."""

_CAUGHT = frozenset(
    {"AttributeError", "BaseException", "Exception", "ImportError", "ModuleNotFoundError"}
)
"""What whoever expects that a name may be missing catches."""


def parse_python(data: bytes) -> ast.Module | None:
    """The module's syntax tree; None where this Python cannot read it."""
    from warnings import catch_warnings, simplefilter

    with catch_warnings():
        simplefilter("ignore")  # about escapes in literals: its author has heard of them
        try:
            return ast.parse(data)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def imported_module(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """What is imported from, in full; a relative import that climbs too far is left as it is.

    Args:
        node: in the module.
        module: its full name.
        is_package: whether modules lie in it.
    """
    if not node.level:
        return node.module or ""
    parts = module.split(".") if module else []
    base = parts[: max(len(parts) - node.level + is_package, 0)]
    return ".".join((*base, *([node.module] if node.module else [])))


def dotted(node: ast.expr) -> tuple[str, ...]:
    """The parts of ``a.b.c``; nothing for any other expression."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()


def type_checking(test: ast.expr) -> bool | None:
    """Whether a condition holds for type checkers alone; False for never for them, None else."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return False if type_checking(test.operand) else None
    return True if dotted(test)[-1:] == ("TYPE_CHECKING",) else None


def asks_first(test: ast.AST) -> bool:
    """Whether a condition is about what there is: ``hasattr(…)``, some ``__version__``."""
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and _LATER.intersection(dotted(node.func)[-1:]):
            return True
        if isinstance(node, ast.Attribute) and node.attr == "__version__":
            return True
    return False


def expects_absence(node: ast.Try | ast.TryStar) -> bool:
    """Whether it catches what a missing name raises."""
    return any(_CAUGHT.intersection(_caught(handler)) for handler in node.handlers)


def _caught(handler: ast.ExceptHandler) -> Iterator[str]:
    match handler.type:
        case None:
            yield "BaseException"
        case ast.Tuple(elts=kinds):
            for kind in kinds:
                yield from dotted(kind)[-1:]
        case kind:
            yield from dotted(kind)[-1:]
