"""The order in each layer of a drawing: by barycentres, with lanes for what passes a layer by."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.planning.arrows import Arrow

MEMBER, LANE = 4, 2
"""How many units of a layer's length a member takes, and an arrow that passes by."""

_SWEEPS = 6
"""Each goes through all layers forth and back; more of them change next to nothing."""


class Rows:
    """What stands in each layer, in which order: members, and lanes by who they come from.

    All long arrows from one member share their lanes, so that a name is in a layer once.

    Args:
        names: who is drawn, in the order from which the layers begin.
        arrows: those that lead to a later layer.
        depths: the layer of each name.
    """

    def __init__(
        self,
        names: Sequence[NormalizedName],
        arrows: Sequence[Arrow],
        depths: Mapping[NormalizedName, int],
    ) -> None:
        last = dict(depths)
        for arrow in arrows:
            last[arrow.start] = max(last[arrow.start], depths[arrow.end] - 1)
        count = max(depths.values(), default=-1) + 1
        self._depths = depths
        self._orders = [[n for n in names if depths[n] <= at <= last[n]] for at in range(count)]
        self._above: list[dict[NormalizedName, list[NormalizedName]]] = [{} for _ in range(count)]
        self._below: list[dict[NormalizedName, list[NormalizedName]]] = [{} for _ in range(count)]
        for name in names:
            for at in range(depths[name] + 1, last[name] + 1):
                self._link(at, name, name)
        for arrow in arrows:
            self._link(depths[arrow.end], arrow.start, arrow.end)

    def untangle(self) -> None:
        """Order each layer by where its neighbours stand, and keep the order that crosses least."""
        best, fewest = self._orders, self._crossings()
        for _ in range(_SWEEPS):
            orders = [list(order) for order in self._orders]
            self._orders = orders
            for at in range(1, len(orders)):
                self._arrange(at, orders[at - 1], self._above[at])
            for at in reversed(range(len(orders) - 1)):
                self._arrange(at, orders[at + 1], self._below[at])
            if (crossings := self._crossings()) < fewest:
                best, fewest = orders, crossings
        self._orders = best

    def measured(self) -> tuple[tuple[Mapping[NormalizedName, int], ...], int]:
        """The middle of everything in each layer, all layers centred; and the longest's length."""
        sizes = [
            [MEMBER if self._depths[name] == at else LANE for name in order]
            for at, order in enumerate(self._orders)
        ]
        length = max(map(sum, sizes), default=0)
        found = []
        for order, own in zip(self._orders, sizes, strict=True):
            begin, middles = (length - sum(own)) // 2, {}
            for name, size in zip(order, own, strict=True):
                middles[name] = begin + size // 2
                begin += size
            found.append(middles)
        return tuple(found), length

    def _link(self, at: int, start: NormalizedName, end: NormalizedName) -> None:
        """From the layer before `at` to that one."""
        self._above[at].setdefault(end, []).append(start)
        self._below[at - 1].setdefault(start, []).append(end)

    def _arrange(
        self,
        at: int,
        others: Sequence[NormalizedName],
        neighbours: Mapping[NormalizedName, Sequence[NormalizedName]],
    ) -> None:
        there, here = _centred(others), _centred(self._orders[at])

        def barycentre(name: NormalizedName) -> float:
            places = [there[other] for other in neighbours.get(name, ())]
            return sum(places) / len(places) if places else here[name]

        self._orders[at].sort(key=barycentre)

    def _crossings(self) -> int:
        """How many pairs of links cross, between neighbouring layers."""
        count = 0
        for order, following, links in zip(
            self._orders, self._orders[1:], self._below, strict=False
        ):
            place = {name: at for at, name in enumerate(following)}
            seen: list[int] = []
            for name in order:
                ends = sorted(place[end] for end in links.get(name, ()))
                count += sum(len(seen) - bisect_right(seen, end) for end in ends)
                for end in ends:
                    insort(seen, end)
        return count


def _centred(order: Sequence[NormalizedName]) -> dict[NormalizedName, int]:
    """Where each stands, from the middle of its layer: layers of all lengths compare so."""
    return {name: 2 * at - len(order) + 1 for at, name in enumerate(order)}
