"""A module as a program in a child process: as a copy of this process, and as a fresh Python."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from monorelease.adapters.module import Ended, running

PROGRAM = """\
import os, sys, time
words = sys.argv[1:]
print("said", *words, os.getcwd() == os.path.realpath(os.getcwd()))
print("complained ü", file=sys.stderr)
match words[0]:
    case "exit": sys.exit(int(words[1]))
    case "say": sys.exit("last words")
    case "raise": raise ValueError("dropped")
    case "sleep": time.sleep(60)
    case "kill": os.kill(os.getpid(), 9)
"""


@pytest.fixture(params=["fork", "spawn"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a_program.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    if request.param == "spawn":
        monkeypatch.delattr(os, "fork")  # as on a system that cannot
    return tmp_path


def run(folder: Path, *words: str, seconds: float = 30) -> Ended:
    with running("a_program", words, folder) as program:
        return program.wait(seconds)


def test_its_streams_and_status_come_back(folder: Path) -> None:
    ended = run(folder, "exit", "3")

    assert (ended.status, ended.output) == (3, "said exit 3 True\n")
    assert ended.complaint == "complained ü\n"


@pytest.mark.parametrize(
    ("words", "status", "complaint"),
    [
        (("end",), 0, ""),
        (("say",), 1, "last words"),
        (("raise",), 1, "ValueError: dropped"),
        (("kill",), -9, ""),
    ],
    ids=["end", "say", "raise", "kill"],
)
def test_however_it_ends_that_is_told(
    folder: Path, words: tuple[str, ...], status: int, complaint: str
) -> None:
    ended = run(folder, *words)

    assert ended.status == status
    assert complaint in ended.complaint


def test_a_module_that_is_not_there_fails_in_words(folder: Path) -> None:
    with running("no_such_program", (), folder) as program:
        ended = program.wait(30)

    assert ended.status == 1
    assert "no_such_program" in ended.complaint


def test_it_is_stopped_when_its_time_is_over(folder: Path) -> None:
    begun = time.monotonic()

    ended = run(folder, "sleep", seconds=1)

    assert ended.status is None
    assert time.monotonic() - begun < 20


def test_it_does_not_outlive_a_body_that_fails(folder: Path) -> None:
    begun = time.monotonic()

    with (
        pytest.raises(LookupError, match="elsewhere"),
        running("a_program", ("sleep",), folder),
    ):
        raise LookupError("elsewhere")

    assert time.monotonic() - begun < 20


def test_it_is_at_work_while_the_body_runs(folder: Path) -> None:
    with running("a_program", ("end",), folder) as program:
        before = Path.cwd()
        ended = program.wait(30)

    assert ended.status == 0
    assert Path.cwd() == before
