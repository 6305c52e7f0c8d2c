from __future__ import annotations

import re

from drawings import arrow
from monorelease.planning.arrows import Arrow
from monorelease.planning.layout import Layout, lay_out
from monorelease.reports.review_drawing import BULGE, Drawing
from reviews import Page
from values import named


def laid(text: str, *arrows: Arrow) -> Layout:
    return lay_out([named(name) for name in text.split()], arrows)


def points(path: str) -> list[tuple[float, float]]:
    """Where the path begins, and where its curves and straight lines end."""
    found: list[tuple[float, float]] = []
    for command, numbers in re.findall(r"([MCHl])([^MCHl]*)", path):
        values = [float(number) for number in numbers.replace("m", " ").split()]
        if command == "H":
            found.append((values[0], found[-1][1]))
        elif command != "l":
            found.append((values[-2], values[-1]))
    return found


def test_a_box_is_as_wide_as_the_longest_name_of_its_layer() -> None:
    layout = laid("core a a-long-name", arrow("core", "a"), arrow("core", "a-long-name"))
    drawing = Drawing(layout)

    frames = [Page(drawing.box(place)[0]).one("rect").attributes for place in layout.places]

    assert float(frames[1]["width"]) == float(frames[2]["width"]) > float(frames[0]["width"])
    assert frames[1]["x"] == frames[2]["x"]
    assert float(frames[0]["x"]) + float(frames[0]["width"]) < float(frames[1]["x"])
    assert float(frames[2]["x"]) + float(frames[2]["width"]) <= drawing.width


def test_an_arrow_leads_from_the_right_of_one_box_to_the_left_of_the_other() -> None:
    layout = laid("core app", arrow("core", "app"))

    begin, end = points(Drawing(layout).path(layout.lines[0]))

    assert begin[0] < end[0]
    assert begin[1] == end[1]


def test_a_long_arrow_passes_between_the_boxes_on_its_way() -> None:
    long = arrow("a", "c", is_cause=True)
    layout = laid("a b c", arrow("a", "b"), arrow("b", "c"), long)
    (line,) = (line for line in layout.lines if line.arrow == long)
    (middle,) = (place for place in layout.places if place.name == "b")
    drawing = Drawing(layout)

    way = points(drawing.path(line))

    box = Page(drawing.box(middle)[0]).one("rect").attributes
    assert len(way) == 4
    assert way[1][1] == way[2][1]
    assert (way[1][0], way[2][0]) == (
        float(box["x"]),
        float(box["x"]) + float(box["width"]),
    )
    assert not float(box["y"]) <= way[1][1] <= float(box["y"]) + float(box["height"])


def test_within_a_layer_an_arrow_bows_out_to_the_right_and_there_is_room_for_it() -> None:
    layout = laid("a b", arrow("a", "b"), arrow("b", "a"))
    drawing = Drawing(layout)

    path = drawing.path(layout.lines[0])

    begin, end = points(path)
    assert abs(begin[0] - end[0]) < 5
    assert begin[1] != end[1]
    assert f"C{begin[0] + BULGE:g} " in path
    assert begin[0] + BULGE <= drawing.width


def test_an_arrow_back_to_an_earlier_layer_leads_to_the_left() -> None:
    tie = arrow("app", "core", is_cause=True, requires=False)
    layout = laid("core app", arrow("core", "app"), tie)
    (line,) = (line for line in layout.lines if line.is_back)

    begin, end = points(Drawing(layout).path(line))

    assert end[0] < begin[0]
