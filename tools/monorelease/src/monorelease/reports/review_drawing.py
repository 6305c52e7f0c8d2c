"""A layout in pixels: layers become columns, since names are long and low."""

from __future__ import annotations

from monorelease.planning.layout import Layout, Line, Place
from monorelease.reports.review_markup import Html, element, text

BULGE = 30
"""Pixels by which an arrow within a layer leaves it."""

_LETTER, _BESIDE, _GAP, _MARGIN = 7.25, 36, 56, 6
"""Pixels: a letter of the labels, what a box has beside them, between layers, around all."""
_UNIT, _HALF = 8, 13
"""Pixels: a unit of rows, and half of a box's height."""


class Drawing:
    """Boxes and arrows of a layout as parts of an SVG picture."""

    def __init__(self, layout: Layout) -> None:
        self._places = {place.name: place for place in layout.places}
        self._widths = [0.0] * layout.layers
        for place in layout.places:
            wanted = len(place.name) * _LETTER + _BESIDE
            self._widths[place.layer] = max(self._widths[place.layer], wanted)
        bulge = BULGE if any(line.is_back for line in layout.lines) else 0
        self.width = self._left(layout.layers) - _GAP + bulge + _MARGIN
        """In pixels."""
        self.height = layout.length * _UNIT + 2.0 * _MARGIN
        """In pixels."""

    def box(self, place: Place) -> tuple[Html, ...]:
        """A frame as wide as its layer, a dot in it, and the name."""
        x, y = self._left(place.layer), _y(place.row)
        frame = element(
            "rect",
            x=_px(x),
            y=_px(y - _HALF),
            width=_px(self._widths[place.layer]),
            height=2 * _HALF,
            rx=6,
        )
        dot = element("circle", cx=_px(x + 13), cy=_px(y), r=4)
        label = element("text", text(place.name), x=_px(x + 25), y=_px(y + 4))
        return frame, dot, label

    def path(self, line: Line) -> str:
        """From the right of one box to the left of the other, through the lanes between them."""
        start, end = self._places[line.arrow.start], self._places[line.arrow.end]
        if line.is_back:
            return self._way_back(start, end)
        x, y = self._right(start.layer), _y(start.row)
        path = _point("M", x, y)
        for layer, row in enumerate(line.lanes, start.layer + 1):
            path += _curve(x, y, self._left(layer), _y(row)) + f"H{_px(self._right(layer))}"
            x, y = self._right(layer), _y(row)
        return f"{path}{_curve(x, y, self._left(end.layer) - 2, _y(end.row))}l-6 -4m6 4l-6 4"

    def _way_back(self, start: Place, end: Place) -> str:
        """Around the right side within a layer; else straight from the left side."""
        tip, to, y = self._right(end.layer) + 2, _y(end.row), _y(start.row)
        if start.layer > end.layer:
            x = self._left(start.layer)
            return f"{_point('M', x, y)}{_curve(x, y, tip, to)}l6 -4m-6 4l6 4"
        x, far = self._right(start.layer), self._right(start.layer) + BULGE
        bow = f"C{_px(far)} {_px(y)} {_px(far)} {_px(to)} {_px(tip)} {_px(to)}"
        return f"{_point('M', x, y)}{bow}l6 -4m-6 4l6 4"

    def _left(self, layer: int) -> float:
        return _MARGIN + sum(self._widths[:layer]) + _GAP * layer

    def _right(self, layer: int) -> float:
        return self._left(layer) + self._widths[layer]


def _y(row: int) -> float:
    return _MARGIN + row * _UNIT


def _px(number: float) -> str:
    return f"{number:g}"


def _point(command: str, x: float, y: float) -> str:
    return f"{command}{_px(x)} {_px(y)}"


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    """It leaves and arrives level."""
    middle = _px((x + to_x) / 2)
    return f"C{middle} {_px(y)} {middle} {_px(to_y)} {_px(to_x)} {_px(to_y)}"
