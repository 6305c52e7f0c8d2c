"""Completion in a real shell: the script is sourced, and asked as the Tab key asks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monorelease.cli.commands.completion import SHELLS
from monorelease.cli.parser import COMMANDS
from sandbox import Sandbox, surroundings

ASK = """
source "$SCRIPT"
COMP_WORDS=("$@")
COMP_CWORD=$(( $# - 1 ))
COMPREPLY=()
"$(complete -p monorelease | sed 's/.* -F \\([^ ]*\\) .*/\\1/')"
printf '%s\\n' "${COMPREPLY[@]}"
"""
"""What bash does at the last of some words."""

BASH = shutil.which("bash")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if BASH is None:
        pytest.skip("there is no bash here")
    sandbox = Sandbox(tmp_path_factory.mktemp("shell") / "empty")
    ran = sandbox.monorelease("completion", "bash")
    assert (ran.status, ran.stderr) == (0, "")
    path = sandbox.root / "completion.bash"
    path.write_text(ran.stdout, "utf-8")
    return path


def completed(sandbox: Sandbox, script: Path, *words: str) -> list[str]:
    """What the last word may become."""
    ran = sandbox.run(str(BASH), "--norc", "-c", ASK, "bash", *words, SCRIPT=str(script))
    assert (ran.status, ran.stderr) == (0, "")
    return ran.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["monorelease", "expl"], {"explain"}, id="a-command"),
        pytest.param(["monorelease", "publish", "--no-up"], {"--no-upload"}, id="a-flag"),
        pytest.param(["monorelease", "release", "--pre", ""], {"a", "b", "rc"}, id="a-choice"),
        pytest.param(["monorelease", "release", "--cwd", "pack"], {"packages"}, id="a-folder"),
        pytest.param(["monorelease", "completion", "z"], {"zsh"}, id="a-shell"),
    ],
)
def test_bash_completes(
    repository: Sandbox, script: Path, words: list[str], expected: set[str]
) -> None:
    assert set(completed(repository, script, *words)) == expected


def test_bash_completes_every_command(repository: Sandbox, script: Path) -> None:
    assert {*COMMANDS} <= set(completed(repository, script, "monorelease", ""))


@pytest.mark.skipif(
    shutil.which("monorelease", path=surroundings()["PATH"]) is None,
    reason="monorelease is not installed as a command",
)
@pytest.mark.parametrize(
    "words", [("explain",), ("publish", "--only"), ("release", "--except")], ids=" ".join
)
def test_bash_completes_the_names_of_members(
    repository: Sandbox, script: Path, words: tuple[str, ...]
) -> None:
    assert completed(repository, script, "monorelease", *words, "c") == ["client", "core"]


def test_the_names_are_told_one_on_a_line(repository: Sandbox) -> None:
    ran = repository.monorelease("completion", "members")

    assert (ran.status, ran.stdout, ran.stderr) == (0, "client\ncore\nserver\n", "")


@pytest.mark.parametrize("files", [{}, {"pyproject.toml": b"[tool.monorelease\n\xff"}])
def test_where_no_names_can_be_read_there_are_none(
    sandbox: Sandbox, files: dict[str, bytes]
) -> None:
    """An error message in the middle of a line helps nobody."""
    sandbox.write(files)
    ran = sandbox.monorelease("completion", "members")

    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_a_script(sandbox: Sandbox, shell: str) -> None:
    ran = sandbox.monorelease("completion", shell)

    assert (ran.status, ran.stderr) == (0, "")
    assert "release-pr" in ran.stdout
    assert "completion members" in ran.stdout
