"""What the package is before anybody uses it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import agents_core

SLOW = ("aiohttp", "aiortc", "av", "google", "livekit", "numpy", "psutil", "pydantic", "soxr")
"""Each takes longer to import than all of the core; the native library is behind one of them."""

LOOK = """
import json, pkgutil, sys, threading
from importlib import import_module
import agents_core

def look(told, slow=frozenset(sys.argv[1].split(","))):
    found = sorted({name.partition(".")[0] for name in sys.modules} & slow)
    report[told] = [found, threading.active_count()]

report = {}
look("agents_core")
for room in pkgutil.walk_packages(agents_core.__path__, "agents_core."):
    parts = room.name.split(".")
    if parts[1:3] != ["testing", "room"] and parts[-1] != "__main__":
        import_module(room.name)
        look(room.name)
print(json.dumps(report))
"""
"""After each import, what is loaded and how many threads run; the stand-in room may load all."""


def test_no_import_of_any_room_is_slow_or_starts_anything() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOOK, ",".join(SLOW)], capture_output=True, timeout=60, check=True
    )

    report = json.loads(run.stdout)
    assert next(iter(report)) == "agents_core"
    assert {room: seen for room, seen in report.items() if seen != [[], 1]} == {}


def test_every_public_name_is_there_under_its_own_name() -> None:
    assert sorted(agents_core._ROOMS) == sorted(agents_core.__all__)
    assert set(agents_core.__all__) <= set(dir(agents_core))
    found = {name: getattr(agents_core, name) for name in agents_core.__all__}

    assert {
        name for name, each in found.items() if getattr(each, "__name__", name) != name
    } == set()


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = agents_core.nonsense
