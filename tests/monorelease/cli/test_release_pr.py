"""The command as people and jobs run it: over HTTP, with a token, on a forge of the tests."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from forge_server import ForgeFault
from github_server import ADA, WRITER, GitHubServer
from release_requests import HEAD, NAME, TOKEN
from sandbox import PATIENCE, TOOL, Ran, Sandbox, surroundings, toy

DONE, PROBLEM, USAGE, FINDINGS = 0, 1, 2, 3

JOB = {"CI": "true", "GITHUB_TOKEN": TOKEN}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitHubServer]:
    with GitHubServer(tmp_path / "forge") as server:
        server.create(NAME)
        server.let(TOKEN, ADA, *WRITER)
        yield server


@pytest.fixture
def clone(tmp_path: Path, server: GitHubServer) -> Sandbox:
    """A clone whose remote is reached over HTTP, and lets nobody push without the token."""
    table = f'[tool.monorelease.forge]\nkind = "github"\nurl = "{server.url}"\n'
    sandbox = toy(tmp_path / "clone", f'\n{table}repository = "{NAME}"\n')
    sandbox.git("push", "--quiet", str(server.bare(NAME)), "main")
    sandbox.git("remote", "add", "origin", server.address(NAME))
    return sandbox


def run(sandbox: Sandbox, *words: str, **environment: str) -> Ran:
    return sandbox.monorelease("release-pr", *words, **environment)


def test_a_job_keeps_the_request_and_tells_what_it_did(
    clone: Sandbox, server: GitHubServer
) -> None:
    made = run(clone, **JOB)

    tip = server.tip(NAME, f"refs/heads/{HEAD}")
    assert (made.status, made.stderr) == (DONE, "")
    assert made.stdout == (
        "Release core 1.0.1 and 1 more\n"
        f"  branch        {HEAD} made, on {tip[:12]}\n"
        f"  pull request  opened {server.url}/{NAME}/pull/1\n"
    )
    assert TOKEN not in clone.git("config", "--list")

    kept = run(clone, "--json", **JOB)

    value = json.loads(kept.stdout)
    assert (kept.status, kept.stderr) == (DONE, "")
    assert (value["branch"]["change"], value["pull_request"]["change"]) == ("unchanged",) * 2
    assert [release["name"] for release in value["releases"]] == ["core", "app"]
    assert value["dry_run"] is False


def test_in_a_hook_the_index_of_the_commit_stays_as_it_is(
    clone: Sandbox, server: GitHubServer
) -> None:
    clone.write({"staged": "1"})
    clone.git("add", "staged")
    before = clone.git("ls-files", "--stage"), clone.git("status", "--porcelain")

    ran = run(clone, **JOB, GIT_INDEX_FILE=".git/index", GIT_DIR=".git")

    assert ran.status == DONE, ran.stderr
    assert (clone.git("ls-files", "--stage"), clone.git("status", "--porcelain")) == before
    assert "staged" not in server.git(NAME, "ls-tree", "-r", "--name-only", HEAD)


def test_a_dry_run_needs_no_token_and_shows_the_words(clone: Sandbox, server: GitHubServer) -> None:
    clone.commit("Not pushed")

    ran = run(clone, "--dry-run", "--pre", "rc")

    title, would, _, marker, *_ = ran.stdout.splitlines()
    assert ran.status == DONE
    assert title == "Release core 1.0.1rc1 and 1 more"
    assert would == f"A pull request from {HEAD} to main would say:"
    assert marker == "<!-- monorelease: release pull request -->"
    assert f"The branch {HEAD} would be made, on " in ran.stdout
    assert "commits of main that are not on origin yet are not looked at" in ran.stderr
    assert "a dry run: nothing was pushed" in ran.stderr
    assert server.tip(NAME, f"refs/heads/{HEAD}") == ""


def test_what_speaks_against_the_release_is_told_as_everywhere(
    clone: Sandbox, server: GitHubServer
) -> None:
    slip = {"changes/9.fix.md": "---\nnobody: patch\n---\n\nWords.\n"}
    server.commit(NAME, "main", slip, "Slip")

    ran = run(clone, **JOB)

    assert (ran.status, ran.stdout) == (FINDINGS, "")
    assert "changes/9.fix.md:2: " in ran.stderr


def test_a_base_that_is_not_there_is_told(clone: Sandbox) -> None:
    ran = run(clone, "--dry-run", "--base", "hotfix/1.x")

    assert (ran.status, ran.stdout) == (PROBLEM, "")
    assert "origin has no branch 'hotfix/1.x'" in ran.stderr


def test_a_token_that_may_not_push_is_told_and_not_shown(
    clone: Sandbox, server: GitHubServer
) -> None:
    weak = server.let("weak-token", ADA)

    ran = run(clone, CI="true", GITHUB_TOKEN=weak)

    assert (ran.status, ran.stdout) == (PROBLEM, "")
    assert "error: 403" in ran.stderr
    assert "contents: write" in ran.stderr
    assert weak not in ran.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--snapshot"], "a snapshot is never committed"),
        ([], "names no forge"),
    ],
)
def test_what_cannot_be_asked_for_is_told_before_anything_is_done(
    tmp_path: Path, words: list[str], told: str
) -> None:
    ran = run(toy(tmp_path / "clone"), *words)

    assert (ran.status, ran.stdout) == (USAGE, "")
    assert told in ran.stderr


def test_a_clone_without_a_remote_is_told(tmp_path: Path) -> None:
    ran = run(toy(tmp_path / "clone"), "--dry-run")

    assert (ran.status, ran.stdout) == (USAGE, "")
    assert "this clone has no remote 'origin'" in ran.stderr


def test_a_configuration_that_cannot_be_read_is_told_as_such(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "clone")
    sandbox.write({"pyproject.toml": "[tool.monorelease.forge]\nkind = 7\n"})

    ran = run(sandbox)

    assert (ran.status, ran.stdout) == (FINDINGS, "")
    assert "pyproject.toml:2: " in ran.stderr


def test_who_was_killed_after_the_push_goes_on_from_there(
    clone: Sandbox, server: GitHubServer, tmp_path: Path
) -> None:
    server.heed(ForgeFault(method="GET", path="/pulls$", seconds=PATIENCE))
    before = clone.tree(), clone.git("status", "--porcelain")
    environment = surroundings(**JOB, TMPDIR=str(tmp_path))
    with subprocess.Popen(
        [*TOOL, "release-pr"], cwd=clone.root, env=environment, stdout=subprocess.DEVNULL
    ) as killed:
        deadline = time.monotonic() + PATIENCE
        while not server.tip(NAME, f"refs/heads/{HEAD}") and time.monotonic() < deadline:
            assert killed.poll() is None
            time.sleep(0.05)
        killed.kill()
    server.heed()
    assert server.repositories[NAME].pulls == {}

    ran = run(clone, **JOB)

    assert ran.status == DONE, ran.stderr
    assert f"{HEAD} left as it is" in ran.stdout
    assert "pull request  opened" in ran.stdout
    assert (clone.tree(), clone.git("status", "--porcelain")) == before


def test_help_tells_of_no_flag_that_is_refused(tmp_path: Path) -> None:
    ran = run(toy(tmp_path / "clone"), "--help")

    assert "--pre" in ran.stdout
    assert "snapshot" not in ran.stdout
