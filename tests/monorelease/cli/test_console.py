"""Colours on terminals and nowhere else, and nothing on them that steers them."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from sandbox import PATIENCE, TOOL, Sandbox, surroundings, toy

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")

ESCAPE = "\x1b"
COLOUR = re.compile(r"\x1b\[\d*m")


@pytest.fixture
def repository(tmp_path: Path) -> Sandbox:
    return toy(tmp_path / "repository")


def on_a_terminal(repository: Sandbox, *words: str, **environment: str) -> str:
    import pexpect

    output = pexpect.run(
        " ".join([*TOOL, *words]),
        cwd=str(repository.root),
        env=surroundings(**{"TERM": "xterm", "NO_COLOR": "", **environment}),
        timeout=PATIENCE,
        encoding="utf-8",
    )
    return str(output).replace("\r\n", "\n")


def test_a_terminal_gets_colours_around_the_same_words(repository: Sandbox) -> None:
    shown = on_a_terminal(repository, "status")

    assert COLOUR.search(shown)
    assert COLOUR.sub("", shown) == repository.monorelease("status").stdout


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_who_wants_no_colours_gets_none(repository: Sandbox, environment: dict[str, str]) -> None:
    assert ESCAPE not in on_a_terminal(repository, "status", **environment)


def test_findings_have_colours_on_a_terminal(repository: Sandbox) -> None:
    repository.write({"changes/bad.fix.md": "---\nnobody: patch\n---\n\nWords.\n"})

    assert on_a_terminal(repository, "check").startswith(f"{ESCAPE}[31merror{ESCAPE}[")


@pytest.mark.parametrize("command", ["check", "status", "release", "explain core"])
def test_hostile_names_and_texts_do_not_reach_the_terminal(
    repository: Sandbox, command: str
) -> None:
    repository.write(
        {
            f"changes/{ESCAPE}[2Jwipe.fix.md": "---\ncore: patch\n---\n\nA hostile name.\n",
            "changes/7.fix.md": f"---\ncore: patch\n---\n\nA {ESCAPE}]0;hostile\x07 text.\n",
            "changes/8.fix.md": f'---\n"co{ESCAPE}[31mre": patch\n---\n\nA hostile member.\n',
            "changes/9.fix.md": f"---\ncore: pa{ESCAPE}[31mtch\n---\n\nA hostile bump.\n",
            f"packages/{ESCAPE}[2J/pyproject.toml": "[project]\nname = 'x'\nversion = '1'\n",
        }
    )
    repository.commit("Hostility")

    shown = on_a_terminal(repository, *command.split())

    assert ESCAPE not in COLOUR.sub("", shown)
    assert "\x07" not in shown


def test_a_hostile_author_does_not_reach_the_terminal(repository: Sandbox) -> None:
    repository.write({"changes/+new.fix.md": "---\ncore: patch\n---\n\nMore words.\n"})
    repository.git("add", "--all")
    author = f"Mallory {ESCAPE}[2J <m@example.org>"
    repository.git("commit", "--quiet", "--author", author, "--message", "Add words")

    shown = on_a_terminal(repository, "explain", "core")

    assert "Mallory" in shown
    assert ESCAPE not in COLOUR.sub("", shown)


def test_a_diff_is_coloured_on_a_terminal_and_steers_nothing(repository: Sandbox) -> None:
    changelog = f"# core\n\nOld {ESCAPE}]0;hostile\x07 words.\r overwritten\n"
    repository.write({"packages/core/CHANGELOG.md": changelog})

    shown = on_a_terminal(repository, "release", "--diff")

    assert f'{ESCAPE}[31m-version = "1.0.0"{ESCAPE}[0m\n' in shown
    assert f'{ESCAPE}[32m+version = "1.0.1"{ESCAPE}[0m\n' in shown
    assert " Old \\x1b]0;hostile\\x07 words.\\x0d overwritten\n" in shown
    assert ESCAPE not in COLOUR.sub("", shown)


def test_notes_are_exact_in_a_file_and_harmless_on_a_terminal(repository: Sandbox) -> None:
    repository.write({"changes/9.fix.md": "---\ncore: patch\n---\n\nLeft\u200eto right.\n"})

    assert "Left\u200eto right." in repository.monorelease("changelog", "core").stdout
    assert "Left\\x200eto right." in on_a_terminal(repository, "changelog", "core")


def test_the_interpreter_is_the_one_of_the_tests() -> None:
    """The other tests here split the command at blanks."""
    assert " " not in sys.executable
