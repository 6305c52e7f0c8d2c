"""What the jobs of a whole worker do, well and badly, each by the name in its metadata."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from misbehaving import deadlock

from agents_core.jobs.context import JobContext

if TYPE_CHECKING:
    from livekit import rtc

logger = logging.getLogger("lived_jobs")
_keep: list[object] = []


async def entrypoint(ctx: JobContext) -> None:
    """Do as told."""
    wanted: Callable[[JobContext], Awaitable[None]] = globals()[ctx.job.metadata]
    await wanted(ctx)


async def stays(ctx: JobContext) -> None:
    """Speak in the room, and have two callbacks, until somebody ends it."""
    await speak(ctx)
    ctx.add_shutdown_callback(callback)
    ctx.add_shutdown_callback(slow_callback)
    logger.info("settled")


async def ends_itself(ctx: JobContext) -> None:
    await stays(ctx)
    ctx.shutdown("all is said")


async def exits(ctx: JobContext) -> None:
    await stays(ctx)
    sys.exit(0)


async def raises(ctx: JobContext) -> None:
    await stays(ctx)
    raise ValueError("this caller is too hard")


async def callback_never_returns(ctx: JobContext) -> None:
    await stays(ctx)
    ctx.add_shutdown_callback(never_returns)


async def callback_blocks_the_loop(ctx: JobContext) -> None:
    await stays(ctx)
    ctx.add_shutdown_callback(blocks_the_loop)


async def callback_ignores_cancellation(ctx: JobContext) -> None:
    await stays(ctx)
    ctx.add_shutdown_callback(ignores_cancellation)


async def entry_blocks_the_loop(ctx: JobContext) -> None:
    await stays(ctx)
    blocks_the_loop()


async def entry_ignores_cancellation(ctx: JobContext) -> None:
    await stays(ctx)
    await ignores_cancellation()


async def session_never_closes(ctx: JobContext) -> None:
    await stays(ctx)
    ctx.register_session(never_returns)


async def disconnect_hangs(ctx: JobContext) -> None:
    await stays(ctx)
    let_disconnect_hang(ctx)


async def dispose_hangs(ctx: JobContext) -> None:
    await stays(ctx)
    let_dispose_hang()


async def both_hang(ctx: JobContext) -> None:
    await stays(ctx)
    let_disconnect_hang(ctx)
    let_dispose_hang()


async def deadlocks(ctx: JobContext) -> None:
    """A native call that hangs with the interpreter's lock in its hands: no Python runs again."""
    await stays(ctx)
    await asyncio.sleep(0.2)  # for the log to be sent: no thread will
    deadlock()


async def waits_for_a_caller(ctx: JobContext) -> None:
    """As most agents begin."""
    logger.info("connecting")
    await ctx.connect()
    logger.info("waiting for the caller")
    await ctx.wait_for_participant()
    logger.info("the caller is there")


async def waits_before_it_connects(ctx: JobContext) -> None:
    await asyncio.sleep(0.5)
    await waits_for_a_caller(ctx)


async def touches_the_library(ctx: JobContext) -> None:
    """A short job that makes native objects, and meets nobody."""
    make_sound()
    ctx.shutdown("all is said")


async def connects_and_ends(ctx: JobContext) -> None:
    """A short job in a room."""
    await ctx.connect()
    ctx.shutdown("all is said")


async def holds_much(ctx: JobContext) -> None:
    """Have objects in hand that are native, and look for them again after the dispose."""
    make_sound()
    make_picture()
    inspect(ctx)


async def holds_a_room(ctx: JobContext) -> None:
    """The same with a room, and sound that flows in it."""
    await speak(ctx)
    await asyncio.sleep(0.2)
    inspect(ctx)


def inspect(ctx: JobContext) -> None:
    inspection = Inspection(ctx.job.metadata)
    _keep.append(inspection)
    ctx.add_shutdown_callback(inspection.note_handles)
    logger.info("settled")


