"""What is said of other tools was run, or leads to their own words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from comparison_stages import COMPARISONS
from pages import Act, acts_of, is_answer
from sandbox import PATIENCE, surroundings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/comparisons"
PEERS = ROOT / ".benchmarks/peers"
"""Where ``benchmarks/setup_peers.py`` puts the tools."""

TOOLS = {"changesets": "changeset", "molt": "molt"}
"""Those that can be run without a forge, and what starts them."""

VERSIONS = {
    "changesets": "3.0.3",
    "molt": "0.2.0",
    "towncrier": "26.9.0",
    "release-please": "17.9.0",
}


def page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text("utf-8")


def acts_beside(tool: str, tmp_path: Path) -> list[Act]:
    """What the page does with the other tool: nobody runs that where it is not installed."""
    shown = tmp_path / f"{tool}.md"
    shown.write_text(re.sub(r"<!-- not run: needs .*? -->\n", "", page(tool)), "utf-8")
    acts, excused = acts_of(shown, tmp_path)
    assert not excused
    return acts[:1]


@pytest.mark.parametrize("tool", TOOLS)
def test_the_other_tool_does_what_the_page_says(tool: str, tmp_path: Path) -> None:
    places = (PEERS / "molt/bin", PEERS / "changesets/node_modules/.bin")
    path = os.pathsep.join((*map(str, places), surroundings()["PATH"]))
    if shutil.which(TOOLS[tool], path=path) is None:
        pytest.skip(f"{tool} is not installed: benchmarks/setup_peers.py does that")
    (act,) = acts_beside(tool, tmp_path)
    folder = COMPARISONS[act.scene](tmp_path / "repository")

    for command in act.commands:
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eu", "-c", command.text],
            cwd=folder,
            env=surroundings(HOME=str(tmp_path), PATH=path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        assert ended.returncode == command.status, ended.stdout
        assert is_answer(command.answer, (*ended.stdout.splitlines(),)), ended.stdout


@pytest.mark.parametrize("tool", VERSIONS)
def test_every_page_names_the_version_that_was_run(tool: str) -> None:
    said = re.findall(r"^.*\bRun here: .*$", page(tool), re.MULTILINE)

    assert len(said) == 1
    assert f" {VERSIONS[tool]}" in said[0]
    assert f"| {tool} {VERSIONS[tool]} |" in page("README")
    assert f"[{tool}" in page("README")


@pytest.mark.parametrize("tool", VERSIONS)
def test_every_page_says_both_sides_and_how_to_choose_and_move(tool: str) -> None:
    prose = re.sub(r"^```.*?^```$", "", page(tool), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^## (.*)$", prose, re.MULTILINE)

    assert titles == [
        "What it does that monorelease does not",
        "What monorelease does that it does not",
        "Which one",
        "How to move",
    ]


def test_every_footnote_of_the_table_is_there_and_says_where_it_comes_from() -> None:
    table, _, _ = page("README").partition("\n[^")
    notes = dict(re.findall(r"^\[\^([a-z-]+)\]: (.*)$", page("README"), re.MULTILINE))

    assert {*re.findall(r"\[\^([a-z-]+)\]", table)} == {*notes}
    for name, note in notes.items():
        assert re.search(r"^Run[:,]|\]\(https?://|the package has", note), name


def test_every_row_of_the_table_has_all_columns() -> None:
    rows = [line for line in page("README").splitlines() if line.startswith("|")]

    assert {row.count("|") for row in rows} == {len(VERSIONS) + 3}


@pytest.mark.parametrize("name", [*VERSIONS, "README"])
def test_links_within_the_repository_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", page(name)):
        assert (FOLDER / target).exists(), target
