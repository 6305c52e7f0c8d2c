"""The README says what is so, and its example runs."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agents_core import Deadlines

if TYPE_CHECKING:
    from conftest import StandIn

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_example_joins_a_room_and_leaves_it_properly(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)[0]
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # as most people run it
    monkeypatch.setenv("LIVEKIT_URL", stand_in.url)
    monkeypatch.setenv("LIVEKIT_TOKEN", stand_in.token("reader"))

    run = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, text=True, timeout=60, check=True
    )

    # Written to a pipe, and flushed although the process leaves by os._exit.
    assert run.stdout == "over: the work is done\n"
    assert stand_in.wait_for("leave", "reader")["reason"] == "CLIENT_INITIATED"


def test_the_table_of_deadlines_is_the_one_in_the_code() -> None:
    rows = re.findall(r"^\| [a-z ]+ \| `(\w+)` \| (\d+) \|", README, re.MULTILINE)

    assert {name: float(seconds) for name, seconds in rows} == asdict(Deadlines())
