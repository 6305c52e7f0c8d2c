"""How the next request to a local vendor is to go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

FaultKind: TypeAlias = Literal["refuse", "cut", "garble", "complain", "stall"]
"""As the methods of `agents_core.testing.vendor.Vendor` are called, which say what each means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One of them, which meets one request."""

    kind: FaultKind
    status: int = 0
    """Of a refusal."""
    retry_after: float | None = None
    """Seconds that a refusal asks to wait."""
    answered: bool = False
    """Whether it is cut after the first part of the answer, and not before."""
    lacking: bool = False
    """Whether the garbled answer is well-formed, and lacks what it needs."""


def retry_header(fault: Fault) -> dict[str, str]:
    """The header in which HTTP asks to wait, which knows whole seconds only."""
    return {} if fault.retry_after is None else {"Retry-After": str(round(fault.retry_after))}
