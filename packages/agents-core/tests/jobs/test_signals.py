"""Signals, heard in a thread: by a process that does nothing else."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

LISTEN = """
import asyncio, os, signal, sys, threading, time
from agents_core.jobs.signals import hear_signals

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
signal.signal(signal.SIGTERM, signal.SIG_IGN)

def heard(number):
    print(number.name, threading.current_thread().name, flush=True)
    if number == signal.SIGINT:
        os._exit(7)

hear_signals(heard)
print("ready", flush=True)
"""

BUSY = {
    "blocked": "time.sleep(60)",
    "in a loop with handlers of its own": """
async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, print)
    await asyncio.sleep(60)
asyncio.run(main())
""",
}


@pytest.mark.parametrize("busy", BUSY)
def test_signals_are_heard_whatever_the_main_thread_does(busy: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LISTEN + BUSY[busy]], stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.2)  # well into what it is busy with
            started = time.monotonic()
            process.terminate()
            assert process.stdout.readline() == "SIGTERM job signals\n"
            process.send_signal(2)
            assert process.wait(20) == 7
            assert process.stdout.read().endswith("SIGINT job signals\n")
            assert time.monotonic() - started < 20
        finally:
            process.kill()


FORK = """
forked = os.fork()
if forked == 0:
    print("forked", flush=True)
    time.sleep(60)
    os._exit(0)
"""


def test_a_signal_to_a_process_that_the_job_forked_is_none_to_the_job() -> None:
    end = """
time.sleep(0.2)
os.kill(forked, signal.SIGTERM)
print(os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]), flush=True)
time.sleep(0.5)
os._exit(0)
"""
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LISTEN + FORK + end],
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )

    assert sorted(process.stdout.split()) == ["-15", "forked", "ready"]
    assert process.returncode == 0
