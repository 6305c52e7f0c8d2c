"""How the next request to a local vendor is to go wrong."""

# ruff: noqa: D102 - what a hook promises is written in `Vendor`

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Literal, TypeAlias

from agents_core.testing.vendor import Vendor

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
    """The header that asks to wait: that of HTTP for whole seconds, else one that knows less."""
    if fault.retry_after is None:
        return {}
    if float(fault.retry_after).is_integer():
        return {"Retry-After": str(round(fault.retry_after))}
    return {"Retry-After-Ms": str(round(1000 * fault.retry_after))}


class FaultyVendor(Vendor):
    """Goes wrong as it is told to; each fault meets one request, in the order they were told."""

    def __init__(self) -> None:
        self._faults: deque[Fault] = deque()
        self._released: asyncio.Event | None = None

    def take_fault(self) -> Fault | None:
        """What the request that is here now meets."""
        return self._faults.popleft() if self._faults else None

    def take_refusal(self) -> Fault | None:
        """Likewise, where that is a refusal; any other fault waits."""
        return self.take_fault() if self._faults and self._faults[0].kind == "refuse" else None

    async def unheld(self) -> None:
        """Wait while answers are held."""
        if self._released is not None:
            await self._released.wait()

    def refuse(self, status: int, *, times: int = 1, retry_after: float | None = None) -> None:
        fault = Fault(kind="refuse", status=status, retry_after=retry_after)
        self._faults.extend([fault] * times)

    def cut(self, *, answered: bool, times: int = 1) -> None:
        self._faults.extend([Fault(kind="cut", answered=answered)] * times)

    def garble(self, *, lacking: bool = False, times: int = 1) -> None:
        self._faults.extend([Fault(kind="garble", lacking=lacking)] * times)

    def complain(self, *, times: int = 1) -> None:
        self._faults.extend([Fault(kind="complain")] * times)

    def stall(self, *, times: int = 1) -> None:
        self._faults.extend([Fault(kind="stall")] * times)

    def hold(self) -> None:
        self._released = asyncio.Event()

    def release(self) -> None:
        if self._released is not None:
            self._released.set()
        self._released = None
