"""What all ports have in common: a name, two events, a beginning and an end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self, TypeAlias

from agents_core.emitter import Emitter

PortEvent: TypeAlias = Literal["metrics_collected", "error", "availability_changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortError:
    """What a port emits as "error", once for each try that failed."""

    label: str
    """Of the port."""
    error: BaseException
    recoverable: bool
    """Whether it is tried again."""
    timestamp: float = field(default_factory=time.time)
    """Seconds since the epoch."""


class Port(Emitter[PortEvent]):
    """What stands between the framework and a service.

    Emits "metrics_collected" with a value of `agents_core.metrics`, "error" with a `PortError`;
    adapters that fall back emit "availability_changed" too.
    """

    @property
    def label(self) -> str:
        """Its name in logs and metrics: module and class."""
        kind = type(self)
        return f"{kind.__module__}.{kind.__qualname__}"

    @property
    def model(self) -> str:
        """The model that answers, as the provider calls it."""
        return "unknown"

    @property
    def provider(self) -> str:
        """Who runs the model."""
        return "unknown"

    def patience(self, timeout: float) -> float | None:
        """Seconds that one whole request may take for its first part; None for any time.

        Twice `timeout`: once to connect and once to answer, which is what a vendor's own limits are
        about. This is the net under them.
        """
        return 2 * timeout

    def prewarm(self) -> None:
        """Make the first request faster, where that can be done; returns at once."""

    async def aclose(self) -> None:
        """Let go of what outlives a stream, such as a shared connection; again is allowed."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
