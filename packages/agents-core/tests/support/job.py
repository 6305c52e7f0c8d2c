"""A job process to be watched: joins a room if it is given one, then ends as it is told."""

from __future__ import annotations

import argparse
import asyncio
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from livekit import rtc

from agents_core import Deadlines, Shutdown

ENDINGS = ("shutdown", "dispose", "return", "sys.exit", "os._exit", "SIGKILL", "raising")


async def job(told: argparse.Namespace) -> None:
    """Speak, in a room or to nobody, and end in the middle of it."""
    room = rtc.Room()
    source = rtc.AudioSource(24_000, 1)
    speech = asyncio.create_task(speak(source))
    if told.url:
        await room.connect(told.url, told.token)
    if told.wait:
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        await asyncio.to_thread(sys.stdin.readline)
    match told.ending:
        case "return":
            return
        case "sys.exit":
            sys.exit()
        case "os._exit":
            os._exit(0)
        case "SIGKILL":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raising":
            break_dispose()
    await shut_down(told, room)
    await speech


async def shut_down(told: argparse.Namespace, room: rtc.Room) -> None:
    """End in good order, with the room's disconnect, or with the native dispose alone."""
    mark = marker(told.marks)
    shutdown = Shutdown(
        disconnect_room=None if told.ending == "dispose" else room.disconnect,
        deadlines=Deadlines(room=told.seconds, native=told.seconds),
        leave=leaver(mark),
    )
    shutdown.add_callback(callback(mark, 0.2))
    shutdown.add_callback(callback(mark, 0.1))
    shutdown.begin("told to")
    await shutdown.wait()


async def speak(source: rtc.AudioSource) -> None:
    """Push audio without end; into a source that is disposed, this would starve the event loop."""
    frame = rtc.AudioFrame(bytes(960), 24_000, 1, 480)
    while True:
        await source.capture_frame(frame)


def marker(path: Path | None) -> Callable[[str], None]:
    """Something that notes, with the process id, what was reached."""

    def mark(what: str) -> None:
        if path is not None:
            with path.open("a") as file:
                file.write(f"{os.getpid()} {what}\n")

    return mark


def callback(mark: Callable[[str], None], seconds: float) -> Callable[[str], object]:
    """A shutdown callback that takes its time."""

    async def call(_reason: str) -> None:
        await asyncio.sleep(seconds)
        mark("callback")

    return call


def leaver(mark: Callable[[str], None]) -> Callable[[int], object]:
    """The exit, noted."""

    def leave(status: int) -> None:
        mark("leave")
        os._exit(status)

    return leave


def break_dispose() -> None:
    """Have the SDK fail where nobody expects it to."""
    from livekit.rtc._ffi_client import FfiClient

    def fail(_client: FfiClient) -> None:
        raise OSError("the native library is in a bad mood")

    FfiClient._dispose = fail


def run(told: argparse.Namespace) -> None:
    """The whole life of the process."""
    logging.basicConfig(level=logging.DEBUG)
    asyncio.run(job(told))


def main() -> int:
    """Run the job in this process, or in a child of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ending", choices=ENDINGS)
    parser.add_argument("--via", choices=["fork", "forkserver", "spawn"])
    parser.add_argument("--url", default="")
    parser.add_argument("--token", default="")
    parser.add_argument("--wait", action="store_true", help="for a line on standard input")
    parser.add_argument("--marks", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    told = parser.parse_args()
    if told.via is None:
        run(told)
        return 0
    child = multiprocessing.get_context(told.via).Process(target=run, args=(told,))
    child.start()
    child.join()
    return child.exitcode or 0


if __name__ == "__main__":
    sys.exit(main())
