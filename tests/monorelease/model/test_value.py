"""Values behave as frozen, slotted, keyword-only dataclasses do."""

from __future__ import annotations

import copy
import pickle
from typing import Generic, TypeVar

import pytest

from monorelease.model.value import derived, replace, value

T = TypeVar("T")


@value
class Point:
    """A sign with two fields."""

    x: int
    y: int = 0


@value
class Other:
    x: int
    y: int = 0


@value
class Named:
    names: tuple[str, ...]
    first: str = derived()

    def __post_init__(self) -> None:
        object.__setattr__(self, "first", self.names[0])


@value
class Box(Generic[T]):
    content: T


def test_fields_are_given_by_name_and_have_defaults() -> None:
    assert (Point(x=1).x, Point(x=1).y, Point(x=1, y=2).y) == (1, 0, 2)


@pytest.mark.parametrize("values", [{}, {"x": 1, "z": 2}], ids=["missing", "unknown"])
def test_missing_and_unknown_fields_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="Point"):
        Point(**values)


def test_positions_are_refused() -> None:
    with pytest.raises(TypeError):
        Point(1)  # type: ignore[call-arg]


def test_nothing_can_be_set_deleted_or_added() -> None:
    point = Point(x=1)

    with pytest.raises(AttributeError, match="frozen"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del point.x
    with pytest.raises(AttributeError):
        point.z = 2  # type: ignore[attr-defined]
    assert not hasattr(point, "__dict__")


def test_equality_is_by_class_and_content() -> None:
    assert Point(x=1) == Point(x=1, y=0)
    assert Point(x=1) != Point(x=2)
    assert Point(x=1) != Other(x=1)  # type: ignore[comparison-overlap]
    assert len({Point(x=1), Point(x=1), Other(x=1)}) == 2


def test_a_derived_field_is_filled_and_not_compared() -> None:
    assert Named(names=("a", "b")).first == "a"
    assert repr(Named(names=("a",))) == "Named(names=('a',))"
    assert replace(Named(names=("a",)), names=("b",)).first == "b"


def test_replace_changes_some_fields() -> None:
    assert replace(Point(x=1, y=2), y=3) == Point(x=1, y=3)
    with pytest.raises(TypeError, match="z"):
        replace(Point(x=1), z=1)


def test_values_are_copied_pickled_and_shown() -> None:
    point = Point(x=1)

    assert copy.deepcopy(point) == point
    assert pickle.loads(pickle.dumps(point)) == point  # noqa: S301 - our own bytes
    assert repr(point) == "Point(x=1, y=0)"
    assert Point.__doc__ == "A sign with two fields."


def test_generic_values_work() -> None:
    assert Box(content=1) == Box(content=1)


def test_match_finds_fields_by_name() -> None:
    match Point(x=1, y=2):
        case Point(x=1, y=y):
            assert y == 2
        case _:
            pytest.fail("not matched")
