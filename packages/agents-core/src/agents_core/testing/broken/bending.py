"""Streams and events that are changed on the way to their user."""

# ruff: noqa: ANN401 - of every port

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar

from agents_core.streams import EventStream

S = TypeVar("S", bound=EventStream[Any])
T = TypeVar("T")


def bend(stream: S, change: Callable[[Any], Any] = lambda event: event, **members: Any) -> S:
    """The same stream: each event goes through `change`, and it has other `members`."""

    async def step(self: Any) -> Any:
        return change(await kind.__anext__(self))

    kind = type(stream)
    stream.__class__ = type("Bent", (kind,), {"__anext__": step, **members})
    return stream


def closing_once(stream: S) -> S:
    """The same stream, which cannot be closed twice."""
    kind = type(stream)
    closed: list[bool] = []

    async def aclose(self: Any) -> None:
        if closed:
            raise RuntimeError("the stream is closed")
        closed.append(True)
        await kind.aclose(self)

    return bend(stream, aclose=aclose)


async def late(parts: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """The same parts, once the last one is there."""
    for part in [part async for part in parts]:
        yield part


async def changed(parts: AsyncGenerator[Any], change: Callable[[Any], Any]) -> AsyncGenerator[Any]:
    """Each part as `change` makes it; None is left out."""
    async for part in parts:
        other = change(part)
        if other is not None:
            yield other
