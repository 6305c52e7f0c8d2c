"""What surrounds a command: who may end it, and which repository it is in."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index_server import ALWAYS, Fault, IndexServer
from killing import is_gone
from monorelease.cli import main
from monorelease.cli.wiring import look_around
from publishing import OFFLINE, TOKEN, released
from pypi_server import needs_uv
from sandbox import PATIENCE, TOOL, Sandbox, surroundings, toy

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


@contextmanager
def at_work(sandbox: Sandbox, *words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """The tool, while the body is."""
    with subprocess.Popen(
        (*TOOL, *words),
        cwd=sandbox.root,
        env=surroundings(**environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(path: Path) -> str:
    """What is in a file that somebody is about to make."""
    end = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    return path.read_text()


# ── being ended ─────────────────────────────────────────────────────────────────────────

BACKEND = """\
import os, pathlib, time
def get_requires_for_build_sdist(settings=None):
    draft = pathlib.Path(os.environ["MARK"] + ".draft")
    draft.write_text(str(os.getpid()))
    draft.rename(os.environ["MARK"])
    time.sleep(60)
"""


@needs_uv
@needs_signals
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_who_is_ended_while_it_builds_leaves_nothing_behind(name: str, tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "repository")
    backend = '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
    project = '[project]\nname = "core"\nversion = "1.0.0"\n'
    sandbox.write(
        {"packages/core/pyproject.toml": backend + project, "packages/core/slow.py": BACKEND}
    )
    sandbox.commit("Build slowly")
    scratch, mark = tmp_path / "scratch", tmp_path / "mark"
    scratch.mkdir()
    own = {"TMPDIR": str(scratch), "MARK": str(mark)}

    with at_work(sandbox, "build", "core", "--at", "HEAD", **OFFLINE, **own) as process:
        backend_pid = int(wait_for(mark))
        process.send_signal(getattr(signal, name))
        _, told = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert b"interrupted" in told
    assert is_gone(backend_pid)
    assert list(scratch.iterdir()) == []


@needs_signals
def test_who_is_ended_while_an_index_is_silent_ends_at_once(tmp_path: Path) -> None:
    with IndexServer(faults=[Fault(on="page", seconds=PATIENCE, times=ALWAYS)]) as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        with at_work(sandbox, "pending", **TOKEN) as process:
            while not index.requests:
                time.sleep(0.01)
            begin = time.monotonic()
            process.terminate()
            process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert time.monotonic() - begin < 10


@needs_signals
def test_a_signal_that_is_ignored_stays_so() -> None:
    """``nohup`` lets a program go on when its terminal is closed."""
    program = (
        "import signal\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from monorelease.cli.wiring import heed_signals; heed_signals()\n"
        "signal.raise_signal(signal.SIGHUP); print('still here')"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, timeout=PATIENCE, check=True
    )

    assert ended.stdout.strip() == b"still here"


def test_who_calls_a_command_keeps_its_signals(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    main(["check", "--cwd", str(tmp_path)])

    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


# ── in a hook ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": "{other}/.git"},
        {"GIT_DIR": ".", "GIT_QUARANTINE_PATH": "objects/incoming"},
        {"GIT_DIR": "{other}/.git", "GIT_WORK_TREE": "{other}"},
        {"GIT_INDEX_FILE": "{other}/.git/index"},
        {"GIT_LITERAL_PATHSPECS": "1"},
    ],
)
def test_a_hook_of_another_repository_leads_nowhere(
    variables: dict[str, str], tmp_path: Path
) -> None:
    sandbox, other = toy(tmp_path / "own"), Sandbox(tmp_path / "other")
    expected = sandbox.monorelease("pending", "--json")
    environment = {name: text.format(other=other.root) for name, text in variables.items()}

    ran = sandbox.monorelease("pending", "--json", **environment)

    assert expected.status == 0, expected.stderr
    assert ran == expected


def test_a_hook_of_this_repository_keeps_the_index_of_its_commit(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sandbox.root)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")

    environment = look_around(Path("packages")).environment

    assert "GIT_DIR" not in environment
    assert environment["GIT_INDEX_FILE"] == str(sandbox.root / ".git/next-index-1.lock")
