"""The README says what is so, and its example runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from agent_pages import blocks_of

from agents_core.testing.room import RoomProcess, room_is_possible

ALONE = "run by test_readme.py, in a room"
AGENT = "as an agent"
TYPED = re.compile(
    r"^```console\n\$ agents-core (\w+) agent\.py([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
README = Path(__file__).parents[1] / "README.md"


def test_the_example_joins_a_room_and_leaves_it_properly(
    stand_in: RoomProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    [example] = [block.code for block in blocks_of(README) if block.how == ALONE]
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # as most people run it
    monkeypatch.setenv("LIVEKIT_URL", stand_in.url)
    monkeypatch.setenv("LIVEKIT_TOKEN", stand_in.token("reader", room="a room"))

    run = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, text=True, timeout=60, check=True
    )

    # Written to a pipe, and flushed although the process leaves by os._exit.
    assert run.stdout == "over: the work is done\n"
    assert stand_in.wait_for("leave", "reader")["reason"] == "CLIENT_INITIATED"


@pytest.mark.parametrize("command", ["console", "room"])
def test_the_first_agent_answers_as_the_page_shows(command: str, tmp_path: Path) -> None:
    if command == "room" and (why := room_is_possible()) is not None:
        pytest.skip(why)
    [code] = [block.code for block in blocks_of(README) if block.how == AGENT]
    (tmp_path / "agent.py").write_text(code, encoding="utf-8")
    typed = {name: (options, shown) for name, options, shown in TYPED.findall(README.read_text())}
    options, shown = typed[command]

    run = subprocess.run(
        [sys.executable, "-m", "agents_core.cli", command, "agent.py", *shlex.split(options)],
        input="".join(re.findall(r"^> (.*\n)", shown, re.MULTILINE)),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    wanted = [plain(line) for line in shown.splitlines() if line != "..."]
    assert [plain(line) for line in run.stdout.splitlines()][-len(wanted) :] == wanted


def plain(line: str) -> str:
    """Without the number of the job."""
    return re.sub(r"AJ_[\w-]+", "AJ_0", line)
