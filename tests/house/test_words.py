"""The command line tells what it does: help that teaches, examples that are commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from monorelease.cli.parser import COMMANDS, parse
from sandbox import Sandbox

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "docs/monorelease.schema.json"
GUIDE = "\n".join(
    page.read_text("utf-8")
    for folder in ("guide", "reference")
    for page in sorted((ROOT / "docs" / folder).glob("*.md"))
)

MANY = 10
"""From so many flags on, examples are needed."""

STATUSES = {0: "done", 1: "problem", 2: "usage", 3: "findings", 70: "bug"}


def help_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        parse([*words, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_teaches(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(capsys, command)
    usage, description, *_ = text.split("\n\n")
    flags = set(re.findall(r"^  (?:-\w.*?, )?(--[a-z-]+)", text, re.MULTILINE)) - {"--help"}

    assert usage.startswith(f"usage: monorelease {command} ")
    assert description.rstrip()[-1] in ".!?"
    assert len(description.split()) >= len(COMMANDS[command].split())
    assert len(flags) < MANY or "\nexamples:\n" in text, flags


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag_is_explained(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(capsys, command)
    options = text.partition("options:\n")[2].split("\n\n")[0]
    entries = re.split(r"^  (?=-)", options, flags=re.MULTILINE)[1:]

    assert entries
    for entry in entries:
        flag, _, words = re.sub(r"\n\s+", "  ", entry.strip()).partition("  ")
        assert words.strip(), flag


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_are_commands(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    examples = re.findall(r"^  monorelease (.*)", help_of(capsys, command), re.MULTILINE)

    for example in examples:
        words = shlex.split(re.split(r"  +| < ", example)[0].replace("NAME", "core"))
        args, _ = parse(words)
        assert args.command == command


def test_every_command_is_in_the_help_and_in_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    told = help_of(capsys)

    for command, summary in COMMANDS.items():
        assert re.search(rf"^ +{command}\s+{re.escape(summary)}$", told, re.MULTILINE), command
        assert re.search(rf"\bmonorelease {command}\b", GUIDE), command


@pytest.mark.parametrize("status", STATUSES)
def test_the_exit_statuses_are_documented(status: int, capsys: pytest.CaptureFixture[str]) -> None:
    told = help_of(capsys).partition("exit status:")[2]

    assert re.search(rf"\b{status}  [\w ]*{STATUSES[status]}", told)
    assert re.search(rf"^\| {status} \| .*{STATUSES[status]}", GUIDE, re.MULTILINE)


def test_the_schema_in_the_documents_is_the_one_that_is_printed(tmp_path: Path) -> None:
    """Renew it with ``monorelease schema > docs/monorelease.schema.json``."""
    printed = Sandbox(tmp_path / "empty").monorelease("schema")

    assert printed.stdout == SCHEMA.read_text("utf-8")
