"""How a client's websocket comes to its end."""

from __future__ import annotations

import socket

from aiohttp import WSMsgType
from livekit.protocol import models, rtc
from raw_rooms import run, seated

from agents_core.testing.room import RoomServer

LEAVE = rtc.SignalRequest(leave=rtc.LeaveRequest(reason=models.CLIENT_INITIATED))


def test_a_client_that_says_farewell_and_closes_has_left_properly() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, seated(server, "guest") as client:
            await client.send_bytes(LEAVE.SerializeToString())
            await client.close(code=1000)

            closed = await server.wait_for("closed", "guest")
            assert (closed["code"], closed["clean"]) == (1000, True)
            assert (await server.wait_for("leave", "guest"))["reason"] == "CLIENT_INITIATED"
            assert (await server.wait_for("left", "guest"))["reason"] == "CLIENT_INITIATED"

    run(scenario)


def test_a_client_that_just_goes_away_has_not() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, seated(server, "guest") as client:
            await server.wait_for("joined", "guest")
            client.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

            closed = await server.wait_for("closed", "guest")
            assert (closed["code"], closed["clean"]) == (1006, False)
            assert server.seen("leave", "guest") == ()
            assert (await server.wait_for("left", "guest"))["reason"] == "SIGNAL_CLOSE"

    run(scenario)


def test_a_client_that_is_sent_away_and_stays_is_cut_off() -> None:
    async def scenario() -> None:
        async with RoomServer() as server, seated(server, "guest") as client:
            await server.wait_for("joined", "guest")
            server.remove("a room", "guest")
            said = []
            while (message := await client.receive()).type.name == "BINARY":
                said.append(rtc.SignalResponse.FromString(message.data).WhichOneof("message"))

            assert said[-1] == "leave"
            assert not (await server.wait_for("closed", "guest"))["clean"]

    run(scenario)


def test_whoever_leaves_while_it_is_written_to_has_left_properly() -> None:
    """News for somebody who is gone breaks the connection, with the leave in it still unread."""

    async def scenario() -> None:
        async with RoomServer() as server, seated(server, "guest") as client:
            caller = await server.join("a room", "caller", microphone=False)
            while (await client.receive()).type is not WSMsgType.BINARY:
                pass
            # All of it before the event loop, which is the server's as well, can do anything.
            with client.get_extra_info("socket").dup() as connection:
                connection.send(masked(0x82, LEAVE.SerializeToString()) + masked(0x88, b""))
                connection.shutdown(socket.SHUT_RDWR)
            for number in range(10):
                caller.set_attributes({"n": str(number)})

            closed = await server.wait_for("closed", "guest")
            assert (closed["code"], closed["clean"]) == (1005, True)
            assert (await server.wait_for("leave", "guest"))["reason"] == "CLIENT_INITIATED"
            assert [event.event for event in server.seen(identity="guest")] == [
                "joined",
                "leave",
                "left",
                "closed",
            ]

    run(scenario)


def masked(opcode: int, payload: bytes) -> bytes:
    """A client's frame, with a mask that changes nothing."""
    return bytes([opcode, 0x80 | len(payload)]) + bytes(4) + payload
