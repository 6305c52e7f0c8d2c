"""Waiting, in an event loop, for a descriptor that has something to tell."""

from __future__ import annotations

import asyncio


async def readable(descriptor: int) -> None:
    """Wait until `descriptor` can be read, or has come to its end; may be cancelled."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    loop.add_reader(descriptor, told.set)
    try:
        await told.wait()
    finally:
        loop.remove_reader(descriptor)
