"""The stand-in server as a process: events on standard output, commands on standard input."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import threading

from agents_core.testing.room.commands import Commands
from agents_core.testing.room.events import Event
from agents_core.testing.room.server import RoomServer


def main() -> None:
    """Read the options, and serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m agents_core.testing.room", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of loopback; 0 takes a free one")
    parser.add_argument("--api-key", default="devkey", help="the name of the key")
    parser.add_argument("--api-secret", help="of the key; else LIVEKIT_API_SECRET, or a new one")
    parser.add_argument(
        "--secret-first", action="store_true", help="read the secret from standard input's 1st line"
    )
    parser.add_argument(
        "--auto-dispatch", action="store_true", help="a job for every room that somebody enters"
    )
    asyncio.run(_serve(parser.parse_args()))


async def _serve(options: argparse.Namespace) -> None:
    secret = options.api_secret or os.getenv("LIVEKIT_API_SECRET")
    if options.secret_first:
        secret = sys.stdin.readline().strip()
    server = RoomServer(
        port=options.port,
        api_key=options.api_key,
        api_secret=secret,
        auto_dispatch=options.auto_dispatch,
        hear=_tell,
    )
    async with server:
        await _obey(Commands(server))


async def _obey(commands: Commands) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(commands.do, line)
        loop.call_soon_threadsafe(over.set)

    # A daemon: reading cannot be interrupted, and must not keep the process from ending.
    threading.Thread(target=read, name="commands", daemon=True).start()
    await over.wait()
    await commands.aclose()


def _tell(event: Event) -> None:
    sys.stdout.write(json.dumps(event.as_dict()) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
