"""How busy the machine is: an average over its processors, or what the user's function says."""

from __future__ import annotations

import asyncio
import inspect
import logging
import math
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NoReturn

from agents_core.worker.cpu import CpuUse
from agents_core.worker.timings import Timings

_logger = logging.getLogger("agents_core.worker")


class MovingAverage:
    """Of the last `size` values; 0.0 of none.

    Raises:
        ValueError: `size` is below 1.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"no average of {size} values")
        self._values: deque[float] = deque(maxlen=size)

    def add(self, value: float) -> None:
        """Take one more value into account, instead of the oldest where there are too many."""
        self._values.append(value)

    @property
    def value(self) -> float:
        """The mean."""
        return math.fsum(self._values) / max(len(self._values), 1)


class CpuLoad:
    """The share of the processors in use, averaged over the last `size` samples.

    The processors are those this process may use: a container's quota where it has one (control
    groups of version 2), all of the machine else.
    """

    def __init__(self, size: int = 5) -> None:
        self._use = CpuUse()
        self._average = MovingAverage(size)

    def sample(self) -> None:
        """Look at what was used since the last look; takes well below a millisecond."""
        self._average.add(self._use.since_last_time())

    def __call__(self) -> float:
        """The average, from 0 to 1."""
        return self._average.value


class LoadQuestion:
    """Asks a `load_fnc`, which is foreign code: in a thread of its own, and not for ever."""

    def __init__(self, load_fnc: Callable[[], float]) -> None:
        self._ask = load_fnc
        self._asked: asyncio.Future[float] | None = None

    async def answer(self, *, within: float) -> float | None:
        """The load, or None where there is no answer in time, or none that is a load.

        A function that still runs is not called a second time beside itself.
        """
        if self._asked is None:
            self._asked = _in_thread(self._ask)
        answered, _ = await asyncio.wait((self._asked,), timeout=within)
        if not answered:
            _logger.warning("load_fnc has not returned after %.1f s", within)
            return None
        future, self._asked = self._asked, None
        if (error := future.exception()) is not None:
            _logger.warning("load_fnc failed", exc_info=error)
            return None
        return _checked(future.result())


async def watch_load(
    load_fnc: Callable[[], float] | None,
    timings: Timings,
    hear: Callable[[float], None],
) -> NoReturn:
    """Call `hear` with the load every `timings.status` seconds: of the CPUs, or of `load_fnc`."""
    if load_fnc is not None:
        question = LoadQuestion(load_fnc)
        while True:
            await asyncio.sleep(timings.status)
            if (load := await question.answer(within=timings.status)) is not None:
                hear(load)
    samples = max(round(timings.status / timings.sample), 1)
    cpus = CpuLoad(samples)
    while True:
        for _ in range(samples):
            await asyncio.sleep(timings.status / samples)
            cpus.sample()
        hear(cpus())


def bind_load(load_fnc: Callable[..., float], worker: object) -> Callable[[], float]:
    """The function with the worker as its argument, where it takes one."""
    try:
        takes_worker = len(inspect.signature(load_fnc).parameters) > 0
    except (TypeError, ValueError):  # some built-in callables have no signature
        takes_worker = False
    return (lambda: load_fnc(worker)) if takes_worker else load_fnc


def _checked(load: object) -> float | None:
    if isinstance(load, int | float) and math.isfinite(load):
        return max(float(load), 0.0)
    _logger.warning("load_fnc returned no number: %r", load)
    return None


def _in_thread(work: Callable[[], Any]) -> asyncio.Future[Any]:
    """In a daemon thread: one of an executor would be waited for at exit, however long it takes."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def resolve(result: object, error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - whatever it is, somebody waits for it
            failure = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(resolve, result, failure)

    threading.Thread(target=run, name="load_fnc", daemon=True).start()
    return future
