from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.withdrawal import Affected, Effect, Pin
from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.stranding import find_affected
from values import member, named, requires, workspace
from workspaces import Input, inputs

Offered = dict[NormalizedName, set[Version]]


def pin(text: str) -> Pin:
    name, version = text.split("==")
    return Pin(name=named(name), version=Version(version))


def offers(**versions: str) -> Offered:
    return {named(name): set(map(Version, text.split())) for name, text in versions.items()}


def told(space: Workspace, offered: Offered, *yanked: str) -> list[tuple[str, str, str]]:
    affected = find_affected(space, offered, map(pin, yanked))
    return [(str(each.pin), each.on, each.effect.name) for each in affected]


@pytest.mark.parametrize(
    ("constraint", "effect"),
    [
        ("", None),
        (">=1.0", None),
        (">=1.1", "STRANDED"),
        (">=1.1,<2", "STRANDED"),
        ("~=1.1", "STRANDED"),
        ("!=1.0", "STRANDED"),
        ("==1.*", None),
        ("==1.1.*", "STRANDED"),
        ("==1.1", "STILL_PULLS"),
        ("===1.1", "STILL_PULLS"),
        (">=1,==1.1", "STILL_PULLS"),
        ("<1.1", None),
    ],
)
def test_who_requires_no_less_than_what_is_yanked_is_affected(
    constraint: str, effect: str | None
) -> None:
    space = workspace(member("core", "1.1"), member("app", "2.0", requires("core", constraint)))

    found = told(space, offers(core="1.0", app="2.0"), "core==1.1")

    assert found == ([("app==2.0", "core", effect)] if effect else [])


def test_what_it_asks_for_is_told_as_it_is_written() -> None:
    space = workspace(member("core", "1.1"), member("app", "2.0", requires("core", " >=1.1 ")))

    assert find_affected(space, offers(app="2.0"), [pin("core==1.1")]) == (
        Affected(
            pin=pin("app==2.0"),
            on=named("core"),
            constraint=">=1.1",
            table="project.dependencies",
            effect=Effect.STRANDED,
        ),
    )


def test_a_constraint_that_nothing_ever_satisfied_is_no_news() -> None:
    space = workspace(member("core", "1.1"), member("app", "2.0", requires("core", ">=99")))

    assert told(space, offers(core="1.0", app="2.0"), "core==1.1") == []


def test_a_direct_reference_asks_no_index() -> None:
    space = workspace(member("core", "1.1"), member("app", "2.0", requires("core", None)))

    assert told(space, offers(app="2.0"), "core==1.1") == []


@pytest.mark.parametrize(("app", "offered"), [("2.0", ""), ("2.0", "1.9"), (None, "2.0")], ids=str)
def test_only_the_version_in_the_tree_is_judged_and_only_where_it_is_offered(
    app: str | None, offered: str
) -> None:
    space = workspace(member("core", "1.1"), member("app", app, requires("core", ">=1.1")))

    assert told(space, offers(app=offered), "core==1.1") == []


def test_what_nobody_publishes_is_not_judged() -> None:
    private = member("app", "2.0", requires("core", ">=1.1"), private=True)

    assert told(workspace(member("core", "1.1"), private), offers(app="2.0"), "core==1.1") == []


@pytest.mark.parametrize("kind", DependencyKind)
def test_who_cannot_be_installed_takes_those_along_who_need_it_at_run_time(
    kind: DependencyKind,
) -> None:
    """An extra, or a build from source, fails by itself; a group is never installed."""
    space = workspace(
        member("top", "1.0", requires("app", ">=2")),
        member("app", "2.0", requires("core", ">=1.1", kind)),
        member("core", "1.1"),
    )

    found = told(space, offers(top="1.0", app="1.0 2.0", core="1.0"), "core==1.1")

    first, second = ("top==1.0", "app", "STRANDED"), ("app==2.0", "core", "STRANDED")
    expected = {
        DependencyKind.RUNTIME: [first, second],
        DependencyKind.EXTRA: [second],
        DependencyKind.BUILD: [second],
        DependencyKind.GROUP: [],
    }
    assert found == expected[kind]


