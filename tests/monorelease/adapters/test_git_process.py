from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from killing import is_gone
from monorelease.adapters.git_process import Answer, GitProcess, refused, without_credentials
from sandbox import PATIENCE, Sandbox


def test_a_question_is_put_and_answered_in_any_bytes(sandbox: Sandbox) -> None:
    (sandbox.root / "data").write_bytes(b"caf\xe9")
    name = sandbox.git("hash-object", "data")

    answer = GitProcess(sandbox.root).read("hash-object", "--stdin", stdin="caf\udce9")

    assert answer == Answer(status=0, out=name.encode(), complaint="")
    assert answer.text == name


def test_what_git_says_against_it_is_told_whole(sandbox: Sandbox) -> None:
    answer = GitProcess(sandbox.root).read("rev-parse", "--verify", "nobody")

    assert answer.status != 0
    assert str(refused("rev-parse", answer)) == (
        "git rev-parse failed: fatal: Needed a single revision"
    )


def test_what_git_says_to_nobody_in_particular_is_told_too() -> None:
    silent = Answer(status=1, out=b"", complaint="")
    nothing = Answer(status=1, out=b"nothing to commit\n", complaint="")

    assert str(refused("commit", silent)) == "git commit failed: it did not say why"
    assert str(refused("commit", nothing)) == "git commit failed: nothing to commit"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "fatal: 'https://git.example/r.git' not found",
            "fatal: 'https://git.example/r.git' not found",
        ),
        ("no https://ada:s3cret@git.example/r, sorry", "no https://…@git.example/r, sorry"),
        ("no https://s3cret@git.example:80/r", "no https://…@git.example:80/r"),
        ("no ssh://ada:a/b@c@git.example/r", "no ssh://…@git.example/r"),
        ("no git@git.example:r.git", "no git@git.example:r.git"),
        ("a://b:c@d 'e://f:g@h' no", "a://…@d 'e://…@h' no"),
    ],
)
def test_what_git_says_is_told_without_credentials(said: str, told: str) -> None:
    assert str(refused("push", Answer(status=1, out=b"", complaint=said))).endswith(f": {told}")
    assert without_credentials(said) == told


def test_a_question_writes_nothing(sandbox: Sandbox) -> None:
    """Not even the index, which `git status` would refresh: somebody may be at work."""
    sandbox.write({"a": "1"})
    sandbox.commit("First")
    os.utime(sandbox.root / "a", (1, 1))
    index = (sandbox.root / ".git/index").read_bytes()

    assert GitProcess(sandbox.root).read("status", "--porcelain").out == b""

    assert (sandbox.root / ".git/index").read_bytes() == index


@pytest.mark.parametrize("is_alone", [True, False])
def test_a_command_that_hangs_is_stopped(*, is_alone: bool, sandbox: Sandbox) -> None:
    sandbox.git("config", "alias.wait", "!sleep 60")
    begin = time.monotonic()

    answer = GitProcess(sandbox.root).run("wait", seconds=0.5, is_alone=is_alone)

    assert time.monotonic() - begin < 30
    assert answer.status != 0
    assert str(refused("wait", answer)) == (
        "git wait failed: it did not end within 0.5 s, and was stopped"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_what_it_started_is_stopped_without_help_from_other_programs(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Containers often have no ``ps``."""
    sandbox.git("config", "alias.wait", f"!sleep 60 & echo $! > '{tmp_path}/child'; wait")
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("git", "sh", "sleep"):
        (tools / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(tools))
    begin = time.monotonic()

    GitProcess(sandbox.root).run("wait", seconds=1.0, is_alone=True)

    assert time.monotonic() - begin < 30
    assert is_gone(int((tmp_path / "child").read_text()))


@pytest.mark.skipif(sys.platform == "win32", reason="sends signals")
def test_an_interruption_ends_what_hangs(sandbox: Sandbox, tmp_path: Path) -> None:
    """The one who is interrupted is another process: its git has a session of its own."""
    mark = tmp_path / "child"
    sandbox.git(
        "config", "alias.wait", f"!echo $$ > '{mark}.draft'; mv '{mark}.draft' '{mark}'; sleep 60"
    )
    program = (
        "import sys; from pathlib import Path\n"
        "from monorelease.adapters.git_process import GitProcess\n"
        "GitProcess(Path(sys.argv[1])).run('wait', seconds=60.0, is_alone=True)"
    )

    with subprocess.Popen(
        [sys.executable, "-c", program, str(sandbox.root)], stderr=subprocess.PIPE
    ) as waiting:
        while not mark.exists():
            time.sleep(0.01)
        begin = time.monotonic()
        waiting.send_signal(signal.SIGINT)
        waiting.communicate(timeout=PATIENCE)

    assert time.monotonic() - begin < 30
    assert is_gone(int(mark.read_text()))
