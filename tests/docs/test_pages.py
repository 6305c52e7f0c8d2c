"""What the documentation tells people to type does what it says, from the first page to the last.

``pytest tests/docs --update`` writes answers anew that are told whole: read the diff.
"""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages import Act, Command, acts_of, is_answer, lines_of, renewed
from publishing import OFFLINE
from pypi_server import UV, needs_uv
from sandbox import PATIENCE, surroundings
from stages import stage

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
READ = [acts_of(page, ROOT) for page in PAGES if "decisions" not in page.parts]
ACTS = [act for acts, _ in READ for act in acts]
EXCUSED = [block for _, blocks in READ for block in blocks]
SPOKEN = {act.page for act in ACTS} | {block.page for block in EXCUSED}

Printed = dict[Command, tuple[str, ...]]

BASH = ("bash", "--noprofile", "--norc", "-eu", "-o", "pipefail", "-c")


@pytest.fixture(scope="session")
def found(request: pytest.FixtureRequest) -> Iterator[Printed | None]:
    """What is printed instead of what pages say; None where they are not written anew."""
    if not request.config.getoption("--update"):
        yield None
        return
    printed: Printed = {}
    yield printed
    pages: dict[str, Printed] = defaultdict(dict)
    for command, answer in printed.items():
        pages[command.page][command] = answer
    for name, answers in pages.items():
        page = ROOT / name
        page.write_text(renewed(page.read_text("utf-8"), answers), "utf-8")


@needs_uv
@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.page}:{act.line}")
def test_every_command_does_what_the_page_says(
    act: Act, tmp_path: Path, found: Printed | None
) -> None:
    folder = stage(act.scene, tmp_path)
    own = {"HOME": str(tmp_path), "PWD": str(folder), **OFFLINE}
    environment = surroundings(**own)
    environment["PATH"] += f":{Path(UV).parent}"
    for command in act.commands:
        ended = subprocess.run(
            [*BASH, command.text],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        where = f"{command.page}:{command.line}: {command.text}\n{ended.stdout}"
        printed = lines_of(ended.stdout)
        killed = 128 - ended.returncode  # as a shell would tell it
        status = killed if ended.returncode < 0 else ended.returncode
        assert status == command.status, where
        if not command.answer or is_answer(command.answer, printed):
            continue
        if found is None or not command.is_whole:
            pytest.fail(where)
        found[command] = printed


def test_what_no_test_runs_is_little_and_says_why() -> None:
    assert len(EXCUSED) <= len(ACTS) // 2, EXCUSED
    assert all(len(block.why.split()) > 2 for block in EXCUSED), EXCUSED


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        there = page.parent / path if path else page
        assert there.exists(), link
        if anchor:
            assert anchor in anchors(there), link


def anchors(page: Path) -> set[str]:
    """Of a page's headings, as forges make them."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def test_every_page_of_the_guide_shows_commands() -> None:
    guide = {page.relative_to(ROOT).as_posix() for page in (ROOT / "docs/guide").glob("*.md")}

    assert guide <= SPOKEN
