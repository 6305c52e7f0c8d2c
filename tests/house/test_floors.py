"""The house stands as it is drawn: floors, signs on the doors, sizes, a test for every room."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "tools/monorelease/src/monorelease"
TESTS = ROOT / "tests/monorelease"
ROOMS = sorted(path.relative_to(HOUSE) for path in HOUSE.rglob("*.py"))

LARGE_ENOUGH = 250
"""Lines above which a room probably has two reasons to change."""

LARGER: dict[str, str] = {}
"""Rooms above that size, and why they are one room all the same."""

NO_NAMES = frozenset({"common", "handler", "helper", "helpers", "manager", "misc", "util", "utils"})
"""What is called so is two things."""

MIRRORED = ("planning", "formats", "adapters", "reports", "workflows")

TESTED_THROUGH = {
    "formats/changelog_keys.py": ("formats/test_config.py", "keys are read as a configuration"),
    "formats/config_keys.py": ("formats/test_config.py", "keys are read as a configuration"),
    "formats/forge_keys.py": ("formats/test_config.py", "keys are read as a configuration"),
    "formats/index_keys.py": ("formats/test_config.py", "keys are read as a configuration"),
    "formats/kinds.py": ("formats/test_config.py", "kinds judge a configuration's values"),
    "formats/spellings.py": ("formats/test_config.py", "rules judge a configuration's values"),
    "formats/tables.py": ("formats/test_config.py", "tables are what a configuration is made of"),
    "formats/places.py": ("formats/test_config.py", "places collect what is wrong there"),
    "formats/fragment_codes.py": ("formats/test_fragments.py", "every code is met there"),
    "formats/plain_pairs.py": ("formats/test_front_matter.py", "pairs are what it reads"),
    "formats/yaml_pairs.py": ("formats/test_front_matter.py", "pairs are what it reads"),
}
"""Rooms without a test file of their own: where they are tested, and why there."""

FLOORS_TESTED_THROUGH = {"workflows": "../scenarios/test_scenarios.py"}
"""Floors whose rooms need none: a workflow is a whole run, and so is a scenario."""

_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


def test_imports_go_down_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )

    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("room", ROOMS, ids=Path.as_posix)
def test_a_room_has_a_sign_on_its_door(room: Path) -> None:
    """The docstring comes first, and its first paragraph is one sentence."""
    first = ast.parse((HOUSE / room).read_text("utf-8")).body[0]

    assert isinstance(first, ast.Expr)
    assert isinstance(first.value, ast.Constant)
    sign = str(first.value.value).split("\n\n")[0]
    assert len(_SENTENCE_END.findall(sign)) == 1, sign
    assert sign.rstrip()[-1] in ".!?"


@pytest.mark.parametrize("room", ROOMS, ids=Path.as_posix)
def test_a_room_is_no_hall(room: Path) -> None:
    lines = len((HOUSE / room).read_text("utf-8").splitlines())

    assert (lines > LARGE_ENOUGH) == (room.as_posix() in LARGER), f"{lines} lines"


def test_only_verify_makes_what_is_published() -> None:
    makers = {
        room.as_posix() for room in ROOMS if "VerifiedBuild(" in (HOUSE / room).read_text("utf-8")
    }

    assert makers == {"workflows/verify.py"}


def test_nothing_has_a_name_that_says_nothing() -> None:
    parts = {part for room in ROOMS for part in room.with_suffix("").parts}

    assert parts.isdisjoint(NO_NAMES)


@pytest.mark.parametrize(
    "room",
    [room for room in ROOMS if room.parts[0] in MIRRORED and room.name != "__init__.py"],
    ids=Path.as_posix,
)
def test_a_room_has_a_test_of_its_own_or_says_where_it_is_tested(room: Path) -> None:
    mirror = TESTS / room.with_name(f"test_{room.name}")
    elsewhere, _ = TESTED_THROUGH.get(room.as_posix(), ("", ""))
    by_its_floor = FLOORS_TESTED_THROUGH.get(room.parts[0], "")

    assert mirror.exists() or elsewhere or by_its_floor, f"write {mirror.relative_to(ROOT)}"
    assert not (mirror.exists() and elsewhere), f"take {room} out of TESTED_THROUGH"
    assert (TESTS / (elsewhere or by_its_floor)).exists()


def test_every_exception_is_about_a_room_that_is_there() -> None:
    named = {*LARGER, *TESTED_THROUGH}

    assert named <= {room.as_posix() for room in ROOMS}
