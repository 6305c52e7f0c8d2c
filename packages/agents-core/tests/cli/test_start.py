"""Whole lives of commands: real processes, signalled as a terminal or a cluster would."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from worker_life import alive, eventually, run

from agents_core.testing.room import RoomServer
from agents_core.testing.room.dispatch import Dispatch

Command = Callable[..., "subprocess.Popen[str]"]
CLI = ("-m", "agents_core.cli")


def keys(server: RoomServer) -> dict[str, str]:
    return {
        "LIVEKIT_URL": server.url,
        "LIVEKIT_API_KEY": server.api_key,
        "LIVEKIT_API_SECRET": server.api_secret,
    }


async def end_of(process: subprocess.Popen[str], *, within: float = 30) -> int:
    """The exit status."""
    await eventually(lambda: process.poll() is not None, within=within)
    return process.returncode


async def working(server: RoomServer, process: subprocess.Popen[str]) -> tuple[Dispatch, int]:
    """A job that runs in the command's worker, and the process of the job."""
    await server.wait_for("worker_registered", within=30)
    dispatch = await server.dispatch(room="lobby", within=30)
    await dispatch.wait_status("running", within=30)
    assert process.stdout is not None
    said = await asyncio.to_thread(process.stdout.readline)
    return dispatch, int(said.split()[2])


def test_a_worker_without_jobs_ends_at_the_first_signal(command: Command, agent: Path) -> None:
    async def life() -> None:
        async with RoomServer() as server:
            process = command(*CLI, "start", agent, **keys(server))
            await server.wait_for("worker_registered", within=30)

            process.send_signal(signal.SIGTERM)

            assert await end_of(process) == 0
            closed = await server.wait_for("worker_closed")
            assert closed["code"] == 1000

    run(life(), within=90)


def test_a_worker_with_jobs_waits_for_them(command: Command, agent: Path) -> None:
    async def life() -> None:
        async with RoomServer() as server:
            process = command(*CLI, "start", agent, **keys(server))
            dispatch, pid = await working(server, process)

            process.send_signal(signal.SIGTERM)
            await server.wait_for("worker_status", status="WS_FULL")
            assert process.poll() is None

            await dispatch.terminate()
            assert await end_of(process) == 0
            assert dispatch.status == "success"
            assert not alive(pid)

    run(life(), within=90)


def test_ctrl_c_twice_ends_the_jobs_too(command: Command, agent: Path) -> None:
    async def life() -> None:
        async with RoomServer() as server:
            process = command(agent, "start", **keys(server))
            dispatch, pid = await working(server, process)

            process.send_signal(signal.SIGINT)
            await server.wait_for("worker_status", status="WS_FULL")
            process.send_signal(signal.SIGINT)

            assert await end_of(process) == 128 + signal.SIGINT
            assert dispatch.status == "success"
            assert not alive(pid)

    run(life(), within=90)


def test_a_third_signal_leaves_at_once_and_the_jobs_end_themselves(
    command: Command, agent: Path
) -> None:
    async def life() -> None:
        async with RoomServer() as server:
            process = command(agent, "start", ENTRY_TAKES="60", **keys(server))
            _, pid = await working(server, process)

            for _ in range(3):
                process.send_signal(signal.SIGTERM)
                await asyncio.sleep(0.1)

            assert await end_of(process) == 128 + signal.SIGTERM
            await eventually(lambda: not alive(pid))

    run(life(), within=90)


def test_in_development_jobs_are_not_waited_for(command: Command, agent: Path) -> None:
    async def life() -> None:
        async with RoomServer() as server:
            process = command(agent, "dev", **keys(server))
            dispatch, pid = await working(server, process)

            process.send_signal(signal.SIGINT)

            assert await end_of(process) == 0
            assert dispatch.status == "success"
            assert not alive(pid)

    run(life(), within=90)


def test_a_file_that_forgot_to_ask_whether_it_is_the_main_one_works(
    command: Command, agent: Path
) -> None:
    text = agent.read_text()
    agent.write_text(text.replace('if __name__ == "__main__":', "if True:"))

    async def life() -> None:
        async with RoomServer() as server:
            process = command(agent, "dev", **keys(server))
            dispatch, _ = await working(server, process)
            process.send_signal(signal.SIGTERM)
            assert await end_of(process) == 0
            assert dispatch.status == "success"

    run(life(), within=90)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_cannot_connect_still_hears_signals(
    command: Command, agent: Path, number: signal.Signals
) -> None:
    async def life() -> float:
        async with RoomServer() as gone:
            environ = keys(gone)
        process = command(*CLI, "start", agent, **environ)
        assert process.stderr is not None
        said = ""
        while "not connected" not in said:
            said = await asyncio.to_thread(process.stderr.readline)
        started = time.monotonic()

        process.send_signal(number)

        assert await end_of(process) == 0
        return time.monotonic() - started

    assert run(life(), within=90) < 20


def test_a_worker_that_is_refused_says_why_and_fails(command: Command, agent: Path) -> None:
    async def life() -> str:
        async with RoomServer() as server:
            wrong = {**keys(server), "LIVEKIT_API_SECRET": server.api_secret[::-1]}
            process = command(*CLI, "start", agent, **wrong)
            assert await end_of(process) == 1
            assert process.stderr is not None
            return process.stderr.read()

    said = run(life(), within=90)
    assert "LIVEKIT_API_SECRET" in said
    assert "Traceback" not in said
