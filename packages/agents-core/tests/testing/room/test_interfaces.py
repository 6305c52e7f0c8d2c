"""Whether a room is possible here, and what it costs who wants none."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from agents_core.testing.room import interfaces, room_is_possible


def test_a_machine_with_loopback_alone_is_no_place_for_a_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_route(_socket: socket.socket, _address: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", no_route, raising=False)

    assert "loopback" in (room_is_possible() or "")


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(interfaces._NEEDED, "no_such_module.below", "no-such-package")

    assert "no-such-package: install agents-core[testing-room]" in (room_is_possible() or "")


def test_what_needs_the_extra_is_imported_when_it_is_asked_for() -> None:
    script = """
import sys
import agents_core, agents_core.testing.room as room
room.RoomProcess, room.room_is_possible()
print(sorted({"aiohttp", "aiortc", "av", "livekit.rtc", "numpy"} & set(sys.modules)))
room.RoomServer
print("aiortc" in sys.modules)
try:
    room.Unknown
except AttributeError as error:
    print(error)
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )

    assert run.stdout.splitlines() == [
        "[]",
        "True",
        "module 'agents_core.testing.room' has no attribute 'Unknown'",
    ]
