"""Several ports for one thing: which to ask, and when one that failed may be asked again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from agents_core.errors import APIConnectionError
from agents_core.streams import EventStream, Port

logger = logging.getLogger("agents_core.adapters")

P = TypeVar("P", bound=Port)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityChanged:
    """What an adapter emits as "availability_changed"."""

    port: Port
    available: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Probing:
    """How it is found out whether a port that failed works again."""

    interval: float = 5.0
    """Seconds before the first probe; each later one waits twice as long as the one before."""
    longest_interval: float = 60.0
    timeout: float = 10.0
    """Seconds for one probe."""
    most: int = 20
    """Probes after one failure; then the port is only asked when no other is left."""


class Candidates(Generic[P]):
    """The ports in the order of preference, and what is known of each.

    Those that failed are asked last, and probed in the background until they work.

    Raises:
        ValueError: there is none.
    """

    def __init__(
        self,
        owner: Port,
        ports: Sequence[P],
        probe: Callable[[P], Awaitable[object]],
        *,
        probing: Probing,
    ) -> None:
        if not ports:
            raise ValueError("an adapter of no ports")
        self.ports = tuple(ports)
        self._owner = owner
        self._probe = probe
        self._probing = probing
        self._probes: dict[int, asyncio.Task[None]] = {}
        self._failed: set[int] = set()
        self._closed = False

    @property
    def preferred(self) -> P:
        """The one that would be asked now."""
        return self.in_order()[0]

    def in_order(self) -> tuple[P, ...]:
        """All of them, in the order in which they are to be asked."""
        return tuple(sorted(self.ports, key=self._has_failed))

    def untried(self, failures: Collection[P]) -> P | None:
        """The first of them that is not among `failures`."""
        return next((port for port in self.in_order() if port not in failures), None)

    def is_available(self, port: P) -> bool:
        """Whether it works, as far as is known."""
        return not self._has_failed(port)

    def failed(self, port: P, error: Exception) -> None:
        """Note that `port` failed; probe it."""
        logger.warning("%s failed, and is asked last: %r", port.label, error)
        at = self.ports.index(port)
        if at not in self._failed:
            self._failed.add(at)
            self._say(port, available=False)
        if at not in self._probes and not self._closed:
            self._probes[at] = asyncio.create_task(self._recover(at), name=f"probe {port.label}")

    def worked(self, port: P) -> None:
        """Note that `port` answered."""
        at = self.ports.index(port)
        if at in self._failed:
            self._failed.discard(at)
            self._say(port, available=True)

    async def ask(
        self, open_stream: Callable[[P], EventStream[T]], *, counts: Callable[[T], bool]
    ) -> AsyncGenerator[T]:
        """What the first port answers that answers at all.

        Args:
            open_stream: asks one of them.
            counts: whether an event is one that the user would not want twice; after it, a failure
                is raised instead of asking the next one.

        Raises:
            APIConnectionError: all failed; not to be tried again.
            Exception: one failed in the middle of its answer.
        """
        failures: list[Exception] = []
        for port in self.in_order():
            answered = False
            try:
                async with open_stream(port) as stream:
                    async for event in stream:
                        answered = answered or counts(event)
                        yield event
            except Exception as error:
                self.failed(port, error)
                if answered:
                    raise
                failures.append(error)
            else:
                self.worked(port)
                return
        raise all_failed(failures)

    async def aclose(self) -> None:
        """End all probes, and close the ports."""
        self._closed = True
        probes = tuple(self._probes.values())
        for probe in probes:
            probe.cancel()
        if probes:
            await asyncio.wait(probes, timeout=self._probing.timeout)
        for port in self.ports:
            await port.aclose()

    def _has_failed(self, port: P) -> bool:
        return self.ports.index(port) in self._failed

    def _say(self, port: P, *, available: bool) -> None:
        change = AvailabilityChanged(port=port, available=available)
        self._owner.emit("availability_changed", change)

    async def _recover(self, at: int) -> None:
        port, probing, wait = self.ports[at], self._probing, self._probing.interval
        try:
            for _ in range(probing.most):
                await asyncio.sleep(wait)
                wait = min(2 * wait, probing.longest_interval)
                if at not in self._failed or await self._works(port):
                    self.worked(port)
                    return
        finally:
            del self._probes[at]

    async def _works(self, port: P) -> bool:
        try:
            async with asyncio.timeout(self._probing.timeout):
                await self._probe(port)
        except Exception as error:  # noqa: BLE001 - whatever it is, the port does not work
            logger.debug("%s still fails: %r", port.label, error)
            return False
        return True


class StandIn(Port, Generic[P]):
    """What an adapter of several ports has in common with the others: it is the preferred one."""

    _candidates: Candidates[P]

    @property
    def model(self) -> str:
        """That of the port that would be asked now."""
        return self._candidates.preferred.model

    @property
    def provider(self) -> str:
        """That of the port that would be asked now."""
        return self._candidates.preferred.provider

    def patience(self, timeout: float) -> float | None:  # noqa: ARG002 - each has its own
        """Any time: each of the ports has its own limit."""
        return None

    def prewarm(self) -> None:
        """Make all of them faster."""
        for port in self._candidates.ports:
            port.prewarm()

    async def aclose(self) -> None:
        """End the probes, and close the ports."""
        await self._candidates.aclose()


def all_failed(failures: Sequence[Exception]) -> APIConnectionError:
    """The error that tells of all of `failures`, caused by the last one."""
    reasons = "; ".join(str(failure) for failure in failures)
    error = APIConnectionError(f"all {len(failures)} failed: {reasons}", retryable=False)
    error.__cause__ = failures[-1]
    return error
