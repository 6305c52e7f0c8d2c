"""The release that waits in this very repository, as its pull requests show it.

``pytest --update tests/teams`` takes the picture of the comment anew, which is in `docs/images`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from chromium import browsing, opened
from comment_page import comment_page
from monorelease.adapters.github import LONGEST
from monorelease.formats.proposal_data import parse_proposal
from monorelease.model.forge import ForgeKind, PullRequest, Site
from monorelease.reports.comment import comment_text
from sandbox import PATIENCE, Sandbox

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs/images/comment.png"
LARGEST = 200_000
"""Bytes of it."""

FRAGMENT = "changes/1042.fix.md"
USUAL = "---\nagents-core: patch\n---\n\nNative resources are freed before a job ends.\n"
"""What is proposed where the release that waited has been made."""

SITE = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository="acme/agents")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """All that is tracked here, and the waiting fragment in a commit of its own."""
    sandbox = Sandbox(tmp_path_factory.mktemp("clone") / "agents")
    if not (ROOT / ".git").exists():
        pytest.skip("needs the git repository")
    whole = ["git", "checkout-index", "--all", f"--prefix={sandbox.root}/"]
    subprocess.run(whole, cwd=ROOT, timeout=PATIENCE, check=True)
    place = sandbox.root / FRAGMENT
    text = place.read_text("utf-8") if place.exists() else USUAL
    place.unlink(missing_ok=True)
    sandbox.commit("All but the fragment")
    sandbox.write({FRAGMENT: text})
    sandbox.commit("Free native resources before a job process ends")
    bare = sandbox.root.parent / "origin.git"
    sandbox.git("clone", "--quiet", "--bare", ".", str(bare))
    sandbox.git("remote", "add", "origin", str(bare))
    return sandbox


@pytest.fixture(scope="module")
def comment(clone: Sandbox) -> str:
    """What is said on the pull request that brings the fragment."""
    ran = clone.monorelease("comment", "--since", "HEAD~1", "--json")
    assert (ran.status, ran.stderr) == (0, "")
    proposal = parse_proposal(ran.stdout.encode())
    request = PullRequest(
        number=1042,
        address=f"{SITE.address}/pull/1042",
        title="Free native resources before a job process ends",
        body="",
        base="main",
        head="free-native-resources",
        head_commit=proposal.head,
        head_repository="grace/agents",
        author="grace",
    )
    return comment_text(proposal, SITE, request, LONGEST)


def members() -> set[str]:
    return {path.parent.name for path in ROOT.glob("packages/*/pyproject.toml")}


def test_the_comment_names_all_nineteen_packages(comment: str) -> None:
    rows = re.findall(r"^\| `(\S+)` \| (\w+) \|$", comment, re.MULTILINE)

    assert len(rows) == 19
    assert {name for name, _ in rows} == members()
    assert {bump for _, bump in rows} == {"Patch"}


def test_the_release_pull_request_names_all_of_them_and_fits(clone: Sandbox) -> None:
    ran = clone.monorelease("release-pr", "--dry-run", "--json")

    assert ran.status == 0, ran.stderr
    told = json.loads(ran.stdout)
    body = told["pull_request"]["body"]
    assert {release["name"] for release in told["releases"]} == members()
    assert all(f"\n| {name}" in body for name in members())
    assert "19 packages" in body
    assert len(body) < LONGEST


def test_the_picture_in_the_documentation_is_small_enough(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if request.config.getoption("--update"):
        take_picture(request.getfixturevalue("comment"), tmp_path / "comment.html")

    assert PICTURE.stat().st_size < LARGEST


def take_picture(comment: str, place: Path) -> None:
    """Of the comment as a forge shows it, with the first fold open."""
    place.write_text(comment_page(comment), "utf-8")
    with browsing() as browser, opened(browser, place, width=760) as page:
        page.locator("summary").first.click()
        page.locator("main").screenshot(path=PICTURE)
    if (shrink := shutil.which("pngquant")) is not None:
        words = [shrink, "--force", "--ext=.png", str(PICTURE)]
        subprocess.run(words, timeout=PATIENCE, check=True)
