"""SIGTERM and SIGINT, heard even while the main thread is busy or blocked."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

_ENDING = (signal.SIGTERM, signal.SIGINT)


def hear_signals(heard: Callable[[signal.Signals], object]) -> None:
    """From now on, call `heard`, in a thread of its own, for SIGTERM and SIGINT.

    Once or twice for each: by whichever of two ways is quicker, and by the other.

    Whatever handlers were inherited are gone, and the signals are let through if they were held
    back. Call it in the main thread.

    Python runs its handlers in the main thread between two bytecodes, which may be never. What
    does happen at once is that the signal's number is written to the wakeup descriptor, by the
    handler below Python: a thread waits for that. The signals are not blocked for the rest, as
    `sigwait` would need: programs that the job starts would inherit that, and could not be ended.
    """
    inbox, outbox = socket.socketpair()
    outbox.settimeout(0)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # An event loop with signal handlers of its own takes the wakeup descriptor away.
        with contextlib.suppress(OSError):
            outbox.send(bytes([number]))

    signal.set_wakeup_fd(outbox.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_listen, args=(inbox, heard), name="job signals", daemon=True).start()
    for number in _ENDING:
        signal.signal(number, pass_on)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=partial(_let_go, pass_on))
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _let_go(handler: Callable[..., object]) -> None:
    # A process that the job forks holds the same socket: a signal to it would end the job.
    ours = [number for number in _ENDING if signal.getsignal(number) is handler]
    for number in ours:
        signal.signal(number, signal.SIG_DFL)
    if ours:
        signal.set_wakeup_fd(-1)


def _listen(inbox: socket.socket, heard: Callable[[signal.Signals], object]) -> None:
    while numbers := inbox.recv(4096):
        for number in sorted(set(numbers) & set(_ENDING)):
            heard(signal.Signals(number))
