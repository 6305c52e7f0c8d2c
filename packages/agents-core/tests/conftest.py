"""What the tests of agents-core start: job processes, and a stand-in for their server."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

SUPPORT = Path(__file__).parent / "support"


class StandIn:
    """A stand-in server, in a process of its own, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path) -> None:
        self._process = process
        self._said = said
        self.url: str = self.wait_for("listening")["url"]

    def invitation(self, identity: str) -> list[str]:
        """The options with which a job joins a room of its own."""
        return ["--url", self.url, "--token", self.token(identity)]

    def token(self, identity: str) -> str:
        """What lets `identity` in; signed by nobody."""
        claims = {"sub": identity, "video": {"room": f"room of {identity}"}}
        parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
        return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."

    def events(self, identity: str | None = None) -> list[dict[str, Any]]:
        """What was said, in order, of one participant or of nobody in particular."""
        lines = self._said.read_text().splitlines(keepends=True)
        said = [json.loads(line) for line in lines if line.endswith("\n")]
        return [event for event in said if event.get("identity") == identity]

    def wait_for(
        self, event: str, identity: str | None = None, *, within: float = 10
    ) -> dict[str, Any]:
        """The first such event; fails after `within` seconds without one."""
        give_up = time.monotonic() + within
        while time.monotonic() < give_up:
            for said in self.events(identity):
                if said["event"] == event:
                    return said
            time.sleep(0.01)
        pytest.fail(f"the stand-in server did not say {event!r} of {identity!r}: {self.events()}")

    def stall(self) -> None:
        """Stop answering, with every connection still open."""
        self._process.send_signal(signal.SIGSTOP)


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One stand-in server for all the tests that leave it running."""
    with _standing_in(tmp_path_factory.mktemp("stand-in")) as server:
        yield server


@pytest.fixture
def stand_in_to_stall(tmp_path: Path) -> Iterator[StandIn]:
    """A stand-in server for one test alone."""
    with _standing_in(tmp_path) as server:
        yield server


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


@contextlib.contextmanager
def _standing_in(folder: Path) -> Iterator[StandIn]:
    for module in ("aiohttp", "livekit.protocol"):
        if find_spec(module) is None:
            pytest.skip(f"the stand-in server needs {module}")
    if not _has_own_interface():
        pytest.skip("WebRTC ignores the loopback interface, and this machine has no other")
    said = folder / "said.jsonl"
    with (
        said.open("wb") as out,
        subprocess.Popen(
            [sys.executable, SUPPORT / "stand_in_server.py"], stdin=subprocess.PIPE, stdout=out
        ) as process,
    ):
        try:
            yield StandIn(process, said)
        finally:
            process.kill()


def _has_own_interface() -> bool:
    # Asks for a route alone: to connect a datagram socket sends nothing.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return False
        return not probe.getsockname()[0].startswith("127.")


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
