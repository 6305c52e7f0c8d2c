"""Where members stand in a drawing of a release, and which way the arrows between them take.

Sugiyama's steps (1981): layers, what needs not be drawn, the order in each layer, coordinates.
They are whole numbers, so that a drawing is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.value import value
from monorelease.planning.arrows import Arrow
from monorelease.planning.rows import Rows
from monorelease.planning.waves import TO_INSTALL, NeedsAmong, layers


@value
class Place:
    """Where a member stands."""

    name: NormalizedName
    layer: int
    row: int
    """Units from the beginning of the layers to the middle of the member."""


@value
class Line:
    """An arrow as it is drawn."""

    arrow: Arrow
    lanes: tuple[int, ...] = ()
    """The rows at which it passes the layers between its ends."""
    is_back: bool = False
    """Whether it does not lead to a later layer: it closes a circle."""


@value
class Layout:
    """A whole drawing, in units; layers and rows are counted from 0."""

    places: tuple[Place, ...]
    """By layers, and by rows within them."""
    lines: tuple[Line, ...]
    layers: int
    length: int
    """Of the longest layer."""


def lay_out(names: Sequence[NormalizedName], arrows: Iterable[Arrow]) -> Layout:
    """A drawing in which every arrow leads to a later layer, except those that close circles.

    A requirement that follows from others, and causes nothing, is not drawn.

    Args:
        names: who is drawn; their order decides where nothing else does.
        arrows: between them, at most one from one member to another.
    """
    given = tuple(arrows)
    depths = layers(names, [_needs(given, counts) for counts in (_any, _required, _needed)])
    drawn = _without_detours(given, depths)
    rows = Rows(names, [a for a in drawn if _is_forward(a, depths)], depths)
    rows.untangle()
    middles, length = rows.measured()
    places = (
        Place(name=name, layer=layer, row=row)
        for layer, rows_of in enumerate(middles)
        for name, row in rows_of.items()
        if depths[name] == layer
    )
    return Layout(
        places=tuple(places),
        lines=tuple(_line(arrow, depths, middles) for arrow in drawn),
        layers=len(middles),
        length=length,
    )


def _any(arrow: Arrow) -> bool:  # noqa: ARG001 - the widest of three questions
    return True


def _required(arrow: Arrow) -> bool:
    return bool(arrow.kinds)


def _needed(arrow: Arrow) -> bool:
    return not arrow.kinds.isdisjoint(TO_INSTALL)


def _needs(arrows: Sequence[Arrow], counts: Callable[[Arrow], bool]) -> NeedsAmong:
    starts: dict[NormalizedName, list[NormalizedName]] = {}
    for arrow in arrows:
        if counts(arrow):
            starts.setdefault(arrow.end, []).append(arrow.start)

    def among(names: Collection[NormalizedName]) -> dict[NormalizedName, list[NormalizedName]]:
        inside = frozenset(names)
        return {name: [s for s in starts.get(name, ()) if s in inside] for name in names}

    return among


def _is_forward(arrow: Arrow, depths: Mapping[NormalizedName, int]) -> bool:
    return depths[arrow.start] < depths[arrow.end]


def _without_detours(
    arrows: Sequence[Arrow], depths: Mapping[NormalizedName, int]
) -> tuple[Arrow, ...]:
    """The arrows without requirements that lead where a way of several requirements leads too."""
    bits = {name: 1 << place for place, name in enumerate(depths)}
    following: dict[NormalizedName, list[NormalizedName]] = {name: [] for name in depths}
    for arrow in arrows:
        if arrow.kinds and _is_forward(arrow, depths):
            following[arrow.start].append(arrow.end)
    beyond: dict[NormalizedName, int] = {}
    for name in sorted(depths, key=depths.__getitem__, reverse=True):
        beyond[name] = 0
        for end in following[name]:
            beyond[name] |= bits[end] | beyond[end]

    def is_detour(arrow: Arrow) -> bool:
        ways = following[arrow.start] if _is_forward(arrow, depths) else ()
        return not arrow.causes and any(beyond[name] & bits[arrow.end] for name in ways)

    return tuple(arrow for arrow in arrows if not is_detour(arrow))


def _line(
    arrow: Arrow,
    depths: Mapping[NormalizedName, int],
    middles: Sequence[Mapping[NormalizedName, int]],
) -> Line:
    between = range(depths[arrow.start] + 1, depths[arrow.end])
    return Line(
        arrow=arrow,
        lanes=tuple(middles[layer][arrow.start] for layer in between),
        is_back=not _is_forward(arrow, depths),
    )
