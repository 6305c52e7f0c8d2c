"""The drawing of how a job ends is one of a real run, and shows every step in its order."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lived_worker import STEPS

from agents_core.testing.room import room_is_possible

SUPPORT = Path(__file__).parents[1] / "support"
DOCS = Path(__file__).parents[4] / "docs"
SVG = "{http://www.w3.org/2000/svg}"
MOMENTS = ("the server hears the leave", "the process is gone")
LOGGED = re.compile(r"^<!-- logged: at fault -->\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
STORIES = ("well", "at fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the script drew, and what it told."""

    drawing: Path
    told: Mapping[str, Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    if (why := room_is_possible()) is not None:
        pytest.skip(why)
    drawing = tmp_path_factory.mktemp("drawn") / "endings.svg"
    script = (sys.executable, SUPPORT / "drawn_endings.py", drawing)
    ran = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return Run(drawing=drawing, told=json.loads(ran.stdout))


def test_every_step_is_drawn_in_its_order(run: Run) -> None:
    demand_whole(run.drawing)


def test_the_drawing_in_the_docs_shows_the_steps_there_are() -> None:
    demand_whole(DOCS / "images" / "how-a-job-ends.svg")


def test_a_step_at_fault_is_named_and_the_steps_after_it_are_done(run: Run) -> None:
    well, faulty = (run.told[story]["steps"] for story in STORIES)

    assert [step["outcome"] for step in well] == ["done", "skipped, it is over", *["done"] * 6]
    blamed = {step["name"]: step["outcome"] for step in faulty if step["outcome"] != "done"}
    assert blamed == {
        "entry point": "skipped, it is over",
        "shutdown callbacks": "timed out, waiting for upload_record",
    }


def test_the_log_on_the_page_is_what_such_a_run_logs(run: Run) -> None:
    page = (DOCS / "agents" / "how-a-job-ends.md").read_text(encoding="utf-8")
    [excerpt] = LOGGED.findall(page)
    told = [plain(line) for line in excerpt.splitlines() if line != "..."]
    logged = [plain(line) for line in run.told["at fault"]["log"]]

    assert [line for line in logged if line in told] == told


def test_the_drawing_brings_all_that_it_needs(run: Run) -> None:
    text = run.drawing.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")

    assert not [word for word in ("http", "url(", "@import", "<script", "<image") if word in text]
    assert "prefers-color-scheme: dark" in text


def plain(line: str) -> str:
    """The first line of a record, without what differs from run to run."""
    first = line.partition("\n")[0]
    return re.sub(r"\d+", "0", re.sub(r"AJ_[\w-]+", "AJ_0", first))


def demand_whole(drawing: Path) -> None:
    """Both stories, each with all of its steps and what others saw, in order."""
    root = ET.fromstring(drawing.read_text("utf-8"))  # noqa: S314 - drawn here
    panels = root.findall(f"{SVG}g")

    assert tuple(panel.get("id") for panel in panels) == STORIES
    for panel in panels:
        assert texts(panel, "step") == STEPS
        assert texts(panel, "moment-name") == MOMENTS
        bars = panel.findall(f"{SVG}rect")
        starts = [float(bar.get("x", "")) for bar in bars]
        assert starts == sorted(starts)
        assert len(bars) == len(STEPS)


def texts(panel: ET.Element, kind: str) -> tuple[str, ...]:
    found = panel.findall(f"{SVG}text[@class='{kind}']")
    return tuple(text.text or "" for text in found)
