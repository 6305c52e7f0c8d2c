from __future__ import annotations

import pytest
from hypothesis import given

from drawings import Graph, arrow, drawn_graphs
from monorelease.planning.arrows import Arrow
from monorelease.planning.rows import LANE, MEMBER, Rows
from values import named


def rows_of(depths: dict[str, int], *arrows: Arrow) -> Rows:
    places = {named(name): depth for name, depth in depths.items()}
    return Rows(list(places), arrows, places)


def middles(rows: Rows) -> tuple[list[dict[str, int]], int]:
    found, length = rows.measured()
    return [{str(name): row for name, row in layer.items()} for layer in found], length


def test_neighbours_are_put_beside_one_another() -> None:
    depths = {"a": 0, "b": 0, "x": 1, "y": 1}
    rows = rows_of(depths, arrow("a", "y"), arrow("b", "x"))

    rows.untangle()

    (first, second), _ = middles(rows)
    assert (first["b"] - first["a"] > 0) == (second["x"] - second["y"] > 0)


def test_where_nothing_crosses_everything_stays() -> None:
    rows = rows_of({"a": 0, "b": 0, "x": 1, "y": 1}, arrow("a", "x"), arrow("b", "y"))
    before = rows.measured()

    rows.untangle()

    assert rows.measured() == before


def test_shorter_layers_are_centred() -> None:
    rows = rows_of({"core": 0, "a": 1, "b": 1, "c": 1})

    (first, second), length = middles(rows)

    assert length == 3 * MEMBER
    assert first["core"] == second["b"] == length // 2


def test_a_long_arrow_takes_a_lane_of_its_own_and_all_from_one_member_share_it() -> None:
    depths = {"core": 0, "a": 1, "x": 2, "y": 2}
    rows = rows_of(depths, arrow("core", "a"), arrow("core", "x"), arrow("core", "y"))

    (_, middle, last), _ = middles(rows)

    assert sorted(middle) == ["a", "core"]
    assert sorted(last) == ["x", "y"]
    assert abs(middle["a"] - middle["core"]) == (MEMBER + LANE) // 2


@pytest.mark.property
@given(graph=drawn_graphs())
def test_untangling_never_tangles(graph: Graph) -> None:
    names, arrows = graph
    depths = {name: place // 3 for place, name in enumerate(names)}
    onward = [each for each in arrows if depths[each.start] < depths[each.end]]
    rows = Rows(names, onward, depths)
    before = rows._crossings()

    rows.untangle()

    assert rows._crossings() <= before
