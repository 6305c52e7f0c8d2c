from __future__ import annotations

import ast

import pytest

from monorelease.formats.python_text import (
    asks_first,
    dotted,
    expects_absence,
    imported_module,
    parse_python,
    type_checking,
)


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    "data",
    [b"def f(:\n", b"\x00", b"# coding: nowhere\nx", b"\xff = 1", b"-" * 200_000 + b"1"],
    ids=["syntax", "null", "unknown encoding", "no text", "too deep"],
)
def test_what_this_python_cannot_read_is_none(data: bytes) -> None:
    assert parse_python(data) is None


def test_a_text_is_read_in_its_own_encoding_and_warns_nobody() -> None:
    assert parse_python('# coding: latin-1\nx = "é\\d"\n'.encode("latin-1")) is not None


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("from x.y import z", "x.y"),
        ("from . import z", "a.b"),
        ("from .c import z", "a.b.c"),
        ("from .. import z", "a"),
        ("from ..c import z", "a.c"),
        ("from .....c import z", "c"),
    ],
)
def test_relative_imports_begin_at_the_package_around_a_module(text: str, module: str) -> None:
    node = ast.parse(text).body[0]

    assert isinstance(node, ast.ImportFrom)
    assert imported_module(node, "a.b.m", is_package=False) == module
    assert imported_module(node, "a.b", is_package=True) == module


def test_attributes_of_a_name_are_dotted_and_of_nothing_else() -> None:
    assert dotted(expression("a.b.c")) == ("a", "b", "c")
    assert dotted(expression("a().b")) == ()


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("TYPE_CHECKING", True),
        ("typing.TYPE_CHECKING", True),
        ("not TYPE_CHECKING", False),
        ("not x", None),
        ("-x", None),
        ("x", None),
    ],
)
def test_conditions_for_type_checkers_are_known(test: str, *, verdict: bool | None) -> None:
    assert type_checking(expression(test)) is verdict


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ('hasattr(core, "x")', True),
        ('parse(version("core")) > v', True),
        ("core.__version__ >= v", True),
        ("len(core.x)", False),
    ],
)
def test_a_condition_may_ask_for_what_there_is(test: str, *, verdict: bool) -> None:
    assert asks_first(expression(test)) is verdict


@pytest.mark.parametrize(
    ("handler", "verdict"),
    [
        ("except ImportError", True),
        ("except (OSError, builtins.AttributeError)", True),
        ("except", True),
        ("except Exception as error", True),
        ("except ValueError", False),
    ],
)
def test_a_try_may_expect_that_something_is_missing(handler: str, *, verdict: bool) -> None:
    node = ast.parse(f"try:\n    import x\n{handler}:\n    pass\n").body[0]

    assert isinstance(node, ast.Try)
    assert expects_absence(node) is verdict
