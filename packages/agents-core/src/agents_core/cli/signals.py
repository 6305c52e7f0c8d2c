"""SIGTERM and SIGINT as they come, each time, even while the event loop is blocked."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGINT)


@contextlib.contextmanager
def hearing(heard: Callable[[signal.Signals], object]) -> Iterator[None]:
    """Meanwhile, call `heard` in a thread of its own for each of them, as often as they come.

    Only in the main thread. A handler in Python would wait for the main thread to have time; what
    is written to the wakeup descriptor is written at once, one byte for each signal.
    """
    inbox, outbox = socket.socketpair()
    outbox.settimeout(0)
    listener = threading.Thread(target=_listen, args=(inbox, heard), name="signals", daemon=True)
    listener.start()
    wakeup = signal.set_wakeup_fd(outbox.fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, _nothing) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        outbox.close()
        listener.join()
        inbox.close()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Without any handler, nothing would be written."""


def _listen(inbox: socket.socket, heard: Callable[[signal.Signals], object]) -> None:
    while numbers := inbox.recv(4096):
        for number in numbers:
            if number in _ENDING:
                heard(signal.Signals(number))
