"""The server in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest
from raw_rooms import registered, run

from agents_core.testing.room import NotSeen, RoomProcess
from agents_core.testing.room import process as room_process


@pytest.fixture(scope="module")
def server() -> RoomProcess:
    with RoomProcess() as server:
        yield server


def test_it_does_what_it_is_told_and_tells_what_it_did(server: RoomProcess) -> None:
    async def scenario() -> None:
        async with registered(server) as worker:
            server.tell("dispatch", room="a room", job_id="AJ_mine")
            await worker.take(participant_identity="agent")
            await worker.hear("assignment")
            assigned = server.wait_for("job_assigned", job="AJ_mine")
            server.terminate("AJ_mine")
            assert (await worker.hear("termination")).job_id == "AJ_mine"
            assert assigned.identity == "agent"

    run(scenario)


def test_what_it_does_not_understand_ends_nothing(server: RoomProcess) -> None:
    server.tell("fly")
    server.delete_room("nowhere")
    with pytest.raises(NotSeen, match="room_deleted"):
        server.wait_for("room_deleted", within=0.1)


def test_it_can_be_stalled_and_goes_on(server: RoomProcess) -> None:
    server.stall()
    server.tell("dispatch", room="later", job_id="AJ_later", within=0.01)
    with pytest.raises(NotSeen):
        server.wait_for("room_created", within=0.1, room="later")
    server.go_on()
    server.wait_for("room_created")


def test_it_ends_when_its_standard_input_does() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "agents_core.testing.room", "--api-secret", "s" * 32],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert '"event": "listening"' in process.stdout.readline()
    process.communicate(timeout=20)

    assert process.returncode == 0


def test_one_that_is_stalled_ends_too() -> None:
    started = time.monotonic()
    with RoomProcess() as stalled:
        stalled.stall()

    assert time.monotonic() - started < 30
    assert "s" not in stalled.events  # the events can still be read


def test_one_that_is_killed_is_gone() -> None:
    with RoomProcess() as killed:
        killed.kill()
        killed.stop()  # nothing more to do


def test_one_that_does_not_start_in_time_is_not_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room_process, "_STARTING", 0.01)
    late = RoomProcess()

    with pytest.raises(NotSeen), late:
        pass

    assert not psutil.pid_exists(late.pid)
