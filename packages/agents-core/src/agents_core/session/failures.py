"""How often what is foreign may fail in a row before a conversation is given up."""

from __future__ import annotations


class Failures:
    """Counts final failures of each source; a success of it begins anew."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: dict[int, int] = {}

    def failed(self, source: object) -> bool:
        """Count one more of `source`; True where that is one too many."""
        count = self._counts.get(id(source), 0) + 1
        self._counts[id(source)] = count
        return count > self._limit

    def succeeded(self, source: object) -> None:
        """`source` works."""
        self._counts.pop(id(source), None)
