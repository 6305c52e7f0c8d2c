"""An avatar is waited for, for so long."""

from __future__ import annotations

import pytest
from avatar_stage import on_stage
from parley import run

from agents_core.avatar import wait_for_avatar
from agents_core.errors import APITimeoutError
from agents_core.testing.room import room_is_possible

pytestmark = pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")


def test_an_avatar_that_does_not_show_itself_is_waited_for_for_so_long() -> None:
    async def work() -> None:
        async with on_stage() as stage:
            await wait_for_avatar(stage.room, "face", video=False, within=5)
            with pytest.raises(APITimeoutError, match=r"shown itself in 0\.1 s"):
                await wait_for_avatar(stage.room, "face", within=0.1)
            with pytest.raises(APITimeoutError, match="has not come into the room"):
                await wait_for_avatar(stage.room, "nobody", within=0.1)

    run(work(), within=30)
