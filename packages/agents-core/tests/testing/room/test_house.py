"""Rooms come and go."""

from __future__ import annotations

import pytest
from raw_rooms import run

from agents_core.testing.room import RoomServer


def test_a_room_that_everybody_left_is_closed_and_another_is_made_in_its_place() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            sids = []
            for _ in range(2):
                async with await server.join("a room", "caller", microphone=False):
                    sids.append(server.room("a room").sid)

            assert sids[0] != sids[1]
            assert len(server.seen("room_closed")) == 2

    run(scenario)


def test_a_room_is_there_before_anybody_is_in_it() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            room = server.room("a room")

            assert server.room("a room") is room
            assert server.participants("a room") == ()
            assert server.participants("no room") == ()

    run(scenario)


def test_who_is_not_there_cannot_be_sent_away() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            for send_away in (
                lambda: server.remove("a room", "nobody"),
                lambda: server.cut("a room", "nobody"),
                lambda: server.delete_room("a room"),
            ):
                with pytest.raises(KeyError):
                    send_away()

    run(scenario)
