"""Commands that end at once; those that stay are in test_start.py."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from agents_core.cli import main
from agents_core.cli.commands import COMMANDS

Command = Callable[..., "subprocess.Popen[str]"]

LIGHT = """
import json, sys
import agents_core.cli
heavy = {"aiohttp", "livekit", "psutil", "pydantic", "numpy", "multiprocessing"}
print(json.dumps(sorted(heavy & {name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"):
        monkeypatch.delenv(variable, raising=False)


def test_help_tells_every_command_and_every_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    told = " ".join(capsys.readouterr().out.split())
    assert left.value.code == 0
    assert all(f"{command.name} {command.help}" in told for command in COMMANDS)
    assert "128+n" in told


@pytest.mark.parametrize("arguments", [[], ["walk"], ["start"], ["start", "a.py", "--fast"]])
def test_a_wrong_line_of_arguments_is_a_matter_of_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)

    assert left.value.code == 2


def test_a_file_that_is_not_there_is_a_matter_of_usage(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["start", str(tmp_path / "nobody.py")]) == 2
    assert "nobody.py" in capsys.readouterr().err


def test_a_missing_variable_is_a_matter_of_usage(command: Command, agent: Path) -> None:
    process = command("-m", "agents_core.cli", "start", agent, LIVEKIT_URL="ws://127.0.0.1:9")
    _, said = process.communicate(timeout=30)

    assert process.returncode == 2
    assert "LIVEKIT_API_KEY" in said
    assert "Traceback" not in said


def test_an_address_that_is_none_is_an_honest_error(command: Command, agent: Path) -> None:
    process = command(agent, "start", "--url", "127.0.0.1:7880", LIVEKIT_API_KEY="key")
    _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "LIVEKIT_URL" in said
    assert "Traceback" not in said


def test_the_command_line_is_light(command: Command) -> None:
    process = command("-c", LIGHT)
    said, _ = process.communicate(timeout=30)

    assert json.loads(said) == []
