"""`room`: a stand-in server on this machine, the agent in it, and a caller who may be scripted."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from agents_core.cli.command import DONE, Command, UsageError
from agents_core.errors import AgentsError

if TYPE_CHECKING:
    from agents_core.audio import AudioFrame
    from agents_core.testing.room import RoomServer
    from agents_core.worker.options import WorkerOptions

_YOU = "you"
_EXTRA = "agents-core[testing-room]"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--room", default="room", help="its name (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="of loopback; 0 takes a free one")
    parser.add_argument(
        "--say",
        metavar="TEXT",
        dest="script",
        action="append",
        type=_text,
        default=[],
        help="have a caller say it, in the tones that FakeSTT reads, write down what is heard, and "
        "end; may be given again",
    )
    parser.add_argument(
        "--wav",
        metavar="FILE",
        dest="script",
        action="append",
        type=Path,
        help="the same with a recording (16-bit PCM)",
    )
    parser.add_argument(
        "--espeak", action="store_true", help="say it with espeak-ng, for an STT that knows words"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("heard.wav"),
        help="where what the caller heard is written (default: %(default)s)",
    )
    parser.add_argument(
        "--within", type=float, default=20.0, help="seconds that each answer may take"
    )


def _text(text: str) -> str:
    return text


def _room(options: WorkerOptions, given: argparse.Namespace) -> int:
    _see_whether_it_can_be_had()
    # What is looked up on every request is nothing to read beside a conversation.
    for talkative in ("aiohttp.access", "aioice"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    return asyncio.run(_serve(options, given))


def _see_whether_it_can_be_had() -> None:
    from agents_core.testing.room import room_is_possible

    try:
        from agents_core.testing.room import server  # noqa: F401 - only to see whether it is there
    except ImportError as error:
        missing = (error.name or "more").partition(".")[0]
        raise UsageError(f"a room needs {missing}: pip install '{_EXTRA}'") from error
    if (why := room_is_possible()) is not None:
        raise UsageError(why)


async def _serve(options: WorkerOptions, given: argparse.Namespace) -> int:
    from agents_core.cli.farewell import Farewell
    from agents_core.cli.script import voices
    from agents_core.cli.signals import hearing
    from agents_core.worker.worker import Worker

    speeches = voices(given.script, espeak=given.espeak)
    async with _listening(given.port) as server:
        worker = Worker(at_home(options, server))
        farewell = Farewell(worker, drain_timeout=0.0)
        with hearing(farewell.hear):
            _invite(server, given.room)
            working = asyncio.create_task(worker.run(devmode=True), name="worker")
            calling = asyncio.create_task(_call(server, speeches, given), name="caller")
            try:
                await asyncio.wait({working, calling}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                calling.cancel()
                await worker.aclose()
                await asyncio.wait({working, calling})
                await farewell.aclose()
        working.result()
        return farewell.status if calling.cancelled() else calling.result()


def at_home(options: WorkerOptions, server: RoomServer) -> WorkerOptions:
    """The same agent for this server: it comes to every room, whatever its name is."""
    return replace(
        options,
        ws_url=server.url,
        api_key=server.api_key,
        api_secret=server.api_secret,
        agent_name="",
    )


@asynccontextmanager
async def _listening(port: int) -> AsyncIterator[RoomServer]:
    from agents_core.testing.room import RoomServer

    server = RoomServer(port=port, auto_dispatch=True)
    try:
        await server.start()
    except OSError as error:
        raise AgentsError(f"port {port} cannot be listened on: {error.strerror}") from error
    try:
        yield server
    finally:
        await server.stop()


def _invite(server: RoomServer, room: str) -> None:
    """Tell a person how to come in; these keys are worth nothing anywhere else."""
    sys.stdout.write(
        f"LIVEKIT_URL={server.url}\n"
        f"LIVEKIT_API_KEY={server.api_key}\n"
        f"LIVEKIT_API_SECRET={server.api_secret}\n"
        f"LIVEKIT_TOKEN={server.token(_YOU, room=room)}\n"
        f"Come into {room!r} with any LiveKit client; Ctrl-C ends it.\n"
    )
    sys.stdout.flush()


async def _call(
    server: RoomServer, speeches: tuple[AudioFrame, ...], given: argparse.Namespace
) -> int:
    """Play the script, where there is one; else wait for somebody to end it all."""
    from agents_core.cli.script import play

    if not speeches:
        await asyncio.Event().wait()
    heard = await play(server, given.room, speeches, within=given.within)
    await asyncio.to_thread(given.out.write_bytes, heard)
    sys.stdout.write(f"What was heard is in {given.out}.\n")
    return DONE


ROOM = Command(
    name="room",
    help="run the agent in a room on this machine, with a stand-in for the server",
    run=_room,
    add_arguments=_add_arguments,
)
