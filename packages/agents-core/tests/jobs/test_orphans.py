"""What becomes of job processes whose worker is killed."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from subprocess import Popen

import psutil
import pytest


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_every_process_ends_by_itself_when_its_worker_is_killed(
    start: Callable[..., Popen[str]], method: str
) -> None:
    worker = start("abandoned_worker.py", method)
    assert worker.stdout is not None
    pids = json.loads(worker.stdout.readline())
    assert len(pids) == 3
    helpers = {each.pid for each in psutil.Process(worker.pid).children(recursive=True)}

    with contextlib.ExitStack() as held:
        lives = [held.enter_context(life(pid)) for pid in {*pids, *helpers}]
        worker.kill()
        worker.wait(10)
        give_up = time.monotonic() + 20

        for descriptor in lives:
            readable, _, _ = select.select([descriptor], [], [], give_up - time.monotonic())
            assert readable, "a process outlives its worker"


@contextlib.contextmanager
def life(pid: int) -> Iterator[int]:
    descriptor = os.pidfd_open(pid)
    try:
        yield descriptor
    finally:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        os.close(descriptor)
