"""The work behind one stream: one task that tries until an answer is whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial
from typing import Any, Generic, TypeVar

from agents_core.errors import APIConnectionError, APIError, APITimeoutError
from agents_core.retry import APIConnectOptions, wait_before_retry
from agents_core.streams.failures import blamed, final
from agents_core.streams.inlet import Inlet
from agents_core.streams.outlet import Outlet
from agents_core.streams.port import Port, PortError
from agents_core.streams.reading import Reading

logger = logging.getLogger("agents_core.streams")

P = TypeVar("P")
T = TypeVar("T")


class Run(Generic[P, T]):
    """Drives generators of a vendor, one for each try, and reads their parts into the outlet.

    Generator and reading live in one task, so that task groups and time limits inside a generator
    work across its `yield`s. It starts at once; make it in a running event loop.
    """

    def __init__(  # noqa: PLR0913 - the facts of a stream; each port gives those it has
        self,
        port: Port,
        reading: Reading[P, T],
        parts: Callable[[], AsyncGenerator[P]],
        *,
        options: APIConnectOptions,
        inlet: Inlet[Any] | None = None,
        capacity: int | None = None,
        first_within: float | None = None,
        on_input: bool = False,
    ) -> None:
        """Start it.

        Args:
            port: whose stream it is; it emits "error".
            reading: what makes events of parts.
            parts: makes the generator of one try.
            options: when to try again.
            inlet: what the generator reads, where the stream has an input.
            capacity: how many events may wait for the user before the generator does.
            first_within: seconds for the first part of a try.
            on_input: whether nothing is asked for before there is something to read.
        """
        self.inlet = inlet
        self.outlet: Outlet[T] = Outlet(capacity)
        self._port = port
        self._reading = reading
        self._parts = parts
        self._options = options
        self._first_within = first_within
        self._on_input = on_input
        self._stopped = False
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._work(), name=f"stream of {port.label}")
        self._task.add_done_callback(self._settle)

    @property
    def done(self) -> bool:
        """Whether the task has ended, and its generator with it."""
        return self._task.done()

    def stop(self) -> None:
        """Have it end at once."""
        # Only once: a second cancel would cut short the clean-up that the first one began.
        if self._stopped:
            return
        self._stopped = True
        self.outlet.discard()
        if self.inlet is not None:
            self.inlet.clear()
        self._task.cancel()

    def drop(self) -> None:
        """Likewise, from any thread, when nobody is left to wait for it."""
        if not self.done and not self._loop.is_closed():
            logger.warning("a stream of %s was dropped without aclose()", self._port.label)
            self._loop.call_soon_threadsafe(self.stop)

    async def ended(self, *, within: float) -> None:
        """Wait until the task is over, `within` seconds at most; then leave it behind, by name."""
        if self._task is asyncio.current_task():
            return  # closed from inside: it ends when its caller returns
        _, late = await asyncio.wait({self._task}, timeout=within)
        if late:
            logger.warning("%s: its generator refuses to end, and is left behind", self._port.label)

    async def _work(self) -> None:
        error: Exception | None = None
        cancelled = False
        try:
            await self._answer()
        except asyncio.CancelledError:
            cancelled = True
            raise
        except Exception as failure:
            error = failure
            raise
        finally:
            self._reading.over(error=error, cancelled=cancelled)

    async def _answer(self) -> None:
        if self._on_input and self.inlet is not None and not await self.inlet.ready():
            return
        failed = 0
        while (failure := await self._try()) is not None:
            if self._is_answered_already(failure):
                logger.debug("%s: failed after the last answer: %s", self._port.label, failure)
                return
            failed = 1 if self._reading.progressed else failed + 1
            await self._wait_or_raise(failure, failed)
            if self.inlet is not None:
                self.inlet.rewind()

    def _is_answered_already(self, failure: Exception) -> bool:
        """Whether another try would have nothing to answer: only the goodbye is missing."""
        inlet = self.inlet
        passing = isinstance(failure, APIError) and failure.retryable
        return passing and inlet is not None and inlet.exhausted and not inlet.behind

    async def _try(self) -> Exception | None:
        """What the try failed with; None where the answer is whole."""
        self._reading.begin()
        failure: Exception | None = None
        try:
            await self._pump(self._parts())
            self._check_input()
            for event in self._reading.end():
                self.outlet.put(event)
        except asyncio.CancelledError:
            failure = APIConnectionError("the answer was cancelled from inside")
        except Exception as error:
            failure = blamed(error)
            if _cancelled():
                label = self._port.label
                logger.warning("%s: a generator failed while closing", label, exc_info=failure)
        if _cancelled():
            raise asyncio.CancelledError  # also where the generator kept it to itself
        return failure

    async def _pump(self, parts: AsyncGenerator[P]) -> None:
        step: Callable[[], Awaitable[P]] = partial(self._first, parts)
        try:
            while True:
                try:
                    part = await step()
                except StopAsyncIteration:
                    return
                if self._stopped:
                    raise asyncio.CancelledError  # the generator kept it to itself
                step = parts.__anext__
                for event in self._reading.read(part):
                    self.outlet.put(event)
                try:
                    await self.outlet.room()
                except asyncio.CancelledError as cancelled:
                    # Ours, or of a task group or time limit around the `yield`: in both cases the
                    # generator has to hear it, as it would if it had been waiting itself.
                    step = partial(parts.athrow, cancelled)
        finally:
            await _end(parts)

    async def _first(self, parts: AsyncGenerator[P]) -> P:
        limit = asyncio.timeout(self._first_within)
        try:
            async with limit:
                return await anext(parts)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise APITimeoutError(f"no answer within {self._first_within:g} s") from error

    def _check_input(self) -> None:
        if self.inlet is not None and not self.inlet.exhausted:
            raise APIConnectionError("the connection ended before the input did")

    async def _wait_or_raise(self, error: Exception, failed: int) -> None:
        label = self._port.label
        answered = self._reading.answered
        wait = wait_before_retry(error, attempt=failed, options=self._options, answered=answered)
        again = wait is not None
        self._port.emit("error", PortError(label=label, error=error, recoverable=again))
        if wait is None:
            raise final(error, label, failed)
        logger.warning("%s: try %d failed, the next in %g s: %s", label, failed, wait, error)
        await asyncio.sleep(wait)

    def _settle(self, task: asyncio.Task[None]) -> None:
        self.outlet.close(None if task.cancelled() else task.exception())
        if self.inlet is not None:
            self.inlet.clear()


def _cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _end(parts: AsyncGenerator[object]) -> None:
    """End a generator that is not at its end, clean-up included.

    By a cancellation first: a task group around a `yield` turns `GeneratorExit` into an error.
    """
    try:
        await parts.athrow(asyncio.CancelledError())
        await parts.aclose()
    except (asyncio.CancelledError, StopAsyncIteration):
        if _cancelled():
            raise
    except Exception:
        logger.warning("a generator failed while closing", exc_info=True)
