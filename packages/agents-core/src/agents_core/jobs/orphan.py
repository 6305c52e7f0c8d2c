"""Whether the worker is still there: its process, its end of the channel, its pings."""

from __future__ import annotations

import multiprocessing
import os
import time


class Parent:
    """The worker as its job process knows it; asked and told from one thread."""

    def __init__(self) -> None:
        self._pid = _worker_if_parent()
        self._heard_at = time.monotonic()
        self._patience = float("inf")

    def expect_pings(self, patience: float) -> None:
        """From now on, `patience` seconds of silence mean that the worker is gone."""
        self._patience = patience
        self.heard()

    def heard(self) -> None:
        """Something came from the worker."""
        self._heard_at = time.monotonic()

    def missing(self) -> str | None:
        """Why it must be gone, if it must."""
        if self._pid is not None and os.getppid() != self._pid:
            return "the worker's process is gone"
        silence = time.monotonic() - self._heard_at
        if silence > self._patience:
            return f"nothing heard from the worker for {silence:.1f} s"
        return None


def _worker_if_parent() -> int | None:
    # With a forkserver, the process that waits for this one is not the one that started it.
    parent = os.getppid()
    worker = multiprocessing.parent_process()
    return parent if worker is None or worker.pid == parent else None
