"""The leak check, on real leaks of each kind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from agents_core.testing.leaks import Leak, no_leaks
from agents_core.testing.running import run

SOON = 0.1


@contextlib.contextmanager
def a_thread() -> Iterator[str]:
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="forgotten", daemon=True)
    thread.start()
    try:
        yield r"thread 'forgotten'"
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def a_descriptor() -> Iterator[str]:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    try:
        yield rf"descriptor {descriptor}: {os.devnull}"
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def a_socket() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield rf"descriptor {server.fileno()}: socket"


@contextlib.contextmanager
def a_child() -> Iterator[str]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        try:
            yield rf"child process {child.pid}: python"
        finally:
            child.kill()


@contextlib.contextmanager
def a_child_that_nobody_waited_for() -> Iterator[str]:
    child = subprocess.Popen([sys.executable, "-c", ""])
    try:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # ended, and still in the table
        yield rf"child process {child.pid}: python.*, zombie"
    finally:
        child.wait()


LEAKS = pytest.mark.parametrize(
    "leak",
    [a_thread, a_descriptor, a_socket, a_child, a_child_that_nobody_waited_for],
    ids=lambda leak: leak.__name__,
)


@LEAKS
def test_what_is_left_is_named(leak: type[contextlib.AbstractContextManager[str]]) -> None:
    with contextlib.ExitStack() as clean_up, pytest.raises(Leak) as failed, no_leaks(within=SOON):
        name = clean_up.enter_context(leak())

    assert [entry for entry in failed.value.left if re.match(name, entry)]
    assert "left behind, 0.1 s after the end" in str(failed.value)


@LEAKS
def test_what_is_left_in_an_event_loop_is_named(
    leak: type[contextlib.AbstractContextManager[str]],
) -> None:
    async def leave(clean_up: contextlib.ExitStack) -> str:
        async with no_leaks(within=SOON):
            name = clean_up.enter_context(leak())
            lose.append(name)
        return name

    lose: list[str] = []
    with contextlib.ExitStack() as clean_up, pytest.raises(Leak) as failed:
        run(leave(clean_up))

    assert any(re.match(lose[0], entry) for entry in failed.value.left)


@LEAKS
def test_what_was_there_before_does_not_count(
    leak: type[contextlib.AbstractContextManager[str]],
) -> None:
    with leak(), no_leaks(within=SOON):
        pass


@LEAKS
def test_what_is_ended_does_not_count(leak: type[contextlib.AbstractContextManager[str]]) -> None:
    with no_leaks(), leak():
        pass


def test_a_task_is_named_with_the_place_where_it_waits() -> None:
    async def leave() -> None:
        async with no_leaks(within=SOON):
            lost.append(asyncio.create_task(asyncio.sleep(60), name="forgotten"))

    lost: list[asyncio.Task[None]] = []
    with pytest.raises(Leak) as failed:
        run(leave())

    [entry] = failed.value.left
    assert re.match(r"task 'forgotten' at tasks\.py:\d+", entry)


def test_a_task_that_has_not_begun_is_named_too() -> None:
    async def leave() -> None:
        async with no_leaks(within=0):
            lost.append(asyncio.create_task(asyncio.sleep(60), name="forgotten"))

    lost: list[asyncio.Task[None]] = []
    with pytest.raises(Leak, match="task 'forgotten'"):
        run(leave())


def test_what_is_ending_is_given_time() -> None:
    async def leave() -> None:
        async with no_leaks():
            ending.append(asyncio.create_task(asyncio.sleep(SOON)))
            threading.Thread(target=time.sleep, args=(SOON,), name="ending").start()

    ending: list[asyncio.Task[None]] = []
    run(leave())


def test_all_leaks_are_named_at_once() -> None:
    with contextlib.ExitStack() as clean_up, pytest.raises(Leak) as failed, no_leaks(within=SOON):
        names = [clean_up.enter_context(leak()) for leak in (a_thread, a_descriptor)]

    assert len(failed.value.left) == len(names)


def test_an_error_in_the_block_is_not_hidden_by_what_it_left() -> None:
    def fail(clean_up: contextlib.ExitStack) -> None:
        with no_leaks(within=SOON):
            clean_up.enter_context(a_thread())
            raise ZeroDivisionError

    with contextlib.ExitStack() as stack, pytest.raises(ZeroDivisionError):
        fail(stack)


def test_what_is_to_be_spared_is_spared() -> None:
    with contextlib.ExitStack() as clean_up, no_leaks(within=SOON, spare=["thread 'forg"]):
        clean_up.enter_context(a_thread())


def test_the_threads_of_the_loop_itself_do_not_count_while_it_runs() -> None:
    async def look_up() -> None:
        async with no_leaks(within=SOON):
            await asyncio.to_thread(time.sleep, 0)

    with no_leaks():  # and end with it
        run(look_up())


def test_a_whole_event_loop_leaves_nothing() -> None:
    async def work() -> None:
        lost.append(asyncio.create_task(asyncio.sleep(60)))
        await asyncio.to_thread(time.sleep, 0)

    lost: list[asyncio.Task[None]] = []
    with no_leaks():
        run(work())


def test_in_a_running_loop_nothing_could_end_during_a_plain_with() -> None:
    async def check() -> None:
        with pytest.raises(RuntimeError, match="async with"), no_leaks():
            pass

    run(check())
