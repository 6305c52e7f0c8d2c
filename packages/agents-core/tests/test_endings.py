"""How job processes end, seen from outside: by the server, the parent, and the native library."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from conftest import StandIn

Start: TypeAlias = Callable[..., "subprocess.Popen[str]"]

SUPPORT = Path(__file__).parent / "support"

ABNORMAL = 1006
"""The websocket's close code where the connection just went away (RFC 6455, 7.1.5)."""

SKIPS_ATEXIT = sys.version_info < (3, 13)
"""Forked children of multiprocessing end without atexit before Python 3.13 (cpython#114279)."""

FORKING = [m for m in ("fork", "forkserver") if m in multiprocessing.get_all_start_methods()]


@pytest.mark.parametrize("via", FORKING)
def test_a_forked_job_that_just_returns_leaves_a_phantom_in_the_room(
    stand_in: StandIn, start: Start, via: str
) -> None:
    """What the shutdown is there for. From Python 3.13 on, the SDK's own atexit is run."""
    identity = f"phantom via {via}"

    finish(start("job.py", "return", "--via", via, *stand_in.invitation(identity)))

    closed = stand_in.wait_for("closed", identity)
    said = [event["event"] for event in stand_in.events(identity)]
    assert (closed["code"] == ABNORMAL) == SKIPS_ATEXIT
    assert ("leave" not in said) == SKIPS_ATEXIT


@pytest.mark.parametrize(
    ("ending", "via"), [("shutdown", "spawn"), *(("dispose", via) for via in [*FORKING, "spawn"])]
)
def test_a_job_that_shuts_down_leaves_its_room_properly(
    stand_in: StandIn, start: Start, via: str, ending: str
) -> None:
    """With a disconnect, or with the dispose alone, which closes what is still open."""
    identity = f"{ending} via {via}"

    log = finish(start("job.py", ending, "--via", via, *stand_in.invitation(identity)))

    assert "DEBUG:agents_core.jobs:native resources disposed" in log
    assert stand_in.wait_for("closed", identity)["code"] != ABNORMAL
    assert stand_in.wait_for("leave", identity)["reason"] == "CLIENT_INITIATED"


@pytest.mark.parametrize("ending", ["shutdown", "dispose"])
def test_a_stalled_server_keeps_no_process_beyond_its_deadlines(
    stand_in_to_stall: StandIn, start: Start, tmp_path: Path, ending: str
) -> None:
    """Until livekit 1.2, disconnect and dispose do not return from this; later ones do."""
    marks = tmp_path / "marks"
    invitation = stand_in_to_stall.invitation("held up")
    job = start("job.py", ending, "--seconds", "0.5", "--wait", "--marks", marks, *invitation)
    wait_for_mark(marks, "ready")
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
    compiler = which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("the counting shim needs a C compiler, cc, and Linux")
    shim = tmp_path / "shim.so"
    source = SUPPORT / "counting_shim.c"
    flags = ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([compiler, *flags, "-o", shim, source], check=True, timeout=60)
    library = distribution("livekit").locate_file("livekit/rtc/resources/liblivekit_ffi.so")
    marks = tmp_path / "marks"
    monkeypatch.setenv("LIVEKIT_LIB_PATH", str(shim))
    monkeypatch.setenv("SHIM_TARGET", str(library))
    monkeypatch.setenv("SHIM_MARKS", str(marks))
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


def wait_for_mark(marks: Path, what: str, *, within: float = 20) -> None:
    """Wait until a job has noted that it got this far."""
    give_up = time.monotonic() + within
    while time.monotonic() < give_up:
        if marks.exists() and what in marks.read_text():
            return
        time.sleep(0.01)
    pytest.fail(f"the job did not get as far as {what!r}")
