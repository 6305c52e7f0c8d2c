"""What a server is told as text."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from raw_rooms import registered, run, seated

from agents_core.testing.room import RoomServer
from agents_core.testing.room.commands import Commands


def test_a_line_is_done() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, registered(server) as worker:
            commands = Commands(server)
            for identity in ("removed", "cut", "deleted"):
                await server.join("a room", identity, microphone=False)
            commands.do(json.dumps({"do": "dispatch", "room": "a room", "job_id": "AJ_1"}))
            await worker.take()
            await server.wait_for("job_assigned", job="AJ_1")
            await asyncio.sleep(0)  # for the command to know the job
            commands.do(json.dumps({"do": "terminate", "job": "AJ_1"}))
            assert (await worker.hear("termination")).job_id == "AJ_1"
            commands.do(json.dumps({"do": "remove", "room": "a room", "identity": "removed"}))
            await server.wait_for("left", "removed", reason="PARTICIPANT_REMOVED")
            async with seated(server, "client"):
                await server.wait_for("joined", "client")
                commands.do(json.dumps({"do": "cut", "room": "a room", "identity": "client"}))
                await server.wait_for("closed", "client", clean=False)
            commands.do(json.dumps({"do": "delete_room", "room": "a room"}))
            await server.wait_for("left", "deleted", reason="ROOM_DELETED")
            await commands.aclose()

    run(scenario)


@pytest.mark.parametrize("line", ["no JSON", '{"do": "fly"}', '{"do": "remove"}', "{}", "[]"])
def test_a_line_that_cannot_be_done_is_logged(line: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        commands = Commands(RoomServer())
        commands.do(line)
        while not caplog.records:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0)
        await commands.aclose()

    with caplog.at_level(logging.ERROR, "agents_core.testing"):
        run(scenario)
    assert "could not do what it was told" in caplog.text


def test_what_is_not_done_at_the_end_is_left() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            commands = Commands(server)
            commands.do(json.dumps({"do": "dispatch", "room": "a room", "within": 60}))
            await server.wait_for("room_created")
            await commands.aclose()

    run(scenario)
