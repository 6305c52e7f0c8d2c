"""Graphs to be drawn, as hypothesis draws them, and what makes a drawing sound."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import strategies as st
from packaging.utils import NormalizedName

from monorelease.model.plan import GroupKind, TiedTo
from monorelease.model.workspace import DependencyKind
from monorelease.planning.arrows import Arrow
from monorelease.planning.layout import Layout
from monorelease.planning.rows import LANE, MEMBER
from values import named

PUBLISHED = (DependencyKind.RUNTIME, DependencyKind.EXTRA, DependencyKind.BUILD)

Graph = tuple[tuple[NormalizedName, ...], tuple[Arrow, ...]]


def arrow(
    start: str, end: str, *kinds: DependencyKind, is_cause: bool = False, requires: bool = True
) -> Arrow:
    """From one member to another that requires it; at run time, if nothing else is said."""
    tie = TiedTo(kind=GroupKind.FIXED, partner=named(start))
    return Arrow(
        start=named(start),
        end=named(end),
        kinds=frozenset(kinds or (DependencyKind.RUNTIME,)) if requires else frozenset(),
        causes=(tie,) if is_cause else (),
    )


@st.composite
def drawn_graphs(draw: st.DrawFn, most: int = 12) -> Graph:
    """Members, and arrows of all kinds between any of them, circles among them."""
    names = tuple(named(f"m{number}") for number in range(draw(st.integers(0, most))))
    pairs = [(start, end) for start in names for end in names if start != end]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=30)) if pairs else []
    arrows = []
    for start, end in chosen:
        kinds = draw(st.sets(st.sampled_from(PUBLISHED), max_size=2))
        is_cause = draw(st.booleans()) or not kinds
        arrows.append(arrow(start, end, *sorted(kinds), is_cause=is_cause, requires=bool(kinds)))
    return names, tuple(arrows)


def check_sound(layout: Layout, names: Sequence[NormalizedName], arrows: Sequence[Arrow]) -> None:
    """Everybody is there, nothing overlaps, arrows lead on, and none is lost without a way."""
    places = {place.name: place for place in layout.places}
    assert sorted(place.name for place in layout.places) == sorted(names)
    assert {line.arrow for line in layout.lines} <= set(arrows)
    boxes: dict[int, dict[tuple[str, str], tuple[int, int]]] = {}
    for place in layout.places:
        assert 0 <= place.layer < layout.layers
        boxes.setdefault(place.layer, {})["member", place.name] = (place.row, MEMBER)
    for line in layout.lines:
        start, end = places[line.arrow.start], places[line.arrow.end]
        assert line.is_back == (start.layer >= end.layer)
        assert len(line.lanes) == (0 if line.is_back else end.layer - start.layer - 1)
        for layer, row in enumerate(line.lanes, start.layer + 1):
            lane = boxes.setdefault(layer, {}).setdefault(("lane", start.name), (row, LANE))
            assert lane == (row, LANE)
    for standing in boxes.values():
        spans = sorted((row - size // 2, row + size // 2) for row, size in standing.values())
        assert all(0 <= begin < end <= layout.length for begin, end in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))


def undrawn(layout: Layout, arrows: Sequence[Arrow]) -> list[Arrow]:
    """Arrows that the drawing leaves out."""
    drawn = {line.arrow for line in layout.lines}
    return [each for each in arrows if each not in drawn]


def required_from(layout: Layout, start: str) -> set[NormalizedName]:
    """Everybody to whom a way of requirements leads that are drawn, and lead on."""
    found: set[NormalizedName] = set()
    ahead = [named(start)]
    while ahead:
        at = ahead.pop()
        for line in layout.lines:
            end = line.arrow.end
            if line.arrow.start == at and line.arrow.kinds and not line.is_back:
                ahead += [end] * (end not in found)
                found.add(end)
    return found
