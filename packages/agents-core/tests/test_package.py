"""What the package is before anybody uses it."""

from __future__ import annotations

import json
import subprocess
import sys

import agents_core

LOOK = """
import json, sys, threading
import agents_core
sdk = [name for name in sys.modules if name.partition(".")[0] == "livekit"]
print(json.dumps({"sdk": sdk, "threads": threading.active_count()}))
"""


def test_an_import_loads_no_sdk_and_starts_nothing() -> None:
    run = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, timeout=60, check=True)

    assert json.loads(run.stdout) == {"sdk": [], "threads": 1}


def test_every_public_name_is_there_and_sorted() -> None:
    assert agents_core.__all__ == sorted(agents_core.__all__)
    assert all(hasattr(agents_core, name) for name in agents_core.__all__)
