"""How long to wait before connecting again: exponential, bounded, and never in step with others."""

from __future__ import annotations

_DOUBLINGS = 32
"""After which nobody's bound is left to reach; 2.0 ** failures would overflow one day."""


def longest_wait(failures: int, *, first: float, longest: float) -> float:
    """The bound of the wait after so many failures in a row, in seconds.

    >>> [longest_wait(failures, first=0.5, longest=10.0) for failures in (1, 2, 3, 9)]
    [0.5, 1.0, 2.0, 10.0]
    """
    doublings = min(max(failures - 1, 0), _DOUBLINGS)
    return float(min(longest, first * 2.0**doublings))


def wait_before_connecting(failures: int, *, first: float, longest: float, luck: float) -> float:
    """Seconds to wait: `luck`, drawn from 0 to 1, of the bound.

    All of the bound is left to chance ("full jitter"), so that the workers of a server that was
    restarted do not come back all at once.
    """
    return luck * longest_wait(failures, first=first, longest=longest)
