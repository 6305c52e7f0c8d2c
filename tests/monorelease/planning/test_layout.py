from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawings import Graph, arrow, check_sound, drawn_graphs, required_from, undrawn
from monorelease.model.workspace import DependencyKind
from monorelease.planning.arrows import Arrow
from monorelease.planning.layout import Layout, lay_out
from values import named

MANY = 300


def laid(text: str, *arrows: Arrow) -> Layout:
    return lay_out([named(name) for name in text.split()], arrows)


def layers(layout: Layout) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(layout.layers)]
    for place in layout.places:
        found[place.layer].append(place.name)
    return found


def test_nobody_is_an_empty_drawing() -> None:
    assert laid("") == Layout(places=(), lines=(), layers=0, length=0)


def test_who_is_required_comes_first_and_others_in_their_order() -> None:
    layout = laid("b a core", arrow("core", "a"), arrow("core", "b"))

    assert layers(layout) == [["core"], ["b", "a"]]
    assert layout.places[0].row == layout.length // 2


def test_a_cause_orders_like_a_requirement_where_nothing_else_does() -> None:
    tie = arrow("core", "app", is_cause=True, requires=False)

    assert layers(laid("app core", tie)) == [["core"], ["app"]]


def test_a_cause_that_leads_against_a_requirement_leads_back() -> None:
    tie = arrow("plugin", "core", is_cause=True, requires=False)

    layout = laid("core plugin", arrow("core", "plugin"), tie)

    assert layers(layout) == [["core"], ["plugin"]]
    assert [(line.arrow.start, line.is_back) for line in layout.lines] == [
        ("core", False),
        ("plugin", True),
    ]


def test_an_extra_that_closes_a_circle_leads_back() -> None:
    layout = laid(
        "core plugin", arrow("core", "plugin"), arrow("plugin", "core", DependencyKind.EXTRA)
    )

    assert layers(layout) == [["core"], ["plugin"]]


def test_members_that_cannot_do_without_one_another_stand_side_by_side() -> None:
    layout = laid("a b", arrow("a", "b"), arrow("b", "a"))

    assert layers(layout) == [["a", "b"]]
    assert all(line.is_back for line in layout.lines)


def test_a_requirement_that_follows_from_others_is_not_drawn() -> None:
    layout = laid("a b c", arrow("a", "b"), arrow("b", "c"), arrow("a", "c"))

    assert [(line.arrow.start, line.arrow.end) for line in layout.lines] == [("a", "b"), ("b", "c")]


def test_a_requirement_that_is_a_cause_is_drawn_around_the_others() -> None:
    long = arrow("a", "c", is_cause=True)

    layout = laid("a b c", arrow("a", "b"), arrow("b", "c"), long)

    (line,) = (line for line in layout.lines if line.arrow == long)
    assert len(line.lanes) == 1


def test_a_way_of_mere_ties_replaces_no_requirement() -> None:
    tie = arrow("a", "b", is_cause=True, requires=False)

    layout = laid("a b c", tie, arrow("b", "c"), arrow("a", "c"))

    assert len(layout.lines) == 3


@pytest.mark.property
@given(graph=drawn_graphs())
def test_every_drawing_is_sound(graph: Graph) -> None:
    names, arrows = graph

    check_sound(lay_out(names, arrows), names, arrows)


@pytest.mark.property
@given(graph=drawn_graphs())
def test_every_cause_is_drawn_and_all_else_follows_from_what_is(graph: Graph) -> None:
    names, arrows = graph
    layout = lay_out(names, arrows)

    for each in undrawn(layout, arrows):
        assert not each.causes
        assert each.end in required_from(layout, each.start)


@pytest.mark.property
@given(graph=drawn_graphs())
def test_without_circles_no_arrow_leads_back(graph: Graph) -> None:
    names, arrows = graph
    onward = [each for each in arrows if names.index(each.start) < names.index(each.end)]

    assert not any(line.is_back for line in lay_out(names, onward).lines)


@pytest.mark.property
@given(graph=drawn_graphs(), data=st.data())
def test_the_order_of_the_arrows_moves_nobody(graph: Graph, data: st.DataObject) -> None:
    names, arrows = graph
    shuffled = data.draw(st.permutations(arrows))

    assert lay_out(names, shuffled).places == lay_out(names, arrows).places


def test_three_hundred_members_are_laid_out() -> None:
    """Each requires a few others, or follows them: sweeps are so many and no more."""
    names = [named(f"m{number}") for number in range(MANY)]
    arrows = [
        arrow(names[start], names[end], is_cause=start % 2 == 0)
        for end in range(1, MANY)
        for start in sorted({end * 7919 // step % end for step in (3, 5, 11, 17)})
    ]

    check_sound(lay_out(names, arrows), names, arrows)


def test_three_hundred_members_in_a_chain_with_one_cause_are_laid_out() -> None:
    names = [named(f"m{number}") for number in range(MANY)]
    chain = [arrow(one, next_) for one, next_ in pairwise(names)]
    ties = [arrow(names[0], name, is_cause=True, requires=False) for name in names[2:]]

    layout = lay_out(names, [*chain, *ties])

    check_sound(layout, names, [*chain, *ties])
    assert layout.layers == MANY
