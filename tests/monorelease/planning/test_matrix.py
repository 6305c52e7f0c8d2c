from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.matrix import build_waves
from scenes import graphs, reachable
from values import member, named, requires, workspace

RUNTIME, EXTRA, BUILD, GROUP = DependencyKind


def waves(space: Workspace, *names: str) -> list[str]:
    wanted = map(named, names) if names else space.names
    return [" ".join(wave) for wave in build_waves(space, wanted)]


@pytest.mark.property
@given(graphs(), st.data())
def test_all_that_has_to_be_installed_is_built_before(
    space: Workspace, data: st.DataObject
) -> None:
    names = data.draw(st.sets(st.sampled_from(space.names)))
    place = {n: number for number, wave in enumerate(build_waves(space, names)) for n in wave}
    either = (RUNTIME, BUILD)

    assert sorted(place) == sorted(names)
    for name in names:
        wanted = {d.on for d in space[name].dependencies if d.kind is BUILD}
        installed = wanted.union(*(reachable(n, space, [RUNTIME]) for n in wanted))
        for needed in installed & names:
            assert place[needed] < place[name] or name in reachable(needed, space, either)


@pytest.mark.property
@given(graphs(), st.data())
def test_without_build_requirements_everything_is_one_wave(
    space: Workspace, data: st.DataObject
) -> None:
    kept = tuple(
        member(m.name, "1", *(d for d in m.dependencies if d.kind is not BUILD)) for m in space
    )
    names = data.draw(st.lists(st.sampled_from(space.names), min_size=1, unique=True))

    assert build_waves(workspace(*kept), names) == (tuple(n for n in space.names if n in names),)


def test_a_build_plugin_comes_before_what_it_builds() -> None:
    space = workspace(member("app", "1", requires("plugin", kind=BUILD)), member("plugin"))

    assert waves(space) == ["plugin", "app"]


def test_what_a_build_plugin_requires_comes_before_too() -> None:
    space = workspace(
        member("core", "1", requires("base")),
        member("base"),
        member("plugin", "1", requires("core")),
        member("app", "1", requires("plugin", kind=BUILD), requires("late")),
        member("late"),
    )

    assert waves(space) == ["core base plugin late", "app"]
    assert waves(space, "app", "base") == ["base", "app"]


def test_a_build_that_needs_a_built_one_comes_third() -> None:
    space = workspace(
        member("c", "1", requires("b", kind=BUILD)),
        member("b", "1", requires("a", kind=BUILD)),
        member("a"),
    )

    assert waves(space) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", [RUNTIME, EXTRA, GROUP])
def test_other_requirements_are_no_reason_to_wait(kind: DependencyKind) -> None:
    space = workspace(member("app", "1", requires("core", kind=kind)), member("core"))

    assert waves(space) == ["app core"]


def test_a_circle_is_one_wave() -> None:
    """It cannot be built at all, and the checks of a release say so."""
    space = workspace(
        member("a", "1", requires("b", kind=BUILD)),
        member("b", "1", requires("a", kind=BUILD)),
        member("self", "1", requires("self", kind=BUILD)),
    )

    assert waves(space) == ["a b self"]


def test_nothing_takes_no_wave() -> None:
    assert build_waves(workspace(member("a")), ()) == ()
