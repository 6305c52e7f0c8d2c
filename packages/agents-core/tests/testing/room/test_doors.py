"""Who is let in at which address."""

from __future__ import annotations

import base64

import aiohttp
import pytest
from livekit.protocol import models, rtc
from raw_rooms import authorization, run, seated

from agents_core.testing.room import RoomServer


@pytest.mark.parametrize("path", ["/rtc/v1", "/rtc/v1/validate", "/agent"])
def test_nobody_comes_in_without_a_token(path: str) -> None:
    async def scenario() -> None:
        async with RoomServer() as server, aiohttp.ClientSession() as session:
            url = server.url.replace("ws", "http", 1) + path
            async with session.get(url) as response:
                assert response.status == 401
                assert await response.text() == "no authorization provided"
            assert server.seen("refused", status=401) != ()

    run(scenario)


@pytest.mark.parametrize("query", ["", "nonsense", base64.urlsafe_b64encode(b"\x08\x01").decode()])
def test_a_client_without_a_join_request_does_not_either(query: str) -> None:
    async def scenario() -> None:
        async with RoomServer() as server, aiohttp.ClientSession() as session:
            headers = authorization(server.token("guest", room="a room"))
            url = f"{server.url.replace('ws', 'http', 1)}/rtc/v1"
            async with session.get(url, params={"join_request": query}, headers=headers) as answer:
                assert answer.status == 400
            async with session.get(f"{url}/validate", headers=headers) as answer:
                assert answer.status == 200

    run(scenario)


def test_a_port_that_is_taken_leaves_nothing_behind() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            port = int(server.url.rsplit(":", 1)[1])
            with pytest.raises(OSError, match="address already in use"):
                await RoomServer(port=port).start()

    run(scenario)


def test_a_client_is_welcomed_with_who_is_there() -> None:
    async def scenario() -> None:
        async with RoomServer() as server:
            await server.join("a room", "caller")
            async with seated(server, "guest") as socket:
                welcome = rtc.SignalResponse.FromString(await socket.receive_bytes()).join
                await socket.send_bytes(
                    rtc.SignalRequest(ping_req=rtc.Ping(timestamp=7)).SerializeToString()
                )
                pong = rtc.SignalResponse.FromString(await socket.receive_bytes()).pong_resp

                assert welcome.participant.identity == "guest"
                assert [one.identity for one in welcome.other_participants] == ["caller"]
                assert welcome.other_participants[0].tracks[0].source == models.MICROPHONE
                assert pong.last_ping_timestamp == 7

    run(scenario)
