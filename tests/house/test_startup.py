"""What a program calls all day starts fast: `status --json` imports nothing slow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from sandbox import PATIENCE, surroundings, toy

SLOW = (
    "asyncio",
    "click",
    "difflib",
    "email",
    "git",
    "griffe",
    "hatchling",
    "http",
    "importlib.metadata",
    "jinja2",
    "markdown_it",
    "rich",
    "shtab",
    "socket",
    "ssl",
    "tempfile",
    "towncrier",
    "urllib.request",
    "webbrowser",
    "yaml",
)
"""Each costs more than planning twenty packages does."""


FOR_GIT = frozenset({"git", "socket", "tempfile"})
"""What GitPython brings, and what its processes get their input from."""


def imported(words: Sequence[str], folder: Path) -> set[str]:
    """What Python imports when it is called with these arguments, by its own account."""
    ran = subprocess.run(
        [sys.executable, "-P", "-X", "importtime", *words],
        cwd=folder,
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    lines = (line.rpartition("|") for line in ran.stderr.splitlines() if "import time:" in line)
    return {name.strip() for _, _, name in lines}


def test_status_for_programs_imports_nothing_slow(tmp_path: Path) -> None:
    repository = toy(tmp_path / "repository")

    names = imported(["-m", "monorelease", "status", "--json"], repository.root)

    assert "monorelease.planning.plan" in names
    assert names.isdisjoint(SLOW), sorted(names.intersection(SLOW))


@pytest.mark.parametrize(
    "words", [("check",), ("add", "--patch", "core", "-m", "Words."), ("completion", "members")]
)
def test_what_people_call_all_day_imports_little_that_is_slow(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """Git is asked, for what it takes to run it; no forge, no index, no page, no API."""
    repository = toy(tmp_path / "repository")

    names = imported(["-m", "monorelease", *words], repository.root)

    assert names.isdisjoint({*SLOW} - FOR_GIT), sorted(names.intersection(SLOW))


@pytest.mark.parametrize("module", SLOW)
def test_an_import_of_something_slow_would_be_seen(module: str, tmp_path: Path) -> None:
    if find_spec(module) is None:
        pytest.skip(f"{module} is not installed")

    assert module in imported(["-c", f"import {module}"], tmp_path)


def test_to_make_a_release_is_not_to_take_one_back(tmp_path: Path) -> None:
    names = imported(["-c", "import monorelease.workflows.release"], tmp_path)

    assert "monorelease.workflows.release" in names
    assert "monorelease.workflows.undo" not in names


def test_the_planner_can_be_imported_without_the_rest(tmp_path: Path) -> None:
    names = imported(["-c", "import monorelease.planning.plan"], tmp_path)

    assert not {name for name in names if name.startswith("monorelease.formats")}
    assert not {name for name in names if name.startswith("monorelease.adapters")}
