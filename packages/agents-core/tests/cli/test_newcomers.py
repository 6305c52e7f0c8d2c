"""What goes wrong on the first day is told in a line, with an exit status, and no traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from command_line import Ran, agents_core

KEYS = {
    "LIVEKIT_URL": "ws://127.0.0.1:9",
    "LIVEKIT_API_KEY": "key",
    "LIVEKIT_API_SECRET": "a secret that is long enough for a token",
}
AGENT = "async def entrypoint(ctx): ...\n"
OPTIONS = "from agents_core.worker.options import WorkerOptions\n"
INNER = """
def make():
    async def inner(ctx): ...
    return inner
"""
PORT = """
from agents_core.worker.options import WorkerOptions

async def entrypoint(ctx): ...

options = WorkerOptions(entrypoint_fnc=entrypoint, host="127.0.0.1", port={port})
"""


def called(
    folder: Path, text: str, *, command: str = "dev", file: str = "agent.py", **environ: str
) -> Ran:
    path = folder / file.partition(":")[0]
    path.write_text(text)
    return agents_core(command, folder / file, folder=folder, **environ)


@pytest.mark.parametrize("command", ["start", "dev", "console", "room"])
def test_a_file_without_an_entry_point(command: str, tmp_path: Path) -> None:
    ran = called(tmp_path, "agent = None\n", command=command, **KEYS)

    assert ran.status == 2
    assert ran.err.endswith("agent.py has neither WorkerOptions nor an entrypoint\n")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("entrypoint = lambda ctx: None\n", "is neither WorkerOptions nor an async function"),
        ("def entrypoint(ctx): ...\n", "is neither WorkerOptions nor an async function"),
        (
            OPTIONS + "options = WorkerOptions(entrypoint_fnc=lambda ctx: None)",
            "a job process cannot import <lambda>: define it at the top level of a module",
        ),
        (
            OPTIONS + INNER + "options = WorkerOptions(entrypoint_fnc=make())",
            "a job process cannot import make.<locals>.inner",
        ),
        (
            OPTIONS + "def entry(ctx): ...\noptions = WorkerOptions(entrypoint_fnc=entry)",
            "the entry point entry has to be an async function: async def",
        ),
        (
            OPTIONS + AGENT + "one = two = WorkerOptions(entrypoint_fnc=entrypoint)",
            "agent.py:NAME, please: it has one, two",
        ),
    ],
    ids=["lambda", "def", "lambda in options", "inner function", "def in options", "two of them"],
)
@pytest.mark.parametrize("command", ["dev", "console"])
def test_an_entry_point_that_is_none(command: str, text: str, why: str, tmp_path: Path) -> None:
    ran = called(tmp_path, text, command=command, **KEYS)

    assert ran.status == 2
    assert why in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("file", ["README.md", "agent", "agent.v2.py"])
def test_a_file_that_is_no_module(file: str, tmp_path: Path) -> None:
    ran = called(tmp_path, AGENT, file=file)

    assert ran.status == 2
    assert f"{file} cannot be imported: an agent's file is called like agent.py" in ran.err


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "nobody.py", tmp_path):
        ran = agents_core("console", path, folder=tmp_path)
        assert ran.status == 2
        assert f"there is no file {path}" in ran.err


def test_a_name_that_the_file_does_not_have(tmp_path: Path) -> None:
    ran = called(tmp_path, AGENT, file="agent.py:entripoint")

    assert ran.status == 2
    assert "agent.py has no 'entripoint'" in ran.err


@pytest.mark.parametrize("missing", KEYS)
def test_credentials_that_are_missing_are_named(missing: str, tmp_path: Path) -> None:
    keys = {name: value for name, value in KEYS.items() if name != missing}

    ran = called(tmp_path, AGENT, **keys)

    assert ran.status == 2
    assert missing in ran.err
    assert "Traceback" not in ran.err


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = called(tmp_path, PORT.format(port=port), command="start", **KEYS)

    assert ran.status == 1
    assert str(port) in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_cannot_be_imported_shows_where_it_broke(tmp_path: Path) -> None:
    ran = called(tmp_path, "import a_plugin_that_is_not_installed\n")

    assert ran.status == 1
    assert "ModuleNotFoundError: No module named 'a_plugin_that_is_not_installed'" in ran.err
