"""A descriptor that is waited for."""

from __future__ import annotations

import asyncio
import os

import pytest

from agents_core.jobs.descriptors import readable


def test_what_is_written_and_the_end_of_it_are_both_waited_for() -> None:
    read, write = os.pipe()

    async def story() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(readable(read), 0.05)
        asyncio.get_running_loop().call_later(0.05, os.write, write, b"x")
        await asyncio.wait_for(readable(read), 10)
        assert os.read(read, 10) == b"x"
        os.close(write)
        await asyncio.wait_for(readable(read), 10)
        assert os.read(read, 10) == b""

    asyncio.run(story())
    os.close(read)
