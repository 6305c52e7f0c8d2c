from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from killing import is_gone
from monorelease.adapters.commands import LAST_LINES, Ended, run

SOON = 30.0
"""Seconds after which these tests give up."""


def python(program: str, *words: str) -> list[str]:
    return [sys.executable, "-c", program, *words]


def test_a_command_that_succeeds_says_so(tmp_path: Path) -> None:
    assert run(python("print('done')"), tmp_path, seconds=SOON) == Ended(
        status=0, last_words="done"
    )


def test_a_command_that_fails_keeps_its_status_and_both_its_streams(tmp_path: Path) -> None:
    program = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(7)"

    assert run(python(program), tmp_path, seconds=SOON) == Ended(status=7, last_words="out\nerr")


def test_it_runs_in_the_folder_that_was_named(tmp_path: Path) -> None:
    ended = run(python("import os; print(os.getcwd())"), tmp_path, seconds=SOON)

    assert ended.last_words == str(tmp_path.resolve())


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    words = ["$HOME", "*", "; touch forged", "$(touch forged)", "a b", "'", '"', "", "-x\n"]

    ended = run(python("import sys; print(sys.argv[1:])", *words), tmp_path, seconds=SOON)

    assert ended.last_words == str(words)
    assert list(tmp_path.iterdir()) == []


def test_only_the_last_lines_are_repeated(tmp_path: Path) -> None:
    ended = run(python("for n in range(1000): print(n)"), tmp_path, seconds=SOON)

    assert ended.last_words.split() == [str(n) for n in range(1000 - LAST_LINES, 1000)]


def test_bytes_that_are_no_text_are_replaced(tmp_path: Path) -> None:
    program = r"import sys; sys.stdout.buffer.write(b'\xff caf\xc3\xa9')"

    assert run(python(program), tmp_path, seconds=SOON).last_words == "\ufffd café"


def test_nobody_waits_for_an_answer_from_the_keyboard(tmp_path: Path) -> None:
    ended = run(python("import sys; print(repr(sys.stdin.read()))"), tmp_path, seconds=SOON)

    assert ended.last_words == "''"


@pytest.mark.parametrize("name", ["no-such-program", "./not-executable", "./folder"])
def test_what_cannot_be_started_has_no_status_and_says_why(name: str, tmp_path: Path) -> None:
    (tmp_path / "not-executable").write_text("x")
    (tmp_path / "folder").mkdir()

    ended = run([name, "x"], tmp_path, seconds=SOON)

    assert ended.status is None
    assert ended.last_words.startswith(f"{name}: ")


def test_an_argument_that_no_program_can_get_is_a_failure_too(tmp_path: Path) -> None:
    ended = run(python("", "a\0b"), tmp_path, seconds=SOON)

    assert ended.status is None
    assert ended.last_words


def test_a_command_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    begin = time.monotonic()

    ended = run(["sh", "-c", "echo working; sleep 60"], tmp_path, seconds=1)

    assert time.monotonic() - begin < SOON
    assert ended == Ended(status=None, last_words="stopped after 1 s\nworking")


def test_all_that_it_started_is_stopped_with_it(tmp_path: Path) -> None:
    """Also what asked not to be disturbed."""
    script = "trap '' TERM INT HUP; sleep 60 & echo $! > child; wait"

    run(["sh", "-c", script], tmp_path, seconds=1)

    assert is_gone(int((tmp_path / "child").read_text()))


def test_a_daemon_that_it_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    """It holds the output open, and is in a session of its own."""
    program = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session=True)\n"
    )
    begin = time.monotonic()

    run(python(program, "import time; time.sleep(20)"), tmp_path, seconds=1)

    assert time.monotonic() - begin < 10
