from __future__ import annotations

import logging
from collections.abc import Mapping

import pytest

from modules import sources
from monorelease.adapters.api import find_breakages, unreadable
from monorelease.model.breakage import BreakageKind
from monorelease.planning.api_truth import breakage_text

Texts = Mapping[str, str | None]


def broken(old: Texts | str, new: Texts | str) -> list[str]:
    """What breaks between two packages, or between two texts of a module ``core``."""
    before = {"core": old} if isinstance(old, str) else old
    after = {"core": new} if isinstance(new, str) else new
    return [breakage_text(each) for each in find_breakages(sources(**before), sources(**after))]


BASES = "class A: ...\nclass B: ...\n"

BREAKS: dict[str, tuple[Texts | str, Texts | str, list[str]]] = {
    "a function": ("def f(): ...\nx = 1", "x = 1", ["core.f is gone"]),
    "a variable": ("x = 1", "y = 1", ["core.x is gone"]),
    "the version": ("__version__ = '1'", "", ["core.__version__ is gone"]),
    "a variable of types that is offered": (
        "from typing import TypeVar\n__all__ = ['T']\nT = TypeVar('T')",
        "__all__ = []",
        ["core.T is gone"],
    ),
    "a method": (
        "class C:\n    def m(self): ...",
        "class C: ...",
        ["core.C.m is gone"],
    ),
    "what an operator needs": (
        "class C:\n    def __len__(self): ...",
        "class C: ...",
        ["core.C.__len__ is gone"],
    ),
    "a member of an enumeration": (
        "from enum import Enum\nclass C(Enum):\n    RED = 1\n    BLUE = 2",
        "from enum import Enum\nclass C(Enum):\n    RED = 1",
        ["core.C.BLUE is gone"],
    ),
    "a module": (
        {"core": "", "core__a": "def f(): ...", "core__b": ""},
        {"core": "", "core__b": ""},
        ["core.a is gone"],
    ),
    "a whole package": ({"core": "x = 1"}, {"other": "x = 1"}, ["core is gone"]),
    "a name that is only passed on": (
        {"core": "from core._a import f\n__all__ = ['f']", "core___a": "def f(): ..."},
        {"core": "", "core___a": "def f(): ..."},
        ["core.f is gone"],
    ),
    "a name and its original, once": (
        {"core": "from core.a import f\n__all__ = ['f']", "core__a": "def f(): ..."},
        {"core": "__all__ = []", "core__a": ""},
        ["core.a.f is gone"],
    ),
    "a parameter of what is passed on by a star": (
        {"core": "from core._a import *", "core___a": "__all__ = ['f']\ndef f(a, b=1): ..."},
        {"core": "from core._a import *", "core___a": "__all__ = ['f']\ndef f(a): ..."},
        ["core._a.f() no longer takes 'b'"],
    ),
    "in a namespace": (
        {"space__core": "x = 1"},
        {"space__core": "y = 1"},
        ["space.core.x is gone"],
    ),
    "a base class": (
        f"{BASES}class C(A, B): ...",
        f"{BASES}class C(A): ...",
        ["core.C is no longer a core.B"],
    ),
    "the base of an error": (
        "class E(ValueError): ...",
        "class E: ...",
        ["core.E is no longer a ValueError"],
    ),
    "a class that is a function": (
        "class c: ...",
        "def c(): ...",
        ["core.c was a class and is a function"],
    ),
    "a property that is a method": (
        "class C:\n    @property\n    def p(self): ...",
        "class C:\n    def p(self): ...",
        ["core.C.p was a property and is a function"],
    ),
    "a field of a dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int",
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int\n    b: int",
        ["core.C.__init__() demands 'b', which is new"],
    ),
}

