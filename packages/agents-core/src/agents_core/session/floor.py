"""Who has the floor: runs the state machine of turns on the loop's clock."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from agents_core.turns import State, TurnOptions, step
from agents_core.turns import events as on
from agents_core.turns.effects import CancelTimer, Effect, StartTimer

logger = logging.getLogger("agents_core.session.floor")


class Floor:
    """Hands what happens to the machine, runs its timers, and has its effects performed.

    Everything is called in the loop's thread. An effect that makes something happen is finished
    first: events are taken one at a time, in order.
    """

    def __init__(self, options: TurnOptions, perform: Callable[[Effect], None]) -> None:
        self.state = State(options=options)
        self._perform = perform
        self._loop = asyncio.get_running_loop()
        self._events: deque[on.Event] = deque()
        self._busy = False
        self._timers: dict[on.Timer, asyncio.TimerHandle] = {}

    @property
    def now(self) -> float:
        """Seconds, on the clock of the events."""
        return self._loop.time()

    def feed(self, event: on.Event) -> None:
        """Let `event` happen."""
        self._events.append(event)
        if self._busy:
            return
        self._busy = True
        try:
            while self._events:
                self.state, effects = step(self.state, self._events.popleft())
                for effect in effects:
                    self._do(effect)
        finally:
            self._busy = False

    def _do(self, effect: Effect) -> None:
        match effect:
            case StartTimer(timer=timer, due=due):
                self._cancel(timer)
                self._timers[timer] = self._loop.call_at(due, self._fire, timer, due)
            case CancelTimer(timer=timer):
                self._cancel(timer)
            case _:
                self._try(effect)

    def _try(self, effect: Effect) -> None:
        try:
            self._perform(effect)
        except Exception:  # an output that is gone must not cost the other effects
            logger.exception("%s could not be done", type(effect).__name__)

    def _cancel(self, timer: on.Timer) -> None:
        if running := self._timers.pop(timer, None):
            running.cancel()

    def _fire(self, timer: on.Timer, due: float) -> None:
        del self._timers[timer]
        # A loop's clock is coarse: a timer may fire a little before it is due.
        self.feed(on.TimerFired(at=max(due, self.now), timer=timer))
