from __future__ import annotations

import pytest

from modules import sources
from monorelease.adapters.api import find_breakages
from monorelease.planning.api_truth import breakage_text


def broken(old: str, new: str, *, method: bool = False) -> list[str]:
    """What breaks when the parameters of ``f`` change, words for the callers."""
    around = "class C:\n    " if method else ""
    both = (sources(core=f"{around}def f({text}): ...") for text in (old, new))
    return [breakage_text(each).partition("() ")[2] for each in find_breakages(*both)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a, b=1", "a", ["no longer takes 'b'"]),
        ("a", "a, b", ["demands 'b', which is new"]),
        ("a", "a, *, b", ["demands 'b', which is new"]),
        ("a, b=1", "a, b", ["demands 'b', which had a default"]),
        ("a, b", "a, c", ["takes 'c' where it took 'b'"]),
        ("a, b", "c", ["takes 'c' where it took 'a'", "no longer takes 'b'"]),
        ("a, b", "b, a", ["takes its arguments in another order"]),
        ("a, b=1", "a, c=2, b=1", ["takes its arguments in another order"]),
        ("a", "*, a", ["takes 'a' as keyword-only alone"]),
        ("a", "a, /", ["takes 'a' as positional-only alone"]),
        ("*rest", "", ["no longer takes 'rest'"]),
        ("a, b=1, /", "a, /", ["no longer takes 'b'"]),
        ("a", "__a", ["takes '__a' where it took 'a'"]),
        ("__a, __b", "__a", ["no longer takes '__b'"]),
    ],
)
def test_what_callers_have_to_change_is_told(old: str, new: str, told: list[str]) -> None:
    assert broken(old, new) == told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a", "a, b=1"),
        ("a", "a, *rest, **more"),
        ("a, /", "b, /"),
        ("a=1, /", "b=1, /"),
        ("*rest", "*others"),
        ("**more", "**options"),
        ("*, a", "a"),
        ("a, /", "a"),
        ("*, a=1", "**more"),
        ("a: int = 1", "a: str = 2"),
        ("__a", "a, /"),
        ("__a", "__b"),
        ("__a, __b=1, **more", "a, b=1, /, **more"),
    ],
)
def test_what_stops_no_caller_is_not(old: str, new: str) -> None:
    assert broken(old, new) == []


def test_who_a_method_belongs_to_is_no_parameter() -> None:
    assert broken("self, a", "a", method=True) == []
    assert broken("a", "cls, a", method=True) == []
    assert broken("self, a", "self, b", method=True) == ["takes 'b' where it took 'a'"]
    assert broken("self, a, /", "self, a", method=True) == []
    assert broken("self, a", "self, a, /", method=True) == ["takes 'a' as positional-only alone"]
    assert broken("self", "") == ["no longer takes 'self'"]


@pytest.mark.parametrize("name", ["__add__", "__getattr__", "__exit__"])
def test_nobody_gives_an_operand_by_its_name(name: str) -> None:
    old, new = (sources(core=f"class C:\n    def {name}(self, {x}): ...") for x in ("_", "other"))

    assert find_breakages(old, new) == ()


@pytest.mark.parametrize("name", ["__init__", "__call__", "__new__"])
def test_what_people_call_has_names(name: str) -> None:
    old, new = (sources(core=f"class C:\n    def {name}(self, {x}): ...") for x in "ab")

    assert [breakage_text(each) for each in find_breakages(old, new)] == [
        f"core.C.{name}() takes 'b' where it took 'a'"
    ]
