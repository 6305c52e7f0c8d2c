"""The README says what is so: its commands, its picture, its links."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WAITING = ROOT / "changes" / "1042.fix.md"


@pytest.mark.skipif(not WAITING.exists(), reason="the pictured release has been made")
def test_the_picture_is_what_the_first_command_prints() -> None:
    release = subprocess.run(
        [sys.executable, "-P", "-m", "monorelease", "release", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )

    assert f"```\n{release.stdout}```" in README


def test_ci_runs_the_test_command_that_people_are_told() -> None:
    (command,) = re.findall(r"^\$ (python3 -m venv .* hatch run test)$", README, re.MULTILINE)

    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)]+)\)", README))))
def test_what_is_linked_is_there(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize(
    "word", sorted(set(re.findall(r"^\$ hatch run (\w+)", README, re.MULTILINE)))
)
def test_every_script_that_is_named_exists(word: str) -> None:
    assert f"\n{word} = " in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
