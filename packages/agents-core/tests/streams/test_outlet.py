from __future__ import annotations

import asyncio

import pytest

from agents_core.streams.outlet import Outlet


def test_events_come_before_the_error_with_which_it_was_closed() -> None:
    async def scenario() -> None:
        outlet: Outlet[int] = Outlet(None)
        outlet.put(1)
        outlet.close(ValueError("broken"))
        outlet.close()
        outlet.put(2)
        assert await outlet.get() == 1
        with pytest.raises(ValueError, match="broken"):
            await outlet.get()

    asyncio.run(scenario())


def test_each_event_goes_to_one_of_several_who_ask() -> None:
    async def scenario() -> None:
        outlet: Outlet[int] = Outlet(None)
        asking = [asyncio.create_task(outlet.get()) for _ in range(3)]
        await asyncio.sleep(0)
        for number in (1, 2, 3):
            outlet.put(number)
        assert sorted(await asyncio.gather(*asking)) == [1, 2, 3]

    asyncio.run(scenario())


def test_room_waits_until_somebody_took_an_event_or_nobody_ever_will() -> None:
    async def scenario() -> None:
        outlet: Outlet[int] = Outlet(1)
        outlet.put(1)
        waiting = asyncio.create_task(outlet.room())
        await asyncio.sleep(0)
        assert not waiting.done()
        await outlet.get()
        await asyncio.wait_for(waiting, 5)
        outlet.put(2)
        waiting = asyncio.create_task(outlet.room())
        await asyncio.sleep(0)
        outlet.discard()
        await asyncio.wait_for(waiting, 5)

    asyncio.run(scenario())
