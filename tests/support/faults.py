"""What goes wrong with a server of the tests, said as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal

ALWAYS = inf
LOGIN_PAGE = "<!DOCTYPE html><form>Sign in <input name=user><input type=password></form>"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong, with which requests, and how often; all that is not said goes well."""

    on: Literal["upload", "page"]
    number: int | None = None
    """Only the n-th request of its kind, counted from 1; None for any."""
    file: str = ""
    """Only uploads of this file, or pages of this project; empty for any."""
    times: float = 1
    """How often, or `ALWAYS`: mind that clients try again by themselves."""

    status: int = 0
    """The answer, instead of what was asked for; 200 for a page that is none."""
    words: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    """The connection ends in the middle: of the request that uploads, or of the page."""
    lost: bool = False
    """The file is stored, and then the connection ends without an answer."""
    seconds: float = 0.0
    """The answer takes so long."""
    wrong_hash: bool = False
    """The page tells other hashes than those of the files."""
    stale: bool = False
    """The page is what it was before the last uploads; pages that are no older do not count."""


NOTHING = Fault(on="page")


class Faults:
    """The faults of one story, and how much of them is left."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = faults
        self._left = [fault.times for fault in faults]
        self._met: Counter[str] = Counter()

    def meet(self, on: str, file: str, *, has_news: bool = True) -> Fault:
        """What befalls the next request of this kind: the first fault that fits, or `NOTHING`.

        `has_news` says whether the page is not what it was when it was last seen.
        """
        self._met[on] += 1
        for place, fault in enumerate(self._faults):
            if (
                self._left[place] > 0
                and fault.on == on
                and fault.number in {None, self._met[on]}
                and fault.file in {"", file}
                and (has_news or not fault.stale)
            ):
                self._left[place] -= 1
                return fault
        return NOTHING
