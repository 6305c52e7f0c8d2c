from __future__ import annotations

import os
import queue
import signal
import time

from agents_core.cli.signals import hearing


def test_each_signal_is_heard_as_often_as_it_comes() -> None:
    heard: queue.SimpleQueue[signal.Signals] = queue.SimpleQueue()

    with hearing(heard.put):
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
            os.kill(os.getpid(), number)
            assert heard.get(timeout=5) is number
        time.sleep(0.05)

    assert heard.empty()


def test_afterwards_everything_is_as_it_was() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    with hearing(lambda _: None):
        assert signal.getsignal(signal.SIGTERM) != before[0]

    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
    assert signal.set_wakeup_fd(-1) == -1


def test_other_signals_are_not_meant() -> None:
    heard: queue.SimpleQueue[signal.Signals] = queue.SimpleQueue()
    before = signal.signal(signal.SIGUSR2, lambda *_: None)
    try:
        with hearing(heard.put):
            os.kill(os.getpid(), signal.SIGUSR2)
            os.kill(os.getpid(), signal.SIGTERM)
            assert heard.get(timeout=5) is signal.SIGTERM
    finally:
        signal.signal(signal.SIGUSR2, before)
