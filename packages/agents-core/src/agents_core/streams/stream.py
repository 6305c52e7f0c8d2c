"""The user's side of a stream."""

from __future__ import annotations

import logging
import weakref
from types import TracebackType
from typing import Any, ClassVar, Generic, Self, TypeVar

from agents_core.streams.inlet import FLUSH, Flush, Inlet
from agents_core.streams.run import Run

logger = logging.getLogger("agents_core.streams")

T = TypeVar("T")
V = TypeVar("V")


class EventStream(Generic[T]):
    """An asynchronous iterator over what a service answers, to be closed.

    - Cancelling who iterates loses no event: iterate again. Several may iterate; each event goes to
      one of them.
    - An error is raised after the events that came before it, and again by every further step.
    - `aclose` ends the stream at once: what waits is dropped, who iterates is at the end, and when
      it returns the vendor's generator has run its clean-up. `async with` does the same. A
      generator that refuses to end is left behind after `close_timeout`, with a warning.
    - A stream that is dropped without `aclose` is closed when it is collected, with a warning; do
      not rely on it.
    """

    close_timeout: ClassVar[float] = 2.0
    """Seconds that `aclose` waits for a generator's clean-up."""

    def __init__(self, run: Run[Any, T]) -> None:
        self._run = run
        # The task must not keep its user's stream alive: it knows the run alone.
        weakref.finalize(self, run.drop).atexit = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        return await self._run.outlet.get()

    async def aclose(self) -> None:
        """End it now; from any task, several times and at the same time."""
        self._run.stop()
        await self._run.ended(within=self.close_timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class InputStream(EventStream[T], Generic[V, T]):
    """A stream that is fed while it answers.

    What is pushed after `end_input` or `aclose`, or once the stream has failed, is dropped with a
    debug log: who feeds cannot know in time. `end_input` may be called again.
    """

    def __init__(self, run: Run[Any, T], inlet: Inlet[V | Flush]) -> None:
        super().__init__(run)
        self._inlet = inlet
        self._open = False

    def flush(self) -> None:
        """Say that what was pushed so far is whole; nothing where there is nothing new."""
        if self._open:
            self._open = False
            self._inlet.send(FLUSH)

    def end_input(self) -> None:
        """Say that nothing more comes: flush, and let the stream end after its last answer."""
        self.flush()
        self._inlet.close()

    def _push(self, value: V) -> None:
        if self._inlet.send(value):
            self._open = True
        else:
            logger.debug("%s: dropped what was pushed after the end", type(self).__name__)
