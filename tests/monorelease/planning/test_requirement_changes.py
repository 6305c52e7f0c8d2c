from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.constraint import Constraint, Dialect
from monorelease.model.requirement_change import RequirementChange
from monorelease.model.value import replace
from monorelease.model.workspace import Dependency, DependencyKind
from monorelease.planning.requirement_changes import requirement_changes
from values import requires


def moved(
    before: list[Dependency], after: list[Dependency]
) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    changes = requirement_changes(before, after)
    return [(c.on, c.table, c.before, c.after) for c in changes]


RUNTIME = "project.dependencies"


def test_a_moved_bound_is_a_change() -> None:
    assert requirement_changes([requires("httpx", ">=0.27")], [requires("httpx", ">=0.28")]) == (
        RequirementChange(
            on=requires("httpx").on, table=RUNTIME, before=(">=0.27",), after=(">=0.28",)
        ),
    )


def test_what_comes_and_what_goes_is_a_change() -> None:
    assert moved([requires("a")], [requires("b", ">=1")]) == [
        ("a", RUNTIME, ("",), ()),
        ("b", RUNTIME, (), (">=1",)),
    ]


def test_an_extra_is_another_place_than_the_rest() -> None:
    extra = requires("a", ">=1", DependencyKind.EXTRA)

    assert [c.table for c in requirement_changes([requires("a", ">=1")], [extra])] == [
        RUNTIME,
        "project.optional-dependencies.more",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (requires("a", ">=1,<2"), requires("a", "<2, >=1")),
        (requires("a", ">=1"), replace(requires("a", " >=1 "), prefix="A  ")),
        (replace(requires("a"), prefix="a[x]", suffix="; os_name == 'nt'"),
         replace(requires("a"), prefix="a [X]", suffix=' ;os_name=="nt"')),
        (requires("a", ">=1", DependencyKind.GROUP), requires("a", ">=2", DependencyKind.GROUP)),
    ],
)  # fmt: skip
def test_another_spelling_and_what_reaches_nobody_are_none(
    before: Dependency, after: Dependency
) -> None:
    assert moved([before], [after]) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            replace(requires("a", ">=1"), suffix=" ; os_name == 'nt'"),
            requires("a", ">=1"),
            ((">=1 ; os_name == 'nt'",), (">=1",)),
        ),
        (
            replace(requires("a", ">=1"), prefix="a[x]"),
            replace(requires("a", ">=1"), prefix="a[x,y]"),
            (("[x]>=1",), ("[x,y]>=1",)),
        ),
        (
            replace(requires("a", None), prefix="a @ https://a.example/1"),
            replace(requires("a", None), prefix="a @ https://a.example/2"),
            (("a @ https://a.example/1",), ("a @ https://a.example/2",)),
        ),
        (
            replace(requires("a"), constraint=Constraint.parse("^1", Dialect.POETRY)),
            replace(requires("a"), constraint=Constraint.parse("^1 || ^2", Dialect.POETRY)),
            (("^1",), ("^1 || ^2",)),
        ),
    ],
)
def test_markers_extras_addresses_and_alternatives_count(
    before: Dependency, after: Dependency, words: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    ((_, _, *said),) = moved([before], [after])

    assert tuple(said) == words


requirements = st.lists(
    st.builds(
        requires,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["", ">=1", ">=2,<3", "==1.*"]),
        st.sampled_from(DependencyKind),
    ),
    max_size=5,
)


@pytest.mark.property
@given(requirements, requirements, st.randoms())
def test_order_does_not_count_and_the_way_back_is_the_mirror(
    before: list[Dependency], after: list[Dependency], chance: st.DataObject
) -> None:
    shuffled = before[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    there, back = requirement_changes(before, after), requirement_changes(after, before)

    assert requirement_changes(before, shuffled) == ()
    assert [(c.on, c.table, c.before, c.after) for c in there] == [
        (c.on, c.table, c.after, c.before) for c in back
    ]
    for change in there:
        assert set(change.before) != set(change.after)
