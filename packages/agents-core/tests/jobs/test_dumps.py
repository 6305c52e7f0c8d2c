"""Where the threads of a process are."""

from __future__ import annotations

import asyncio
import faulthandler
import multiprocessing
import signal
import time
from multiprocessing.connection import Connection

from agents_core.jobs.dumps import dump_stacks
from agents_core.jobs.process_handle import hold, reap


def sleep_deeply(dump: Connection, ready: Connection, *, answers: bool) -> None:
    if answers:
        faulthandler.register(signal.SIGUSR1, dump.fileno(), all_threads=True)
    dive(60, ready)


def dive(depth: int, ready: Connection) -> None:
    if depth:
        dive(depth - 1, ready)
    ready.send(None)
    time.sleep(60)


def dumped(*signals: signal.Signals, answers: bool = True, times: int = 1) -> str:
    """What a process says that got these signals before."""
    context = multiprocessing.get_context("fork")
    read, write = context.Pipe(duplex=False)
    ready, say_ready = context.Pipe(duplex=False)
    process = context.Process(
        target=sleep_deeply, args=(write, say_ready), kwargs={"answers": answers}
    )
    process.start()
    handle = hold(process)

    async def story() -> str:
        for number in signals:
            handle.signal(number)
        if signal.SIGKILL in signals:
            await handle.gone()
        for _ in range(times):
            dump = await dump_stacks(handle, process.pid or 0, read, within=1.0)
        handle.signal(signal.SIGKILL)
        await handle.gone()
        await reap(process, within=5)
        return dump

    with read, write, ready, say_ready:
        assert ready.poll(10)
        dump = asyncio.run(asyncio.wait_for(story(), 10))
    handle.close()
    return dump


def test_every_frame_of_a_deep_stack_is_there() -> None:
    dump = dumped()

    assert dump.count(" in dive") == 61
    assert dump.index(" in dive") < dump.index(" in sleep_deeply")


def test_a_stopped_process_is_known_by_its_state() -> None:
    assert dumped(signal.SIGSTOP) == (
        "no stacks: the process did not answer in 1 s (state T (stopped))"
    )


def test_a_process_that_would_die_of_the_question_is_not_asked() -> None:
    assert "no handler for SIGUSR1" in dumped(answers=False)


def test_a_process_that_is_dead_has_no_stacks() -> None:
    assert dumped(signal.SIGKILL).startswith("no stacks")


def test_a_dump_may_be_asked_for_again() -> None:
    assert dumped(times=3).count(" in sleep_deeply") == 1