class Inspection(logging.Handler):
    """Of this process: flushed with the logs, after the native library is disposed of."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._path = Path(os.environ["INSPECTION"], name)  # noqa: TID251 - a test's
        self._seen: dict[str, Any] = {"threads": thread_names(), "control": drop(_spare_handle())}
        self._handles: set[int] = set(_live_handles())

    def note_handles(self) -> None:
        """Those that are live in the last callback."""
        self._handles.update(_live_handles())

    def emit(self, record: logging.LogRecord) -> None:
        """Not for lines."""

    def flush(self) -> None:
        """Write down what is left."""
        held = [handle for handle in self._handles if drop(handle)]
        give_up = time.monotonic() + 1
        while "AudioSourceCapt" in (left := thread_names()) and time.monotonic() < give_up:
            time.sleep(0.01)
        self._seen |= {"handles": len(self._handles), "held": held, "left": left}
        self._path.write_text(json.dumps(self._seen))


def let_disconnect_hang(ctx: JobContext) -> None:
    """As it may with a server that has stalled, whatever the version of the SDK."""
    ctx.room.disconnect = never_returns  # type: ignore[method-assign]


def let_dispose_hang() -> None:
    """The shim below the SDK looks for this when it is to dispose."""
    os.environ["SHIM_HANGS"] = "for ever"  # noqa: TID251 - of this process, for the shim


async def callback(_reason: str) -> None:
    mark("callback")


async def slow_callback() -> None:
    await asyncio.sleep(0.1)
    mark("callback")


async def never_returns(*_reason: str) -> None:
    await asyncio.sleep(3600)


def blocks_the_loop() -> None:
    time.sleep(3600)


async def ignores_cancellation(*_reason: str) -> None:
    while True:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


async def speak(ctx: JobContext) -> None:
    """Say something in the room, without end."""
    await ctx.connect()
    source, track = make_sound()
    await ctx.agent.publish_track(track)
    _keep.append(asyncio.create_task(feed(source), name="feed"))


async def feed(source: rtc.AudioSource) -> None:
    from livekit import rtc

    frame = rtc.AudioFrame(bytes(960), 24_000, 1, 480)
    while True:
        await source.capture_frame(frame)


def make_sound() -> tuple[rtc.AudioSource, rtc.LocalAudioTrack]:
    from livekit import rtc

    source = rtc.AudioSource(24_000, 1)
    track = rtc.LocalAudioTrack.create_audio_track("voice", source)
    _keep.append((source, track, rtc.AudioResampler(24_000, 48_000)))
    return source, track


def make_picture() -> None:
    from livekit import rtc

    source = rtc.VideoSource(16, 16)
    _keep.append((source, rtc.LocalVideoTrack.create_video_track("face", source)))


def mark(what: str) -> None:
    """In the file in which the shim notes what it is called for."""
    if path := os.environ.get("SHIM_MARKS"):  # noqa: TID251 - as the shim has it
        with Path(path).open("a") as file:
            file.write(f"{os.getpid()} {what}\n")


def thread_names() -> list[str]:
    names = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            names.append((task / "comm").read_text().strip())
    return sorted(names)


def drop(handle: int) -> bool:
    """True where the native side still held it."""
    import ctypes

    from livekit.rtc import _ffi_client

    library = _ffi_client.FfiClient._instance._ffi_lib
    return bool(library.livekit_ffi_drop_handle(ctypes.c_uint64(handle)))


def _spare_handle() -> int:
    """Of an object that nobody else has."""
    from livekit import rtc

    spare = rtc.AudioSource(24_000, 1)
    _keep.append(spare)
    handle = spare._ffi_handle
    handle.mark_consumed()
    return int(handle.handle)


def _live_handles() -> list[int]:
    from livekit.rtc import _ffi_client

    return [one.handle for one in list(_ffi_client._live_handles)]
