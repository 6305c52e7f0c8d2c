"""Waves of members: who is in one needs only earlier waves, or stands in a circle with its like."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.graph import knots_of

Needs = Mapping[NormalizedName, Collection[NormalizedName]]
"""For every name of some: which others of them it needs."""

NeedsAmong = Callable[[Collection[NormalizedName]], Needs]
"""Who needs whom among the names that are given."""

TO_INSTALL = frozenset({DependencyKind.RUNTIME, DependencyKind.BUILD})
"""What must be on an index before a wheel, or a source distribution, can be installed."""

TO_OFFER = TO_INSTALL | {DependencyKind.EXTRA}
"""The same with all its extras: what is published."""


def waves(
    workspace: Workspace, names: Iterable[NormalizedName]
) -> tuple[tuple[NormalizedName, ...], ...]:
    """These members in waves of publication, each wave in the workspace's order.

    A circle that only extras close (``core[all]``) is no reason to publish plugins beside what
    they cannot do without: inside it, extras have no say. Any other circle is one wave.
    """
    stages = [_among(workspace, kinds) for kinds in (TO_OFFER, TO_INSTALL)]
    return in_waves(workspace, layers(tuple(names), stages))


def publication_order(
    workspace: Workspace, names: Iterable[NormalizedName]
) -> tuple[NormalizedName, ...]:
    """These members, one wave after the other."""
    return tuple(name for wave in waves(workspace, names) for name in wave)


def needs_among(
    workspace: Workspace, names: Collection[NormalizedName], kinds: Collection[DependencyKind]
) -> Needs:
    """Which of the others each of `names` requires, itself or by way of members left out.

    Requirements on what is not in the workspace are passed over: it may be a part of another.
    """
    among = frozenset(names)
    required = {m.name: [d.on for d in m.dependencies if d.kind in kinds] for m in workspace}

    def needs(name: NormalizedName) -> tuple[NormalizedName, ...]:
        found: list[NormalizedName] = []
        ahead, seen = [name], {name}
        while ahead:
            for on in required.get(ahead.pop(), ()):
                if on not in seen:
                    seen.add(on)
                    (found if on in among else ahead).append(on)
        return tuple(found)

    return {name: needs(name) for name in names}


def layers(
    names: Collection[NormalizedName], stages: Sequence[NeedsAmong], first: int = 0
) -> dict[NormalizedName, int]:
    """How many layers lie below each of `names`, counted from `first`.

    A circle of the first of `stages` is laid out by the next one, and so on; a circle of the
    last one is one layer. What needs a member of a circle lies above the whole of it.
    """
    needs = stages[0](names)
    places: dict[NormalizedName, int] = {}
    above: dict[NormalizedName, int] = {}
    for knot in knots_of(names, needs.__getitem__):
        inside = frozenset(knot)
        below = (above[on] for name in knot for on in needs[name] if on not in inside)
        start = max(below, default=first)
        laid = dict.fromkeys(knot, start)
        if len(knot) > 1 and len(stages) > 1:
            laid = layers(knot, stages[1:], start)
        places |= laid
        above |= dict.fromkeys(knot, max(laid.values()) + 1)
    return places


def in_waves(
    workspace: Workspace, places: Mapping[NormalizedName, int]
) -> tuple[tuple[NormalizedName, ...], ...]:
    """The members of each layer, in the workspace's order."""
    found: dict[int, list[NormalizedName]] = {}
    for name in workspace.names:
        if name in places:
            found.setdefault(places[name], []).append(name)
    return tuple(tuple(found[place]) for place in sorted(found))


def _among(workspace: Workspace, kinds: Collection[DependencyKind]) -> NeedsAmong:
    return lambda names: needs_among(workspace, names, kinds)
