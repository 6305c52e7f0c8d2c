"""The tests of the planner are tested: each rule is broken on purpose, and one of them must die.

The table is held to the source in every run. Breaking the rules takes a minute and is left
to the long profile: ``hatch run slow``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from mutants import MUTANTS, Mutant
from sandbox import surroundings

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "tools" / "monorelease" / "src"
TESTS = Path("tests", "monorelease", "planning")
PATIENCE = 300
ASSERTIONS_FAILED = 1
"""Pytest's exit status; others say that it could not run."""

LONG = settings.get_current_profile_name() == "nightly"

each_mutant = pytest.mark.parametrize(
    "mutant",
    MUTANTS,
    ids=[f"{place:02}-{m.test.rpartition('::')[2]}" for place, m in enumerate(MUTANTS)],
)
each_mutant_in_the_long_profile = (
    each_mutant
    if LONG
    else pytest.mark.parametrize(
        "mutant",
        [pytest.param(MUTANTS[0], marks=pytest.mark.skip("in the long profile"), id="each")],
    )
)


def room_of(mutant: Mutant, source: Path) -> Path:
    return source / "monorelease" / "planning" / f"{mutant.room}.py"


@each_mutant
def test_a_mutant_is_about_what_is_there(mutant: Mutant) -> None:
    text = room_of(mutant, SOURCE).read_text("utf-8")
    file, *_, name = mutant.test.split("::")

    assert text.count(mutant.old) == 1
    assert mutant.new != mutant.old
    assert f"def {name}(" in (ROOT / TESTS / file).read_text("utf-8")


def test_every_room_that_decides_is_broken_somewhere() -> None:
    rooms = {path.stem for path in (SOURCE / "monorelease" / "planning").glob("*.py")}

    assert rooms - {"__init__", "explanation"} == {mutant.room for mutant in MUTANTS}


@each_mutant_in_the_long_profile
def test_a_mutant_dies(mutant: Mutant, tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    room = room_of(mutant, source)
    room.write_text(room.read_text("utf-8").replace(mutant.old, mutant.new), "utf-8")

    ran = run_test(mutant.test, source)

    assert ran.returncode == ASSERTIONS_FAILED, ran.stdout + ran.stderr


def run_test(test: str, source: Path) -> subprocess.CompletedProcess[str]:
    """Run one test on another source, as the short profile does."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, str(TESTS / test)],
        cwd=ROOT,
        env=surroundings(
            PYTHONPATH=str(source), HYPOTHESIS_STORAGE_DIRECTORY=str(source.parent / "hypothesis")
        ),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_what_is_run_is_the_copy(tmp_path: Path) -> None:
    """Else every mutant would survive, or an error be taken for a death."""
    shutil.copytree(SOURCE, tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    where = "import monorelease.planning as room; print(room.__file__)"

    ran = subprocess.run(
        [sys.executable, "-c", where],
        cwd=ROOT,
        env=surroundings(PYTHONPATH=str(tmp_path / "src")),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )

    assert Path(ran.stdout.strip()).is_relative_to(tmp_path)
