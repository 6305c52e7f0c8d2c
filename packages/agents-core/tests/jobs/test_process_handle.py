"""A hold on a process, by descriptor and by number."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import psutil
import pytest

from agents_core.jobs.process_handle import (
    HandleByDescriptor,
    HandleByNumber,
    ProcessHandle,
    hold,
    reap,
)

Hold = Callable[[BaseProcess], ProcessHandle]


def by_number(process: BaseProcess) -> ProcessHandle:
    assert process.pid is not None
    return HandleByNumber(process.pid)


@pytest.fixture(params=[hold, by_number], ids=["descriptor", "number"])
def held(request: pytest.FixtureRequest) -> Hold:
    chosen: Hold = request.param
    return chosen


def sleep(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # whatever this process was forked with
    ready.send(None)
    time.sleep(60)


def sleeper() -> BaseProcess:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=sleep, args=[theirs])
    process.start()
    with ours, theirs:
        assert ours.poll(10)  # a signal that comes before is not the system's to deal with
    return process


async def end(handle: ProcessHandle, process: BaseProcess) -> int | None:
    async with asyncio.timeout(10):
        await handle.gone()
        status = await reap(process, within=5)
    handle.close()
    return status


def test_on_this_machine_a_process_is_held_by_a_descriptor() -> None:
    process = sleeper()
    handle = hold(process)
    process.kill()

    assert isinstance(handle, HandleByDescriptor)
    assert asyncio.run(end(handle, process)) == -signal.SIGKILL


def test_a_signal_ends_it_and_its_status_says_so(held: Hold) -> None:
    process = sleeper()
    handle = held(process)

    assert handle.runs()
    assert handle.signal(signal.SIGTERM)
    assert asyncio.run(end(handle, process)) == -signal.SIGTERM


def test_a_process_that_lives_is_not_gone(held: Hold) -> None:
    process = sleeper()
    handle = held(process)

    async def wait() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(handle.gone(), 0.2)

    asyncio.run(wait())
    handle.signal(signal.SIGKILL)
    asyncio.run(end(handle, process))


def test_a_stopped_process_is_not_gone_and_can_be_killed(held: Hold) -> None:
    process = sleeper()
    handle = held(process)
    handle.signal(signal.SIGSTOP)
    give_up = time.monotonic() + 10  # of two signals that are due, the lower number comes first
    while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < give_up
        time.sleep(0.001)
    handle.signal(signal.SIGTERM)

    assert handle.signal(signal.SIGKILL)
    assert asyncio.run(end(handle, process)) == -signal.SIGKILL


def test_no_signal_is_sent_to_a_number_that_was_given_back(held: Hold) -> None:
    process = sleeper()
    handle = held(process)
    process.kill()
    process.join()

    assert not handle.runs()
    assert not handle.signal(signal.SIGKILL)
    assert not handle.sweep()
    assert asyncio.run(end(handle, process)) == -signal.SIGKILL


def test_a_process_that_was_waited_for_before_it_is_held_is_gone(held: Hold) -> None:
    process = sleeper()
    process.kill()
    process.join()

    assert asyncio.run(end(held(process), process)) == -signal.SIGKILL


def test_what_does_not_end_is_not_waited_for_without_end() -> None:
    process = sleeper()

    assert asyncio.run(reap(process, within=0.05)) is None
    process.kill()
    assert asyncio.run(reap(process, within=5)) == -signal.SIGKILL


def test_a_process_that_was_reaped_is_no_zombie() -> None:
    process = sleeper()
    pid = process.pid or 0
    process.kill()
    asyncio.run(reap(process, within=5))

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_who_is_waited_for_already_is_gone_whoever_has_its_number_now() -> None:
    process = sleeper()
    process.kill()
    process.join(10)
    gone = hold(process)

    assert not gone.runs()
    assert not gone.signal(signal.SIGKILL)
    asyncio.run(asyncio.wait_for(gone.gone(), 10))
    gone.close()
    process.close()
