"""A process that was started, by each of the ways to start one, and what it holds."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil
import pytest
from kept_pool import MISBEHAVING, children, descriptors, hasty, kinds, settled

from agents_core.errors import AgentsError
from agents_core.jobs import starting
from agents_core.jobs.entry import EntryPoint
from agents_core.jobs.options import ProcessOptions
from agents_core.jobs.process_handle import reap
from agents_core.jobs.starting import Child, prepare, start_child

METHODS = ("fork", "forkserver", "spawn")
ENTRY = EntryPoint.at(MISBEHAVING)


def run(story: Callable[[Child, Child], Awaitable[None]], method: str, **changes: object) -> None:
    """Start two processes at the same time, and kill them when the story is over."""
    options = hasty(start_method=method, **changes)
    before = settled(options)

    async def started() -> None:
        one, other = await asyncio.gather(start_child(ENTRY, options), start_child(ENTRY, options))
        try:
            async with asyncio.timeout(20):
                await story(one, other)
        finally:
            await end(one, other)

    asyncio.run(started())
    gc.collect()  # what a start that failed had opened goes with its traceback
    assert children() == []
    assert kinds(descriptors()) == before


async def end(*started: Child) -> None:
    for child in started:
        child.handle.signal(signal.SIGKILL)
        await child.handle.gone()
        await reap(child.process, within=5)
        child.handle.close()
        child.connection.close()
        child.stacks.close()


@pytest.mark.parametrize("method", METHODS)
def test_a_sibling_keeps_nobody_s_channel_open(method: str) -> None:
    async def story(one: Child, other: Child) -> None:
        # If the sibling held the worker's end of it, this one would hear of no end.
        one.connection.close()
        await one.handle.gone()
        # If the sibling held its end of it, there would be no end to be read here.
        other.handle.signal(signal.SIGKILL)
        await other.handle.gone()
        other.connection.settimeout(5)
        while other.connection.recv(65536):
            pass

    run(story, method)


@pytest.mark.parametrize("method", METHODS)
def test_a_child_holds_no_socket_of_the_worker_but_its_own(method: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.set_inheritable(False)
        port = server.getsockname()[1]

        async def story(one: Child, other: Child) -> None:
            for child in (one, other):
                process = psutil.Process(child.process.pid)
                while not dump_handler(process):  # noqa: ASYNC110 - it lets go of all before that
                    await asyncio.sleep(0.01)
                assert [c for c in process.net_connections() if c.laddr.port == port] == []

        run(story, method)


def dump_handler(process: psutil.Process) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return int(caught.split()[1], 16) >> (signal.SIGUSR1 - 1) & 1


def test_a_signal_to_a_forked_child_does_not_reach_its_worker() -> None:
    heard = []

    async def story(*_: Child) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, heard.append, None)
        third = await start_child(ENTRY, hasty(start_method="fork"))
        third.handle.signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        loop.remove_signal_handler(signal.SIGTERM)
        await end(third)

    run(story, "fork")
    assert heard == []


def test_the_worker_has_its_signals_back_after_a_fork() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    async def story(*_: Child) -> None:
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before

    run(story, "fork")


def test_a_fork_server_that_was_killed_is_followed_by_another() -> None:
    async def story(one: Child, other: Child) -> None:
        kill_fork_server(signal.SIGKILL)
        options = hasty(start_method="forkserver")
        third = await start_child(ENTRY, options)
        # Those of the dead one are still held, and can be ended.
        assert os.getppid() not in (one.process.pid, other.process.pid)
        assert one.handle.signal(signal.SIGCONT)
        await end(third)

    run(story, "forkserver")


def test_a_signal_to_a_worker_s_whole_group_leaves_its_fork_server_alone() -> None:
    async def story(*_: Child) -> None:
        before = forkserver._forkserver._forkserver_pid
        kill_fork_server(signal.SIGTERM)
        third = await start_child(ENTRY, hasty(start_method="forkserver"))
        assert forkserver._forkserver._forkserver_pid == before
        await end(third)

    run(story, "forkserver")


def test_a_fork_server_that_hangs_is_killed_in_time_and_followed_by_another() -> None:
    async def story(*_: Child) -> None:
        kill_fork_server(signal.SIGSTOP)
        impatient = hasty(start_method="forkserver", initialize=0.3)
        failures = await asyncio.gather(
            *(start_child(ENTRY, impatient) for _ in range(3)), return_exceptions=True
        )
        assert {type(failure) for failure in failures} <= {TimeoutError, Child}
        await end(*(each for each in failures if isinstance(each, Child)))
        third = await start_child(ENTRY, hasty(start_method="forkserver"))
        await end(third)

    run(story, "forkserver")


def test_a_fork_server_has_the_slow_imports_behind_it() -> None:
    options = ProcessOptions(start_method="forkserver")
    prepare(options)

    async def story(*children: Child) -> None:
        for child in children:
            assert "numpy" in libraries(child)  # which livekit.rtc imports, and nothing of ours

    run(story, "forkserver")


def test_what_cannot_be_started_leaves_no_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise BlockingIOError("no process to be had")

    monkeypatch.setattr(os, "fork", fail)
    before = descriptors()

    with pytest.raises(BlockingIOError):
        asyncio.run(start_child(ENTRY, hasty(start_method="fork")))
    # Of its own pipes, the standard library loses some at this point.
    assert kinds(descriptors())["socket"] == kinds(before)["socket"]


def libraries(child: Child) -> str:
    return Path(f"/proc/{child.process.pid}/maps").read_text()


def kill_fork_server(number: signal.Signals) -> None:
    os.kill(forkserver._forkserver._forkserver_pid, number)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_else_waits_for_a_process_and_takes_its_status_away(method: str) -> None:
    async def story(one: Child, other: Child) -> None:
        # `multiprocessing` asks those in its books, at each start, and in whichever thread; a fork
        # server tells a status once.
        assert not {one.process, other.process} & set(multiprocessing.active_children())
        one.handle.signal(signal.SIGKILL)
        await one.handle.gone()
        multiprocessing.active_children()
        assert await reap(one.process, within=5) == -signal.SIGKILL

    async def and_reap(one: Child, other: Child) -> None:
        await story(one, other)
        one.handle.close()
        one.connection.close()
        one.stacks.close()

    options = hasty(start_method=method)
    before = settled(options)

    async def started() -> None:
        one, other = [await start_child(ENTRY, options) for _ in range(2)]
        try:
            await and_reap(one, other)
        finally:
            await end(other)

    asyncio.run(started())
    assert children() == []
    assert kinds(descriptors()) == before


def test_a_system_without_the_signals_for_it_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGKILL")

    with pytest.raises(AgentsError, match="POSIX"):
        prepare(hasty(start_method="spawn"))


def test_a_process_that_cannot_be_held_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[BaseProcess] = []

    def fail(process: BaseProcess) -> None:
        begun.append(process)
        raise OSError("no descriptor to be had")

    monkeypatch.setattr(starting, "hold", fail)
    with pytest.raises(OSError, match="no descriptor"):
        asyncio.run(start_child(ENTRY, hasty(start_method="fork")))

    begun[0].join(10)
    assert begun[0].exitcode == -signal.SIGKILL
    begun[0].close()
