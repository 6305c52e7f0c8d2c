"""The native library's life in one process, from before the import to after dispose, as JSON."""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from agents_core.jobs import native


def main() -> None:
    """Go through the stages, and print what was seen at each."""
    seen: dict[str, object] = {"untouched": str(native.dispose(5))}
    rtc = importlib.import_module("livekit.rtc")
    client_room = importlib.import_module("livekit.rtc._ffi_client")
    threads = thread_names()
    seen["imported"] = str(native.dispose(5))
    seen["started_by_dispose"] = sorted(set(thread_names()) - set(threads))

    objects = asyncio.run(make_objects(rtc))
    library = client_room.FfiClient._instance._ffi_lib

    def drop(handle: int) -> bool:
        """True where the native side still held it."""
        return bool(library.livekit_ffi_drop_handle(ctypes.c_uint64(handle)))

    wait_until(lambda: "livekit-audio" in thread_names())  # a thread names itself, once it runs
    live = sorted(client_room._live_handles, key=lambda one: one.handle)
    seen["control"] = drop(live[0].handle)
    live[0].mark_consumed()
    handles = [one.handle for one in live[1:]]
    seen["probe"] = getattr(native.probe(), "__qualname__", None)
    seen["live"] = {"objects": len(objects), "handles": handles, "threads": thread_names()}
    seen["forked_child_skips"] = forked_child_skips()

    started = time.perf_counter()
    seen["dispose"] = str(native.dispose(5))
    seen["seconds"] = time.perf_counter() - started
    held = [handle for handle in handles if drop(handle)]
    wait_until(lambda: "signaling_threa" not in thread_names())
    seen["disposed"] = {"handles": held, "threads": thread_names()}
    seen["again"] = str(native.dispose(5))
    sys.stdout.write(json.dumps(seen))
    sys.stdout.flush()
    os._exit(0)


async def make_objects(rtc: ModuleType) -> list[object]:
    """Sources, a resampler and tracks: each holds native handles, most of them threads."""
    audio = rtc.AudioSource(24_000, 1)
    video = rtc.VideoSource(16, 16)
    return [
        audio,
        video,
        rtc.AudioResampler(24_000, 48_000),
        rtc.LocalAudioTrack.create_audio_track("voice", audio),
        rtc.LocalVideoTrack.create_video_track("face", video),
    ]


def forked_child_skips() -> bool:
    """Whether a child, forked while the library is in use, keeps its hands off it."""
    child = os.fork()
    if child == 0:
        os._exit(0 if isinstance(native.dispose(5), native.Skipped) else 1)
    return os.waitpid(child, 0)[1] == 0


def thread_names() -> list[str]:
    """The operating system's names for the threads of this process."""
    names = []
    for task in Path("/proc/self/task").iterdir():
        try:
            names.append((task / "comm").read_text().strip())
        except FileNotFoundError:  # it ended meanwhile
            continue
    return sorted(names)


def wait_until(true: Callable[[], bool]) -> None:
    """Give a thread that begins or ends a moment to do so."""
    give_up = time.monotonic() + 5
    while not true() and time.monotonic() < give_up:
        time.sleep(0.01)


if __name__ == "__main__":
    main()
