"""Two jobs at once do what one does: one comment, one pull request, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from forge_server import ForgeFault
from sandbox import Ran, Sandbox
from teams import NOBODY, RELEASE, Team

DONE = 0
SECONDS = 0.5

FRAGMENT = {"changes/1.fix.md": "---\ncore: patch\n---\n\nIt is mended.\n"}


def run_twice(team: Team, folder: Path, *words: str, **environment: str) -> list[Ran]:
    """Run a command in two jobs, which have a checkout each."""
    told = {**NOBODY, **team.home.job(), **team.home.token, **environment}
    places = [team.ci, Sandbox.copied(team.ci.root, folder / "other")]
    with ThreadPoolExecutor() as pool:
        return [*pool.map(lambda place: place.monorelease(*words, **told), places)]


def test_two_jobs_that_comment_leave_one_comment(github: Team, tmp_path: Path) -> None:
    number = github.contribute(FRAGMENT, "Mend it")
    github.check_out(github.home.page(number).commit)
    words = ("--pr", str(number), "--since", "origin/main")
    slow = ForgeFault(method="POST", path="/comments$", seconds=SECONDS, times=2)
    github.home.server.heed(slow)  # so that neither sees the other's when it looks

    ran = run_twice(github, tmp_path, "comment", "--post", *words)

    assert [each.status for each in ran] == [DONE, DONE], ran
    (comment,) = github.home.page(number).comments
    assert "### Releases 1 package" in comment


def test_two_jobs_and_a_person_at_once_lose_nothing(github: Team, tmp_path: Path) -> None:
    github.land(FRAGMENT)
    assert github.job("release-pr").status == DONE
    seen = github.land({"packages/core/README.md": "# core\n\nBy a person.\n"}, RELEASE)
    late = github.land({"packages/app/README.md": "# app\n\nJust in time.\n"}, RELEASE)
    github.home.git("update-ref", f"refs/heads/{RELEASE}", seen)
    config = after_a_look(github, f"update-ref refs/heads/{RELEASE} {late} {seen}")
    github.land({"changes/2.fix.md": "---\napp: patch\n---\n\nIt counts.\n", **config})
    github.check_out("main")
    slow = ForgeFault(method="POST", path="git-receive-pack$", seconds=SECONDS, times=2)
    github.home.server.heed(slow)  # so that both push on top of what both have seen

    ran = run_twice(github, tmp_path, "release-pr")

    assert [each.status for each in ran] == [DONE, DONE], ran
    (page,) = github.home.pages()
    assert page.title == "Release app 1.0.1 and 1 more"
    assert github.home.subjects(f"main..{RELEASE}") == [
        "Release app 1.0.1 and 1 more",
        "Add packages/core/README.md",
        "Add packages/app/README.md",
    ]
    assert "Just in time." in github.home.git("show", f"{RELEASE}:packages/app/README.md")


def after_a_look(team: Team, words: str) -> dict[str, str]:
    """A configuration that does something on the forge when a job has looked, and not pushed."""
    bare = team.home.server.bare(team.home.repository)
    command = f"git --git-dir='{bare}' {words} 2>&1 || true"
    config = (team.ci.root / "pyproject.toml").read_text("utf-8")
    hooks = f'\n[tool.monorelease.hooks]\nafter-release = [["sh", "-c", "{command}"]]\n'
    return {"pyproject.toml": config + hooks}
