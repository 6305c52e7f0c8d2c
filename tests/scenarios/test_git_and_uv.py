"""The same runs where git knows little, or nothing, and where uv keeps a lock file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sandbox import Sandbox, toy

RELEASE = ("release", "--date", "2026-11-22")
UV = os.environ.get("HATCH_UV") or shutil.which("uv")  # noqa: TID251 - hatch brings one


@pytest.fixture
def locked(tmp_path: Path) -> Sandbox:
    """The toy repository as a uv workspace with a lock file."""
    if UV is None:
        pytest.skip("needs uv: run the tests through hatch, or install it")
    sandbox = toy(tmp_path / "repository", '\n[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    manifest = sandbox.root / "packages/app/pyproject.toml"
    sources = "\n[tool.uv.sources]\ncore = { workspace = true }\n"
    manifest.write_text(manifest.read_text("utf-8") + sources, "utf-8")
    ran = sandbox.run(UV, "lock", "--offline", **_alone(tmp_path))
    assert ran.status == 0, ran.stderr
    sandbox.commit("Lock")
    return sandbox


def _alone(folder: Path, uv: str = UV or "uv") -> dict[str, str]:
    """The environment in which uv knows no index and no configuration."""
    cache = str(folder / "uv-cache")
    return {"HATCH_UV": uv, "UV_CACHE_DIR": cache, "UV_NO_CONFIG": "1", "UV_OFFLINE": "1"}


def test_the_lock_file_follows(locked: Sandbox, tmp_path: Path) -> None:
    ran = locked.monorelease(*RELEASE, **_alone(tmp_path))

    assert ran.status == 0, ran.stderr
    lock = (locked.root / "uv.lock").read_text("utf-8")
    assert 'name = "core"\nversion = "1.0.1"' in lock
    assert 'name = "app"\nversion = "2.3.1"' in lock


def test_undo_puts_the_lock_file_back(locked: Sandbox, tmp_path: Path) -> None:
    locked.monorelease(*RELEASE, **_alone(tmp_path))

    assert locked.monorelease("undo").status == 0
    assert locked.git("status", "--short") == ""


def test_without_uv_a_locked_repository_is_not_released(locked: Sandbox, tmp_path: Path) -> None:
    ran = locked.monorelease(*RELEASE, **_alone(tmp_path, uv=str(tmp_path / "nowhere/uv")))

    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr.startswith("error: uv.lock: `uv lock` failed:")
    assert locked.git("status", "--short") == ""


def test_a_set_that_uv_cannot_resolve_is_not_released(locked: Sandbox, tmp_path: Path) -> None:
    manifest = locked.root / "packages/app/pyproject.toml"
    text = manifest.read_text("utf-8").replace('"core==1.0.0"', '"core==1.0.0", "unheard-of>=1"')
    manifest.write_text(text, "utf-8")
    locked.commit("Require what uv cannot find")

    ran = locked.monorelease(*RELEASE, **_alone(tmp_path))

    assert ran.status == 1
    assert "unheard-of" in ran.stderr
    assert locked.git("status", "--short") == ""


def test_git_is_not_needed_to_release_and_to_undo(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "repository")
    shutil.rmtree(sandbox.root / ".git")
    before = sandbox.tree()

    assert sandbox.monorelease("check").status == 0
    assert sandbox.monorelease(*RELEASE).status == 0
    assert sandbox.tree() != before
    assert sandbox.monorelease("undo").status == 0
    after = sandbox.tree()
    assert {name: after[name] for name in after if not name.startswith(".monorelease")} == before


@pytest.mark.parametrize("words", [("release", "--commit"), ("check", "--since", "main")])
def test_what_needs_git_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    sandbox = toy(tmp_path / "repository")
    shutil.rmtree(sandbox.root / ".git")
    before = sandbox.tree()

    ran = sandbox.monorelease(*words)

    assert ran.status == 2
    assert "needs git" in ran.stderr
    assert sandbox.tree() == before


def test_before_the_first_commit_everything_works_but_origins(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "repository")
    shutil.rmtree(sandbox.root / ".git")
    sandbox.git("init", "--quiet")

    assert "not committed yet" in sandbox.monorelease("explain", "core").stdout
    assert sandbox.monorelease("check").status == 0
    assert sandbox.monorelease(*RELEASE).status == 0
    assert sandbox.monorelease("undo").status == 0


def test_where_git_is_missing_a_git_repository_says_so(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "repository")
    empty = tmp_path / "empty"
    empty.mkdir()

    ran = sandbox.monorelease("check", PATH=str(empty))

    assert ran.status == 1
    assert "git" in ran.stderr
    assert "Traceback" not in ran.stderr


def shallow(tmp_path: Path) -> Sandbox:
    """A clone of the toy repository that knows one commit of each of two branches."""
    origin = toy(tmp_path / "origin")
    origin.write({"packages/core/core.txt": "Words.\n"})
    origin.commit("Say something")
    origin.git("switch", "--quiet", "--create", "topic")
    origin.write({"packages/core/core.txt": "Other words.\n"})
    origin.commit("Say something else")
    clone = Sandbox(tmp_path / "clone")
    clone.git("remote", "add", "origin", origin.root.as_uri())
    clone.git("fetch", "--quiet", "--depth=1", "origin", "main", "topic")
    clone.git("branch", "main", "origin/main")
    clone.git("switch", "--quiet", "--force", "--create", "topic", "origin/topic")
    return clone


def test_a_shallow_clone_is_said_and_not_guessed(tmp_path: Path) -> None:
    clone = shallow(tmp_path)

    checked = clone.monorelease("check")
    compared = clone.monorelease("check", "--since", "origin/main")

    assert checked.status == 0
    assert checked.stdout.startswith("warning: this clone is shallow")
    assert compared.status == 2
    assert "this clone is shallow" in compared.stderr
    assert "git fetch --unshallow" in compared.stderr


def test_a_commit_hook_that_refuses_leaves_the_old_tree(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "repository")
    hook = sandbox.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)

    ran = sandbox.monorelease(*RELEASE, "--commit")

    assert (ran.status, ran.stdout) == (1, "")
    assert "not today" in ran.stderr
    assert sandbox.git("status", "--short") == ""


def test_a_worktree_has_a_journal_of_its_own(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "repository")
    sandbox.git("worktree", "add", "--quiet", str(tmp_path / "other"))
    elsewhere = ("--cwd", str(tmp_path / "other"))

    assert sandbox.monorelease(*RELEASE, *elsewhere).status == 0
    assert sandbox.monorelease("undo").status == 1
    assert sandbox.monorelease("undo", *elsewhere).status == 0
