"""Who wants to know what happens, and is told."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

logger = logging.getLogger("agents_core.emitter")

E = TypeVar("E", bound=str)
_Callback = TypeVar("_Callback", bound=Callable[..., Any])


class Emitter(Generic[E]):
    """Calls whoever asked for it, in the order of asking, with what happened.

    `E` is a `Literal` of the names of the events. A callback that raises is logged and the others
    are called all the same: who emits is never hurt by who listens.
    """

    def __init__(self) -> None:
        self.__listeners: dict[str, list[_Listener]] = {}

    @overload
    def on(self, event: E) -> Callable[[_Callback], _Callback]: ...
    @overload
    def on(self, event: E, callback: _Callback) -> _Callback: ...
    def on(self, event: E, callback: _Callback | None = None) -> Any:
        """Have `callback` called at every `event`; without one, a decorator.

        Raises:
            ValueError: the callback is a coroutine function: nobody would await it.
        """
        if callback is None:
            return lambda decorated: self.__subscribe(event, decorated, once=False)
        return self.__subscribe(event, callback, once=False)

    @overload
    def once(self, event: E) -> Callable[[_Callback], _Callback]: ...
    @overload
    def once(self, event: E, callback: _Callback) -> _Callback: ...
    def once(self, event: E, callback: _Callback | None = None) -> Any:
        """Have `callback` called at the next `event` only; without one, a decorator.

        Raises:
            ValueError: the callback is a coroutine function: nobody would await it.
        """
        if callback is None:
            return lambda decorated: self.__subscribe(event, decorated, once=True)
        return self.__subscribe(event, callback, once=True)

    def off(self, event: E, callback: Callable[..., Any]) -> None:
        """Call `callback` at `event` no more; nothing happens where it was not called anyway."""
        left = [heard for heard in self.__listeners.get(event, ()) if heard.callback != callback]
        self.__listeners[event] = left

    def emit(self, event: E, *args: object) -> None:
        """Call everyone who listens to `event`.

        A callback is called with as many of `args` as it takes, so that one without parameters may
        listen to anything.
        """
        for heard in tuple(self.__listeners.get(event, ())):
            if heard.once:
                self.off(event, heard.callback)
            try:
                heard.callback(*args[: heard.takes])
            except Exception:
                name = getattr(heard.callback, "__qualname__", repr(heard.callback))
                logger.exception("%s failed at %s", name, event)

    def __subscribe(self, event: str, callback: _Callback, *, once: bool) -> _Callback:
        if inspect.iscoroutinefunction(callback):
            raise ValueError(
                f"{callback.__qualname__} is a coroutine function, which nobody would await:"
                " listen with a plain function that calls asyncio.create_task"
            )
        listeners = self.__listeners.setdefault(event, [])
        listeners.append(_Listener(callback, once=once))
        return callback


class _Listener:
    __slots__ = ("callback", "once", "takes")

    def __init__(self, callback: Callable[..., Any], *, once: bool) -> None:
        self.callback = callback
        self.once = once
        self.takes = _positional(callback)


def _positional(callback: Callable[..., Any]) -> int | None:
    """How many arguments it takes by position; None for any number."""
    try:
        parameters = inspect.signature(callback).parameters.values()
    except (TypeError, ValueError):  # some built-in callables have no signature
        return None
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return None
    return sum(
        parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        for parameter in parameters
    )
