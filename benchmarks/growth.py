"""How cost grows with the number of members: the exponent of the part that is not fixed."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

FIXED_SIZE = 1
"""The size whose cost is taken for the fixed one: one member, one fragment."""
LEAST_SIZE = 100
"""Below it the fixed cost hides the rest."""


def exponent(costs: Mapping[int, float]) -> float | None:
    """The slope of log(cost - fixed cost) over log(size), by least squares.

    1 is linear, 2 quadratic. `costs` is size to seconds; None when it lacks the fixed cost or has
    fewer than three sizes of at least `LEAST_SIZE`.

    >>> round(exponent({1: 0.1, 100: 0.2, 300: 0.4, 1000: 1.1}), 2)
    1.0
    """
    sizes = [size for size in costs if size >= LEAST_SIZE]
    if FIXED_SIZE not in costs or len(sizes) < 3:  # noqa: PLR2004 (two points fit any line)
        return None
    fixed = costs[FIXED_SIZE]
    points = [(log(size), log(max(costs[size] - fixed, 1e-6))) for size in sizes]
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    covariance = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return covariance / sum((x - middle_x) ** 2 for x, _ in points)
