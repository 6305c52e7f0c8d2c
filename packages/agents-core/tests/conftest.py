"""What the tests of agents-core start: job processes, and a stand-in for their server."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents_core.testing.room import RoomProcess, room_is_possible

SUPPORT = Path(__file__).parent / "support"
CLEAN = "AGENTS_CORE_CLEAN_PROCESS"
"""Set where a process is for one test alone."""

sys.path.append(str(SUPPORT))

from sdk import SdkProcess  # noqa: E402 - it is found there


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that forks, or disposes, in a process in which nothing has run before.

    What is forked from a process that has used the native library cannot use it any more, nor can
    anybody after a dispose; and who forks where threads of others run may find their locks held.
    """
    environ = os.environ  # noqa: TID251 - it is handed on
    if pyfuncitem.get_closest_marker("clean_process") is None or CLEAN in environ:
        return None
    again = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    test = f"{pyfuncitem.path}::{pyfuncitem.nodeid.partition('::')[2]}"
    ran = subprocess.run(
        [*again, test],
        cwd=pyfuncitem.config.rootpath,
        env={**environ, CLEAN: "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if ran.returncode:
        pytest.fail(ran.stdout + ran.stderr, pytrace=False)
    return True


@pytest.fixture(scope="session")
def stand_in() -> Iterator[RoomProcess]:
    """One stand-in server, in a process, for all the tests that leave it running."""
    _skip_without_room()
    with RoomProcess() as server:
        yield server


@pytest.fixture
def stand_in_to_stall() -> Iterator[RoomProcess]:
    """A stand-in server for one test alone."""
    _skip_without_room()
    with RoomProcess() as server:
        yield server


@pytest.fixture(scope="session")
def sdk() -> Iterator[SdkProcess]:
    """The process in which the tests with the SDK run; see `sdk.with_sdk`."""
    _skip_without_room()
    process = SdkProcess()
    yield process
    process.stop()


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a script of the support folder; it is gone when the test is over."""
    started: list[subprocess.Popen[str]] = []

    def start_script(script: str, *arguments: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, SUPPORT / script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start_script
    for process in started:
        with process:  # closes the pipes and reaps
            _kill_group(process.pid)


def _skip_without_room() -> None:
    if (why := room_is_possible()) is not None:
        pytest.skip(why)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
