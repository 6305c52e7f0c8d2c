"""What a folder cannot show: runs that are killed, interrupted, refused by the disk, or meet."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from sandbox import PATIENCE, TOOL, Sandbox, surroundings, toy

RELEASE = ("release", "--date", "2026-11-22")

HOOK = '[tool.monorelease.hooks]\nafter-release = ["python hook.py"]\n'
"""The configuration under which ``hook.py`` runs when all is written, and can yet be undone."""

HOLD = """\
import time
from pathlib import Path

Path("reached").touch()
while not Path("go").exists():
    time.sleep(0.02)
"""
"""A hook that says when it is reached, and ends when ``go`` is there."""


def with_hook(root: Path, script: str) -> Sandbox:
    sandbox = toy(root, HOOK)
    sandbox.write({"hook.py": script, ".gitignore": "reached\ngo\n"})
    sandbox.commit("Hook")
    return sandbox


def start_until_held(sandbox: Sandbox) -> subprocess.Popen[str]:
    """A release that stands at its hook, with the new tree on disk."""
    running = subprocess.Popen(
        [*TOOL, *RELEASE],
        cwd=sandbox.root,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + PATIENCE
    while not (sandbox.root / "reached").exists():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return running


def let_go(sandbox: Sandbox) -> None:
    (sandbox.root / "go").touch()


def test_a_killed_release_is_taken_back_by_the_next_command(tmp_path: Path) -> None:
    sandbox = with_hook(tmp_path / "repository", HOLD)
    running = start_until_held(sandbox)
    running.kill()
    running.communicate(timeout=PATIENCE)
    let_go(sandbox)
    half_done = sandbox.git("status", "--short")

    undone = sandbox.monorelease("undo")

    assert "pyproject.toml" in half_done
    assert "an earlier 'release' died half way: the tree is put back" in undone.stderr
    assert sandbox.git("status", "--short") == ""


def test_a_release_after_a_killed_one_begins_from_the_old_tree(tmp_path: Path) -> None:
    sandbox = with_hook(tmp_path / "repository", HOLD)
    running = start_until_held(sandbox)
    running.kill()
    running.communicate(timeout=PATIENCE)
    let_go(sandbox)

    again = sandbox.monorelease(*RELEASE)

    assert again.status == 0
    assert "core  1.0.0 → 1.0.1" in again.stdout


@pytest.mark.parametrize("command", ["status", "check", "explain core"])
def test_who_only_looks_sees_the_old_tree_after_a_killed_release(
    tmp_path: Path, command: str
) -> None:
    sandbox = with_hook(tmp_path / "repository", HOLD)
    expected = sandbox.monorelease(*command.split())
    running = start_until_held(sandbox)
    running.kill()
    running.communicate(timeout=PATIENCE)
    let_go(sandbox)

    assert sandbox.monorelease(*command.split()).stdout == expected.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_leaves_the_old_tree(tmp_path: Path) -> None:
    sandbox = with_hook(tmp_path / "repository", HOLD)
    running = start_until_held(sandbox)

    running.send_signal(signal.SIGINT)
    stdout, stderr = running.communicate(timeout=PATIENCE)
    let_go(sandbox)

    assert (running.returncode, stdout) == (130, "")
    assert "Traceback" not in stderr
    assert "interrupted" in stderr
    assert sandbox.git("status", "--short") == ""


def test_the_second_of_two_releases_is_refused_and_the_first_one_ends_well(tmp_path: Path) -> None:
    sandbox = with_hook(tmp_path / "repository", HOLD)
    first = start_until_held(sandbox)

    second = sandbox.monorelease(*RELEASE)
    let_go(sandbox)
    stdout, _ = first.communicate(timeout=PATIENCE)

    assert second.status == 1
    assert second.stderr.startswith(
        f"error: another run is at work in this repository: process {first.pid} (release)\n"
    )
    assert (first.returncode, stdout.splitlines()[0]) == (0, "2 packages to release")


def test_a_read_only_file_refuses_the_release_and_nothing_is_written(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "repository")
    (sandbox.root / "packages/app/pyproject.toml").chmod(0o444)
    before = sandbox.tree()

    ran = sandbox.monorelease(*RELEASE)

    assert ran.status == 1
    assert ran.stderr.startswith("error: packages/app/pyproject.toml: cannot be written")
    assert sandbox.tree() == before


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("linked", ["packages/core/CHANGELOG.md", "changes", "packages/app"])
def test_a_link_that_leaves_the_repository_is_not_followed(tmp_path: Path, linked: str) -> None:
    sandbox = toy(tmp_path / "repository")
    outside = tmp_path / "outside"
    here = sandbox.root / linked
    if here.exists():
        here.rename(outside)
    else:
        outside.write_text("Not ours.\n", "utf-8")
    here.symlink_to(outside)
    before = outside.read_bytes() if outside.is_file() else sorted(outside.iterdir())

    ran = sandbox.monorelease(*RELEASE)

    assert ran.status in {1, 3}
    assert ran.stderr.startswith(f"error: {linked}")
    assert "the link leads out of the repository" in ran.stderr
    assert before == (outside.read_bytes() if outside.is_file() else sorted(outside.iterdir()))


def test_an_edited_file_stops_undo_and_force_keeps_it_aside(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "repository")
    sandbox.monorelease(*RELEASE)
    words = "# core\n\nMy own words.\n"
    sandbox.write({"packages/core/CHANGELOG.md": words})
    edited = sandbox.tree()

    refused = sandbox.monorelease("undo")
    assert refused.status == 1
    assert "packages/core/CHANGELOG.md" in refused.stderr
    assert sandbox.tree() == edited

    forced = sandbox.monorelease("undo", "--force")
    assert (forced.status, forced.stdout) == (0, "5 files put back\n")
    assert sandbox.git("status", "--short") == ""
    kept = sandbox.root / forced.stderr.rpartition("kept as ")[2].strip()
    assert kept.read_text("utf-8") == words


def test_outside_of_a_workspace_the_way_in_is_told(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "repository")

    for command in ("status", "check", "release", "undo"):
        ran = sandbox.monorelease(command)
        assert (ran.status, ran.stdout) == (1, "")
        assert "`monorelease init` sets it up there" in ran.stderr
    assert sandbox.monorelease("init").status == 1
    assert sandbox.tree() == {}
