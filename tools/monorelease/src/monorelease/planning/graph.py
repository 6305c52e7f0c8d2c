"""Who requires whom: dependents, circles, and knots of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.value import value
from monorelease.model.workspace import Dependency, DependencyKind, Member, Workspace

Edge = tuple[Member, Dependency]
"""A dependent, and the requirement by which it is one."""


def dependents_of(workspace: Workspace) -> Mapping[NormalizedName, tuple[Edge, ...]]:
    """For every member that is required: by whom, in the workspace's order."""
    edges: dict[NormalizedName, list[Edge]] = {}
    for member in workspace:
        for dependency in member.dependencies:
            edges.setdefault(dependency.on, []).append((member, dependency))
    return {name: tuple(found) for name, found in edges.items()}


@value
class Circle:
    """Members that require one another, each the next one and the last one the first."""

    names: tuple[NormalizedName, ...]
    dependency: Dependency
    """The requirement by which the first needs the second."""


def find_circles(workspace: Workspace, kinds: Sequence[DependencyKind]) -> tuple[Circle, ...]:
    """The circles that requirements of these `kinds` form, one for each knot of members.

    A circle begins with a requirement of the kind that comes first in `kinds`, if its knot has
    one; else, and among several, at the first member in the workspace's order.
    """
    edges = {
        member.name: tuple(d for d in member.dependencies if d.kind in kinds)
        for member in workspace
    }

    def needs(name: NormalizedName) -> tuple[NormalizedName, ...]:
        return tuple(dict.fromkeys(d.on for d in edges[name]))

    position = {name: place for place, name in enumerate(workspace.names)}
    found = []
    for knot in knots_of(workspace.names, needs):
        if len(knot) > 1:
            inside = [
                (name, edge)
                for name in sorted(knot, key=position.__getitem__)
                for edge in edges[name]
                if edge.on in knot
            ]
            first, dependency = min(inside, key=lambda pair: kinds.index(pair[1].kind))
            back = _way(dependency.on, first, needs)
            found.append(Circle(names=(first, *back[:-1]), dependency=dependency))
    return tuple(found)


def knots_of(
    names: Iterable[NormalizedName], needs: Callable[[NormalizedName], Iterable[NormalizedName]]
) -> tuple[tuple[NormalizedName, ...], ...]:
    """Sets of names that need one another, needed ones first (Kosaraju 1978).

    Walked without recursion: a chain of members may be longer than Python's stack.
    """
    everyone = tuple(names)
    needed_by: dict[NormalizedName, list[NormalizedName]] = {name: [] for name in everyone}
    for name in everyone:
        for needed in needs(name):
            needed_by[needed].append(name)
    placed: set[NormalizedName] = set()
    found = (
        tuple(_finished((name,), needed_by.__getitem__, placed))
        for name in reversed(_finished(everyone, needs, set()))
    )
    return tuple(reversed([knot for knot in found if knot]))


def _finished(
    roots: Iterable[NormalizedName],
    following: Callable[[NormalizedName], Iterable[NormalizedName]],
    seen: set[NormalizedName],
) -> list[NormalizedName]:
    """Names reached from `roots` and not `seen` before, each after all that it leads to."""
    finished = []
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(following(root)))]
        while path:
            name, rest = path[-1]
            if (further := next((n for n in rest if n not in seen), None)) is None:
                finished.append(name)
                path.pop()
            else:
                seen.add(further)
                path.append((further, iter(following(further))))
    return finished


def _way(
    start: NormalizedName,
    end: NormalizedName,
    following: Callable[[NormalizedName], Iterable[NormalizedName]],
) -> tuple[NormalizedName, ...]:
    """The shortest way from `start` to `end`, both included; there is one."""
    ways: deque[tuple[NormalizedName, ...]] = deque([(start,)])
    seen = {start}
    while ways[0][-1] != end:
        way = ways.popleft()
        for name in following(way[-1]):
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ways[0]
