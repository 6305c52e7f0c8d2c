from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.graph import dependents_of, find_circles, knots_of
from values import member, named, requires, workspace

RUNTIME, EXTRA, BUILD, GROUP = DependencyKind
LONG = 3_000
"""Longer than Python's stack is deep."""


@st.composite
def graphs(draw: st.DrawFn) -> Workspace:
    """Up to eight members that require one another in any way."""
    count = draw(st.integers(1, 8))
    names = [f"m{number}" for number in draw(st.permutations(range(count)))]
    edges = st.tuples(st.sampled_from(names), st.sampled_from(DependencyKind))
    return workspace(
        *(
            member(
                name,
                "1.0.0",
                *(
                    requires(on, kind=kind)
                    for on, kind in draw(st.lists(edges, max_size=4))
                    if on != name
                ),
            )
            for name in names
        )
    )


def needs_of(
    graph: Workspace, kinds: frozenset[DependencyKind]
) -> dict[NormalizedName, set[NormalizedName]]:
    return {m.name: {d.on for d in m.dependencies if d.kind in kinds} for m in graph}


def reachable(
    start: NormalizedName, needs: Mapping[NormalizedName, set[NormalizedName]]
) -> set[NormalizedName]:
    """Everything that `start` needs, by way of anybody."""
    found: set[NormalizedName] = set()
    ahead = [start]
    while ahead:
        for name in needs[ahead.pop()] - found:
            found.add(name)
            ahead.append(name)
    return found


def around(
    name: NormalizedName, needs: Mapping[NormalizedName, set[NormalizedName]]
) -> frozenset[NormalizedName]:
    """Everyone on a circle with `name`, itself too; nobody where it is on none."""
    return frozenset(n for n in reachable(name, needs) if name in reachable(n, needs))


# ── circles ─────────────────────────────────────────────────────────────────────────────


KINDS = st.lists(st.sampled_from(DependencyKind), min_size=1, unique=True)
"""Some kinds of requirement, the one that matters most first."""


@pytest.mark.property
@given(graphs(), KINDS)
def test_every_circle_is_one(graph: Workspace, kinds: list[DependencyKind]) -> None:
    """Each needs the next, the last one the first, nobody comes twice."""
    needs = needs_of(graph, frozenset(kinds))

    for circle in find_circles(graph, kinds):
        first, second, *_ = names = circle.names
        assert len(set(names)) == len(names)
        assert all(b in needs[a] for a, b in zip(names, (*names[1:], first), strict=True))
        assert circle.dependency in graph[first].dependencies
        assert circle.dependency.on == second


@pytest.mark.property
@given(graphs(), KINDS)
def test_a_circle_is_found_wherever_there_is_one(
    graph: Workspace, kinds: list[DependencyKind]
) -> None:
    """One for all who are in overlapping circles, none for anybody else."""
    needs = needs_of(graph, frozenset(kinds))
    entangled = {knot for name in graph.names if (knot := around(name, needs))}

    circles = find_circles(graph, kinds)

    assert len(circles) == len(entangled)
    assert all(any(knot.issuperset(c.names) for c in circles) for knot in entangled)


@pytest.mark.property
@given(graphs(), KINDS)
def test_a_circle_begins_with_what_matters_most(
    graph: Workspace, kinds: list[DependencyKind]
) -> None:
    needs = needs_of(graph, frozenset(kinds))

    for circle in find_circles(graph, kinds):
        knot = around(circle.names[0], needs)
        edges = [
            (kinds.index(d.kind), graph.names.index(name))
            for name in knot
            for d in graph[name].dependencies
            if d.kind in kinds and d.on in knot
        ]
        first = kinds.index(circle.dependency.kind), graph.names.index(circle.names[0])
        assert first == min(edges)


def circles(graph: Workspace, *kinds: DependencyKind) -> list[str]:
    return [" ".join(circle.names) for circle in find_circles(graph, kinds)]


def test_a_circle_is_named_in_full_from_its_first_member_on() -> None:
    graph = workspace(
        member("outside", "1", requires("c")),
        member("b", "1", requires("c")),
        member("a", "1", requires("b")),
        member("c", "1", requires("a")),
    )

    assert circles(graph, RUNTIME) == ["b c a"]


def test_of_overlapping_circles_the_shortest_is_named() -> None:
    graph = workspace(
        member("a", "1", requires("b")),
        member("b", "1", requires("c"), requires("d")),
        member("c", "1", requires("d")),
        member("d", "1", requires("a")),
    )

    assert circles(graph, RUNTIME) == ["a b d"]


def test_only_the_wanted_kinds_make_a_circle() -> None:
    graph = workspace(member("a", "1", requires("b")), member("b", "1", requires("a", kind=EXTRA)))

    assert circles(graph, RUNTIME) == []
    assert circles(graph, RUNTIME, EXTRA) == ["a b"]
    assert circles(graph, EXTRA, RUNTIME) == ["b a"]


def test_two_circles_apart_are_two() -> None:
    graph = workspace(
        member("a", "1", requires("b")),
        member("b", "1", requires("a")),
        member("c", "1", requires("d")),
        member("d", "1", requires("c"), requires("a")),
    )

    assert circles(graph, RUNTIME) == ["a b", "c d"]


def test_a_circle_longer_than_the_stack_is_found() -> None:
    links = (member(f"m{n}", "1", requires(f"m{(n + 1) % LONG}")) for n in range(LONG))
    graph = workspace(*links)

    assert circles(graph, RUNTIME) == [" ".join(graph.names)]


# ── dependents, knots ───────────────────────────────────────────────────────────────────


def test_dependents_are_told_with_each_of_their_requirements() -> None:
    twice = member("app", "1", requires("core", ">=1"), requires("core", "<3", BUILD))
    once = member("client", "1", requires("core", "==1.*"))
    graph = workspace(twice, member("core"), once)

    assert dependents_of(graph) == {
        "core": (
            (twice, twice.dependencies[0]),
            (twice, twice.dependencies[1]),
            (once, once.dependencies[0]),
        )
    }


def test_knots_come_after_what_they_need() -> None:
    needs = {"a": "b", "b": "ac", "c": "d", "d": "", "e": "a"}

    knots = knots_of(map(named, "eabcd"), lambda name: map(named, needs[name]))

    assert [set(knot) for knot in knots] == [{"d"}, {"c"}, {"a", "b"}, {"e"}]