FINE: dict[str, tuple[Texts | str, Texts | str]] = {
    "something new": ("x = 1", "x = 1\ndef f(): ..."),
    "values, defaults and annotations": (
        "x = 1\ndef f(a: int = 1) -> int: ...",
        "x = 2\ndef f(a: str = 2): ...",
    ),
    "private names": (
        "_x = 1\nclass C:\n    def _m(self): ...",
        "class C: ...",
    ),
    "private modules": ({"core": "", "core___a": "x = 1"}, {"core": ""}),
    "private packages": ({"_core": "x = 1"}, {"other": ""}),
    "what __all__ leaves out": ("__all__ = ['x']\nx = y = 1", "__all__ = ['x']\nx = 1"),
    "what was imported": ("import json\nfrom os import path", ""),
    "a name that moved and is passed on": (
        {"core": "class C: ...", "core___a": ""},
        {"core": "from core._a import C", "core___a": "class C: ..."},
    ),
    "a module that makes names up": ("x = 1", "def __getattr__(name): ..."),
    "a class that does": (
        "class C:\n    x = 1",
        "class C:\n    def __getattr__(self, name): ...",
    ),
    "a method that goes up": (
        f"{BASES}class C(A):\n    def m(self): ...",
        "class A:\n    def m(self): ...\nclass B: ...\nclass C(A): ...",
    ),
    "a method that may be in a base of another package": (
        "from other import Base\nclass C(Base):\n    def m(self): ...",
        "from other import Base\nclass C(Base): ...",
    ),
    "a base that is reached through another": (
        f"{BASES}class C(A, B): ...",
        "class A: ...\nclass B(A): ...\nclass C(B): ...",
    ),
    "bases that nobody asks for": (
        "from abc import ABC\nclass C(ABC): ...\nclass D(object): ...",
        "class C: ...\nclass D: ...",
    ),
    "methods that every class has": (
        "class C:\n    __slots__ = ()\n    def __init__(self): ...\n    def __repr__(self): ...",
        "class C: ...",
    ),
    "a function that is a variable": ("def f(): ...", "f = make()"),
    "a variable that is a function": ("f = lambda: 1", "def f(): ..."),
    "__all__ itself": ("__all__ = []", ""),
    "a variable of types": (
        "import typing as t\nfrom typing import ParamSpec\nT = t.TypeVar('T')\nP = ParamSpec('P')",
        "",
    ),
    "a module that cannot be read now": (
        {"core": "", "core__a": "x = 1"},
        {"core": "", "core__a": "def"},
    ),
    "a module that could not be read then": (
        {"core": "", "core__a": "x ="},
        {"core": "", "core__a": ""},
    ),
    "a module that is compiled now": (
        {"core": "", "core__a": "x = 1"},
        {"core": "", "core__a": None},
    ),
    "a circle of imports": (
        {
            "core": "from core.a import x\n__all__ = ['x']",
            "core__a": "from core import x\n__all__ = ['x']",
        },
        {"core": "", "core__a": ""},
    ),
}


@pytest.mark.parametrize(("old", "new", "told"), BREAKS.values(), ids=BREAKS)
def test_what_users_miss_is_told(old: Texts | str, new: Texts | str, told: list[str]) -> None:
    assert broken(old, new) == told


@pytest.mark.parametrize(("old", "new"), FINE.values(), ids=FINE)
def test_what_stops_nobody_or_cannot_be_told_is_not(old: Texts | str, new: Texts | str) -> None:
    assert broken(old, new) == []


def test_a_breakage_is_where_the_object_is_now_or_where_it_was() -> None:
    old = sources(core="class C:\n    def m(self): ...\ndef f(a): ...\ndef g(): ...")
    new = sources(core="\nclass C: ...\n\ndef f(a, b): ...")

    found = find_breakages(old, new)

    places = {each.name: (each.kind, str(each.path), each.line) for each in found}
    assert places == {
        "core.C.m": (BreakageKind.REMOVED, "src/core.py", 2),
        "core.f": (BreakageKind.PARAMETER_ADDED, "src/core.py", 4),
        "core.g": (BreakageKind.REMOVED, "src/core.py", None),
    }


def test_a_text_is_read_in_its_own_encoding() -> None:
    text = "# coding: latin-1\nx = 'é'\n"
    (source,) = sources(core=text).values()
    latin = {"core": type(source)(name="core", path=source.path, data=text.encode("latin-1"))}

    assert unreadable(latin) == ()
    assert [each.name for each in find_breakages(latin, sources(core=""))] == ["core.x"]


def test_nothing_of_what_is_read_is_run_or_logged(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "raise SystemExit('run')\n__all__ = [*x, 1]\nprint('run')"

    with caplog.at_level(logging.CRITICAL):
        find_breakages(sources(core=text), sources(core=""))

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("depth", [400, 1500, 100_000])
def test_an_expression_without_end_stops_nobody(depth: int) -> None:
    deep = "x = " + "-" * depth + "1"

    assert find_breakages(sources(core=deep), sources(core=deep)) == ()


def test_what_has_no_text_is_unreadable() -> None:
    package = sources(core="", core__a=None, core__b="def")

    assert [source.name for source in unreadable(package)] == ["core.a", "core.b"]