def test_a_pin_does_not_help_against_a_member_that_cannot_be_installed_itself() -> None:
    space = workspace(
        member("core", "1.1"),
        member("app", "2.0", requires("core", ">=1.1")),
        member("top", "1.0", requires("app", "==2.0")),
    )

    assert told(space, offers(top="1.0", app="2.0"), "core==1.1") == [
        ("app==2.0", "core", "STRANDED"),
        ("top==1.0", "app", "STRANDED"),
    ]


def test_who_pins_what_is_yanked_can_be_installed_and_strands_nobody() -> None:
    space = workspace(
        member("core", "1.1"),
        member("app", "2.0", requires("core", "==1.1")),
        member("top", "1.0", requires("app", ">=2")),
    )

    assert told(space, offers(top="1.0", app="2.0"), "core==1.1") == [
        ("app==2.0", "core", "STILL_PULLS")
    ]


def test_a_circle_of_requirements_comes_to_an_end() -> None:
    space = workspace(
        member("a", "1.0", requires("b", ">=1"), requires("core", ">=1.1")),
        member("b", "1.0", requires("a", ">=1")),
        member("core", "1.1"),
    )

    assert told(space, offers(a="1.0", b="1.0"), "core==1.1") == [
        ("a==1.0", "b", "STRANDED"),
        ("a==1.0", "core", "STRANDED"),
        ("b==1.0", "a", "STRANDED"),
    ]


@pytest.mark.parametrize(
    ("constraint", "left", "is_stranded"),
    [
        (">=1.1", "1.0 1.2rc1", True),
        (">=1.1", "1.2rc1", False),
        (">=1.2rc1", "1.0 1.2rc1", False),
    ],
)
def test_a_pre_release_helps_where_it_is_named_or_nothing_else_is_left(
    constraint: str, left: str, *, is_stranded: bool
) -> None:
    space = workspace(member("core", "1.2"), member("app", "2.0", requires("core", constraint)))

    assert bool(told(space, offers(core=left, app="2.0"), "core==1.2")) == is_stranded


@st.composite
def markets(draw: st.DrawFn) -> tuple[Input, Offered, list[Pin]]:
    """A workspace, some of whose versions are offered, some yanked."""
    given_input = draw(inputs())
    pins = [
        Pin(name=m.name, version=version)
        for m in given_input.workspace
        for version in (m.version, Version("0.0.1"), Version("98"))
        if version is not None
    ]
    yanked = draw(st.lists(st.sampled_from(pins), unique=True))
    offered: Offered = {}
    for each in pins:
        if each not in yanked and draw(st.booleans()):
            offered.setdefault(each.name, set()).add(each.version)
    return given_input, offered, yanked


@pytest.mark.property
@given(markets())
def test_every_entry_is_true_and_nobody_is_forgotten(
    market: tuple[Input, Offered, list[Pin]],
) -> None:
    """Checked the slow way: a version is usable unless a run-time requirement fails."""
    (space, _, _), offered, yanked = market

    found = find_affected(space, offered, yanked)

    stuck = {
        each.pin
        for each in found
        if each.effect is Effect.STRANDED
        for d in space[each.pin.name].dependencies
        if d.kind is DependencyKind.RUNTIME and d.on == each.on and d.table == each.table
    }
    assert all(each.pin.version in offered[each.pin.name] for each in found)
    for each in space:
        if each.private or each.version not in offered.get(each.name, set()):
            continue
        own = Pin(name=each.name, version=each.version)
        for d in each.dependencies:
            usable = {v for v in offered.get(d.on, ()) if Pin(name=d.on, version=v) not in stuck}
            gone = {p.version for p in (*yanked, *stuck) if p.name == d.on}
            entries = [e for e in found if e.pin == own and e.on == d.on and e.table == d.table]
            if not d.is_published or any(map(d.allows, {v for v in usable if not v.is_prerelease})):
                assert not [e for e in entries if _is(e, d.constraint)]
            elif not any(map(d.allows, usable)) and any(map(d.allows, gone)):
                assert [e for e in entries if _is(e, d.constraint)]


def _is(entry: Affected, constraint: object) -> bool:
    return constraint is not None and entry.constraint == getattr(constraint, "text", None)
