"""A stand-in for a LiveKit server: signalling for clients alone in their rooms.

    python stand_in_server.py

It writes one line of JSON for each event, the first of which says where it listens, and ends when
its standard input does.

It knows nothing of WebRTC. A client keeps two peer connections, to publish and to subscribe by, and
a real server is the far end of both. This one is a mirror: what the client says of the one is
sent back as said of the other, and so the client's own two ends meet, on an interface of this
machine. Data that is published comes back to the one who published it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time

from aiohttp import WSMsgType, web
from livekit.protocol import models, rtc

_VERSION = "1.9.0"


async def main() -> None:
    """Serve until standard input ends."""
    app = web.Application()
    # The newer /rtc/v1 is left out: clients then fall back to /rtc, with two connections to mirror.
    app.router.add_get("/rtc", signal)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    say("listening", url=f"ws://{host}:{port}")
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


async def signal(request: web.Request) -> web.WebSocketResponse:
    """One client, from joining to the end of its websocket, which is said as the client left it."""
    identity, room = read_token(request.headers["Authorization"].removeprefix("Bearer "))
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.send_bytes(join(identity, room).SerializeToString())
    say("joined", identity=identity, room=room)
    async for message in socket:
        if message.type is WSMsgType.BINARY:
            for answer in answers(identity, rtc.SignalRequest.FromString(message.data)):
                await socket.send_bytes(answer.SerializeToString())
    say("closed", identity=identity, code=socket.close_code)
    return socket


def answers(identity: str, request: rtc.SignalRequest) -> list[rtc.SignalResponse]:
    """What the mirror shows for `request`."""
    match request.WhichOneof("message"):
        case "offer":
            return [rtc.SignalResponse(offer=request.offer)]
        case "answer":
            return [rtc.SignalResponse(answer=request.answer)]
        case "trickle":
            return [rtc.SignalResponse(trickle=turned(request.trickle))]
        case "ping_req":
            pong = rtc.Pong(last_ping_timestamp=request.ping_req.timestamp, timestamp=now() * 1000)
            return [rtc.SignalResponse(pong_resp=pong)]
        case "leave":
            reason = models.DisconnectReason.Name(request.leave.reason)
            say("leave", identity=identity, reason=reason)
    return []


def turned(trickle: rtc.TrickleRequest) -> rtc.TrickleRequest:
    """The same network address, of the other end."""
    ours = rtc.SUBSCRIBER if trickle.target == rtc.PUBLISHER else rtc.PUBLISHER
    return rtc.TrickleRequest(candidateInit=trickle.candidateInit, target=ours, final=trickle.final)


def join(identity: str, room: str) -> rtc.SignalResponse:
    """The welcome of a client, alone in its room."""
    permission = models.ParticipantPermission(
        can_publish=True, can_subscribe=True, can_publish_data=True
    )
    participant = models.ParticipantInfo(
        sid=f"PA_{identity}",
        identity=identity,
        state=models.ParticipantInfo.ACTIVE,
        joined_at=now(),
        permission=permission,
    )
    response = rtc.JoinResponse(
        room=models.Room(sid=f"RM_{room}", name=room),
        participant=participant,
        server_version=_VERSION,
        server_info=models.ServerInfo(version=_VERSION, protocol=16),
        ping_interval=5,
        ping_timeout=15,
    )
    return rtc.SignalResponse(join=response)


def read_token(token: str) -> tuple[str, str]:
    """Identity and room of a JSON web token, whose signature nobody checks here."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims["sub"], claims["video"]["room"]


def now() -> int:
    """Seconds since the epoch."""
    return int(time.time())


def say(event: str, **facts: object) -> None:
    """Write one event."""
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
