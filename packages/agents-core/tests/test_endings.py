"""How job processes end, seen from outside: by the server, the parent, and the native library."""

from __future__ import annotations

import json
import multiprocessing
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest
from shim import counting

from agents_core.testing.room import RoomProcess

SUPPORT = Path(__file__).parent / "support"

ENDINGS = ("shutdown", "dispose", "return", "sys.exit", "os._exit", "SIGKILL")

VIAS = multiprocessing.get_all_start_methods()

FORKING = {"fork", "forkserver"}

SKIPS_ATEXIT = sys.version_info < (3, 13)
"""Forked children of multiprocessing end without atexit before Python 3.13 (cpython#114279)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A job's end, as its parent and the server saw it."""

    exit_code: int
    leave: str | None
    """The reason in its LeaveRequest."""
    clean: bool
    """Whether its websocket was closed, and did not just go away (RFC 6455, 7.1.5: 1006)."""


Start: TypeAlias = Callable[..., "subprocess.Popen[str]"]
Ended: TypeAlias = Callable[[str], Mapping[str, Seen]]


@pytest.fixture(scope="module")
def ended(stand_in: RoomProcess) -> Ended:
    """Has a job end in each way, for a way of starting them; once for all tests."""

    @cache
    def end_all(via: str) -> Mapping[str, Seen]:
        tokens = {ending: token(stand_in, f"{ending} via {via}") for ending in ENDINGS}
        run = subprocess.run(
            [sys.executable, SUPPORT / "endings.py", via, stand_in.url],
            input=json.dumps(tokens),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        codes = json.loads(run.stdout)
        return {ending: seen(stand_in, f"{ending} via {via}", codes[ending]) for ending in ENDINGS}

    return end_all


def seen(server: RoomProcess, identity: str, exit_code: int) -> Seen:
    """How the server saw a job go."""
    closed = server.wait_for("closed", identity)
    leave = next((event["reason"] for event in server.seen("leave", identity)), None)
    return Seen(exit_code=exit_code, leave=leave, clean=closed["clean"])


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("ending", ["shutdown", "dispose"])
def test_a_job_that_shuts_down_leaves_its_room_properly(
    ended: Ended, ending: str, via: str
) -> None:
    """With a disconnect, or with the dispose alone, which closes what is still open."""
    assert ended(via)[ending] == Seen(exit_code=0, leave="CLIENT_INITIATED", clean=True)


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize("ending", ["return", "sys.exit"])
def test_a_job_that_just_ends_leaves_a_phantom_where_nobody_runs_its_exit_functions(
    ended: Ended, ending: str, via: str
) -> None:
    """What the shutdown is there for: the SDK disposes of itself in `atexit` alone."""
    phantom = via in FORKING and SKIPS_ATEXIT
    end = ended(via)[ending]

    assert (end.leave, end.clean) == (None if phantom else "CLIENT_INITIATED", not phantom)
    # Where the native library calls back into an interpreter that is ending, it aborts the process.
    assert end.exit_code in {0, -signal.SIGABRT}


@pytest.mark.parametrize("via", VIAS)
@pytest.mark.parametrize(("ending", "exit_code"), [("os._exit", 0), ("SIGKILL", -signal.SIGKILL)])
def test_a_job_that_is_cut_off_leaves_a_phantom_in_the_room(
    ended: Ended, ending: str, exit_code: int, via: str
) -> None:
    assert ended(via)[ending] == Seen(exit_code=exit_code, leave=None, clean=False)


@pytest.mark.parametrize("ending", ["shutdown", "dispose"])
def test_a_stalled_server_keeps_no_process_beyond_its_deadlines(
    stand_in_to_stall: RoomProcess, start: Start, ending: str
) -> None:
    """Until livekit 1.2, disconnect and dispose do not return from this; later ones do."""
    invitation = ["--url", stand_in_to_stall.url, "--token", token(stand_in_to_stall, "held up")]
    job = start("job.py", ending, "--seconds", "0.5", "--wait", *invitation)
    assert read_line(job) == "ready\n"
    stand_in_to_stall.stall()

    started = time.monotonic()
    log = finish(job, told="go on\n")

    assert time.monotonic() - started < 5
    assert "INFO:agents_core.jobs:the job process ends" in log


def test_a_native_dispose_that_never_returns_keeps_no_process_beyond_its_deadline(
    counted: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIM_HANGS", "for ever")

    log = finish(start("job.py", "shutdown", "--seconds", "0.5", "--marks", counted))

    assert "WARNING:agents_core.jobs:native dispose: timed out" in log
    assert "native resources disposed" not in log
    assert marks_of(counted)[-2:] == ["dispose begins", "leave"]


def test_a_dispose_that_raises_is_a_warning_and_the_exit_status_stays(start: Start) -> None:
    log = finish(start("job.py", "raising"))

    assert "WARNING:agents_core.jobs:native dispose: failed, OSError: the native library" in log
    assert "native resources disposed" not in log


@pytest.mark.parametrize("via", [[], ["--via", "forkserver"]], ids=["alone", "forkserver"])
def test_dispose_is_called_once_after_the_last_callback_and_before_the_exit(
    counted: Path, start: Start, via: list[str]
) -> None:
    finish(start("job.py", "shutdown", "--marks", counted, *via))

    assert marks_of(counted) == [
        "initialize",
        "callback",
        "callback",
        "dispose begins",
        "dispose ends",
        "leave",
    ]


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the native library's beginning and end are noted, from below the SDK."""
    marks = tmp_path / "marks"
    for name, value in counting(tmp_path, marks).items():
        monkeypatch.setenv(name, value)
    return marks


def finish(job: subprocess.Popen[str], *, told: str = "", within: float = 20) -> str:
    """The log of a job that ends by itself, and with success."""
    _, log = job.communicate(told, timeout=within)
    assert job.returncode == 0, log
    return log


def marks_of(path: Path) -> list[str]:
    """What was noted, by one process alone: nobody but the job may touch the library."""
    pids, marks = zip(*(line.split(" ", 1) for line in path.read_text().splitlines()), strict=True)
    assert len(set(pids)) == 1
    return list(marks)


def read_line(job: subprocess.Popen[str], *, within: float = 20) -> str:
    """The next line that a job writes."""
    assert job.stdout is not None
    with ThreadPoolExecutor(1) as reader:
        line = reader.submit(job.stdout.readline)
        try:
            return line.result(within)
        except TimeoutError:
            job.kill()  # which ends the reading
            raise


def token(server: RoomProcess, identity: str) -> str:
    """What lets a job into a room of its own."""
    return server.token(identity, room=f"room of {identity}", agent=True)
