from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.waves import needs_among, publication_order, waves
from scenes import INSTALLED, OFFERED, graphs, reachable
from values import member, named, requires, workspace

RUNTIME, EXTRA, BUILD, GROUP = DependencyKind
LONG = 3_000
"""Longer than Python's stack is deep."""


def places(found: tuple[tuple[NormalizedName, ...], ...]) -> dict[NormalizedName, int]:
    return {name: number for number, wave in enumerate(found) for name in wave}


def words(space: Workspace, *names: str) -> list[str]:
    wanted = map(named, names) if names else space.names
    return [" ".join(wave) for wave in waves(space, wanted)]


@pytest.mark.property
@given(graphs(), st.data())
def test_what_a_member_cannot_do_without_comes_in_an_earlier_wave(
    space: Workspace, data: st.DataObject
) -> None:
    place = places(waves(space, data.draw(st.sets(st.sampled_from(space.names)))))

    for name in place:
        for needed in reachable(name, space, INSTALLED) & place.keys() - {name}:
            if name in reachable(needed, space, INSTALLED):
                assert place[needed] == place[name]
            elif name in reachable(needed, space, OFFERED):
                assert place[needed] <= place[name]
            else:
                assert place[needed] < place[name]


@pytest.mark.property
@given(graphs(), st.data())
def test_extras_come_earlier_too_where_they_close_no_circle(
    space: Workspace, data: st.DataObject
) -> None:
    place = places(waves(space, data.draw(st.sets(st.sampled_from(space.names)))))

    for name in place:
        for needed in reachable(name, space, OFFERED) & place.keys():
            assert place[needed] < place[name] or name in reachable(needed, space, OFFERED)


@pytest.mark.property
@given(graphs(), st.data())
def test_every_name_stands_in_one_wave_in_the_workspaces_order(
    space: Workspace, data: st.DataObject
) -> None:
    names = data.draw(st.lists(st.sampled_from(space.names), unique=True))
    found = waves(space, names)

    assert sorted(name for wave in found for name in wave) == sorted(names)
    for wave in found:
        assert wave == tuple(name for name in space.names if name in wave)
    assert waves(space, reversed(names)) == found


@pytest.mark.property
@given(graphs(), st.data())
def test_nobody_waits_without_need(space: Workspace, data: st.DataObject) -> None:
    found = waves(space, data.draw(st.sets(st.sampled_from(space.names))))

    for earlier, wave in pairwise(found):
        for name in wave:
            circle = {n for n in space.names if name in reachable(n, space, OFFERED)}
            beside = {name} | circle & reachable(name, space, OFFERED)
            assert any(reachable(n, space, OFFERED) & set(earlier) for n in beside)


def test_members_that_need_nobody_are_one_wave() -> None:
    assert words(workspace(member("b"), member("a"), member("c"))) == ["b a c"]


def test_nothing_takes_no_wave() -> None:
    assert waves(workspace(member("a")), ()) == ()


def test_a_plugin_comes_after_the_core_though_an_extra_of_the_core_names_it() -> None:
    space = workspace(
        member("core", "1", requires("plugin-a", kind=EXTRA), requires("plugin-b", kind=EXTRA)),
        member("plugin-a", "1", requires("core")),
        member("plugin-b", "1", requires("core")),
        member("app", "1", requires("core")),
    )

    assert words(space) == ["core", "plugin-a plugin-b", "app"]


def test_a_circle_of_extras_stands_above_what_it_needs() -> None:
    space = workspace(
        member("plugin", "1", requires("core")),
        member("core", "1", requires("plugin", kind=EXTRA), requires("base")),
        member("base"),
    )

    assert words(space) == ["base", "core", "plugin"]


def test_a_circle_of_requirements_is_one_wave() -> None:
    space = workspace(
        member("app", "1", requires("a")),
        member("b", "1", requires("a")),
        member("a", "1", requires("b"), requires("base")),
        member("base"),
    )

    assert words(space) == ["base", "b a", "app"]


def test_who_is_left_out_still_stands_between() -> None:
    space = workspace(
        member("app", "1", requires("middle")), member("middle", "1", requires("core")),
        member("core"),
    )  # fmt: skip

    assert words(space, "app", "core") == ["core", "app"]


def test_dependency_groups_have_no_say() -> None:
    space = workspace(member("a", "1", requires("b", kind=GROUP)), member("b"))

    assert words(space) == ["a b"]


@pytest.mark.parametrize("kind", [RUNTIME, EXTRA, BUILD])
def test_whatever_people_who_install_meet_has_a_say(kind: DependencyKind) -> None:
    space = workspace(member("a", "1", requires("b", kind=kind)), member("b"))

    assert words(space) == ["b", "a"]


def test_a_chain_longer_than_the_stack_has_as_many_waves() -> None:
    chain = (member(f"m{n}", "1", requires(f"m{n + 1}")) for n in range(LONG))
    space = workspace(*chain, member(f"m{LONG}"))

    assert len(waves(space, space.names)) == LONG + 1


def test_nobody_needs_itself() -> None:
    space = workspace(member("a", "1", requires("b")), member("b", "1", requires("a")))

    assert needs_among(space, (named("a"),), OFFERED) == {"a": ()}


def test_who_requires_a_stranger_does_not_wait_for_it() -> None:
    """What is built may be a part of the workspace."""
    space = workspace(member("app", "1", requires("core")), member("tool"))

    assert words(space) == ["app tool"]


@pytest.mark.property
@given(graphs())
def test_the_order_is_that_of_the_waves(space: Workspace) -> None:
    ordered = publication_order(space, space.names)

    place = places(waves(space, space.names))
    assert sorted(ordered) == sorted(space.names)
    assert all(place[earlier] <= place[later] for earlier, later in pairwise(ordered))
