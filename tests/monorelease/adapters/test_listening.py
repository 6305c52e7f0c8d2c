"""A program is heard line by line, for as long as it may take and no longer."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from killing import is_gone
from monorelease.adapters.listening import Listener, listening

SOON = 30.0
"""Seconds after which these tests give up."""


def python(program: str) -> list[str]:
    return [sys.executable, "-c", f"import sys, time\n{program}"]


def heard(listener: Listener) -> Iterator[str]:
    while (line := listener.hear(time.monotonic() + SOON)) is not None:
        yield line


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_every_line_of_one_stream_is_heard_and_the_other_goes_nowhere(
    stream: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert stream in {"stdout", "stderr"}
    program = "print('out')\nprint('err', file=sys.stderr)\nsys.exit(3)"

    with listening(python(program), environment={}, to=stream) as listener:  # type: ignore[arg-type]
        assert list(heard(listener)) == [f"{stream[3:]}\n"]
        assert listener.end(SOON) == 3

    assert capfd.readouterr() == ("", "")


def test_a_line_is_heard_before_the_next_is_said(tmp_path: Path) -> None:
    program = f"""
print("one", flush=True)
while not __import__("os").path.exists({str(tmp_path / "go")!r}): time.sleep(0.01)
print("two")
"""

    with listening(python(program), environment={}, to="stdout") as listener:
        assert listener.hear(time.monotonic() + SOON) == "one\n"
        (tmp_path / "go").touch()
        assert list(heard(listener)) == ["two\n"]


def test_what_is_not_said_in_time_is_not_waited_for_and_the_program_is_stopped(
    tmp_path: Path,
) -> None:
    begin = time.monotonic()
    script = f"trap '' TERM INT HUP; sleep 60 & echo $! > '{tmp_path}/child'; wait"

    with (
        listening(["sh", "-c", script], environment={"PATH": os.defpath}, to="stderr") as listener,
        pytest.raises(TimeoutError),
    ):
        listener.hear(time.monotonic() + 1)

    assert time.monotonic() - begin < SOON
    assert listener.end(0) is not None  # it was buried
    assert is_gone(int((tmp_path / "child").read_text()))


def test_who_does_not_end_after_its_last_words_is_stopped() -> None:
    program = "__import__('os').close(1)\ntime.sleep(60)"

    with listening(python(program), environment={}, to="stdout") as listener:
        assert listener.hear(time.monotonic() + SOON) is None
        assert listener.end(0.2) is None


def test_a_body_that_fails_leaves_nobody_behind() -> None:
    with (
        pytest.raises(KeyError),
        listening(python("time.sleep(60)"), environment={}, to="stdout") as listener,
    ):
        raise KeyError

    assert listener.end(0) is not None


def test_who_inherits_the_pipe_is_not_waited_for() -> None:
    """A daemon that the program leaves behind is in a session of its own."""
    begin = time.monotonic()
    program = """
import subprocess
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(8)"], start_new_session=True)
print("done")
"""

    with listening(python(program), environment={}, to="stdout") as listener:
        assert listener.hear(time.monotonic() + SOON) == "done\n"
        assert listener.end(SOON) == 0

    assert time.monotonic() - begin < 8


def test_it_sees_the_environment_that_it_is_given_and_no_keyboard() -> None:
    program = "import os; print(sorted(k for k in os.environ if k != 'LC_CTYPE'), sys.stdin.read())"

    with listening(python(program), environment={"A": "b"}, to="stdout") as listener:
        assert list(heard(listener)) == ["['A'] \n"]


def test_endless_words_are_read_and_not_kept() -> None:
    program = "print(('x' * 99 + '\\n') * 100_000 + 'y' * 200_000)"

    with listening(python(program), environment={}, to="stdout") as listener:
        lines = list(heard(listener))
        assert listener.end(SOON) == 0

    assert 1_000_000 < sum(map(len, lines)) <= 1024 * 1024


def test_bytes_that_are_no_text_are_replaced() -> None:
    program = r"sys.stdout.buffer.write(b'\xff caf\xc3\xa9')"

    with listening(python(program), environment={}, to="stdout") as listener:
        assert list(heard(listener)) == ["\ufffd café"]


def test_what_cannot_be_started_is_an_error() -> None:
    with (
        pytest.raises(FileNotFoundError),
        listening(["no-such-program"], environment={}, to="stdout"),
    ):
        pass
