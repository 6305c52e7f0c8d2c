"""The native library's end, and the only room that knows the SDK's private client."""
# ruff: noqa: SLF001 - the SDK has no public dispose; reaching for the private one is this room's trade

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from agents_core.jobs.steps import Failed, Outcome, Skipped, run_in_thread

_SDK = "livekit.rtc"
_CLIENT = "livekit.rtc._ffi_client"


def dispose(timeout: float) -> Outcome:
    """Free what this process holds in the native library, within `timeout` seconds.

    Rooms still open leave properly, so that the server sees them go, and every native handle is
    released. The library's worker threads are not: they live as long as the process. Afterwards no
    object of the SDK is of use, and audio pushed into one spins without ever yielding to the event
    loop: stop the tasks first.

    Never imports the SDK and never initialises the library. A second call is skipped. With a
    server that has stopped answering, the native call does not return; it is then left behind in a
    daemon thread, and only the end of the process ends it.
    """
    found = probe()
    if isinstance(found, Skipped | Failed):
        return found
    return run_in_thread(found, timeout)


def probe() -> Callable[[], object] | Skipped | Failed:
    """The SDK's own dispose for this process, or why there is none to call.

    Only looks: a library that nobody has used would otherwise be started just to be stopped.
    """
    if _SDK not in sys.modules:
        return Skipped(reason="the SDK was never imported")
    try:
        client = sys.modules[_CLIENT].FfiClient
        if client._instance is None:
            return Skipped(reason="the native library was never initialised")
        if client._ffi_disposed:
            return Skipped(reason="dispose was called before")
        if client._instance._pid != os.getpid():
            return Skipped(
                reason="the native library belongs to the process this one was forked from"
            )
        dispose_client: Callable[[], object] = client._instance._dispose
    except (AttributeError, KeyError) as error:
        return _unknown_sdk(error)
    return dispose_client


def _unknown_sdk(error: Exception) -> Failed:
    unknown = NotImplementedError(
        f"this version of the livekit SDK is not one agents-core knows how to dispose: {error!r}"
    )
    unknown.__cause__ = error
    return Failed(error=unknown)
