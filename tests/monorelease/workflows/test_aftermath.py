from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import HookFailed, LockFailed
from monorelease.model.value import replace
from monorelease.workflows import aftermath
from monorelease.workflows.aftermath import Means
from monorelease.workflows.undo import take_back
from releasing import NO_UV, paths_of, release
from sandbox import Sandbox, surroundings

FILES = ["changes/1042.fix.md", "packages/core/CHANGELOG.md", "packages/core/pyproject.toml"]
FAIL = "echo 'it went wrong'; exit 7"


def hooks(repository: Sandbox, *scripts: str) -> None:
    """Let each script be a hook, run by a shell of its own, in a repository without changes."""
    for number, script in enumerate(scripts):
        repository.write({f"hooks/{number}": f"#!/bin/sh\nset -e\n{script}\n"})
        (repository.root / "hooks" / str(number)).chmod(0o755)
    commands = ", ".join(f'["hooks/{number}", "an argument"]' for number in range(len(scripts)))
    repository.write(
        {"pyproject.toml": f"[tool.monorelease.hooks]\nafter-release = [{commands}]\n"}
    )
    repository.commit("Hooks")


def status(repository: Sandbox) -> str:
    return repository.git("status", "--porcelain", "--untracked-files=all")


# ── hooks ───────────────────────────────────────────────────────────────────────────────


def test_hooks_run_in_order_in_the_root_and_see_the_release(repository: Sandbox) -> None:
    hooks(
        repository,
        'grep version packages/core/pyproject.toml > seen; echo "$1" >> seen; pwd >> seen',
        "echo second >> seen",
    )

    patch = release(repository.root)

    assert (repository.root / "seen").read_text().splitlines() == [
        'version = "1.0.1"',
        "an argument",
        str(repository.root.resolve()),
        "second",
    ]
    assert paths_of(patch) == [*FILES, "seen"]


def test_what_hooks_change_is_a_part_of_the_release(repository: Sandbox) -> None:
    repository.write({"changed": "1", "removed": "1", "untouched": "1"})
    hooks(
        repository,
        "echo 2 > changed; rm removed; mkdir -p new; echo 1 > new/file",
    )

    patch = release(repository.root)

    assert paths_of(patch) == ["changed", FILES[0], "new/file", *FILES[1:], "removed"]
    edits = {str(e.path): (e.before, e.after) for e in patch.edits}
    assert edits["changed"] == (b"1", b"2\n")
    assert edits["removed"] == (b"1", None)
    assert edits["new/file"] == (None, b"1\n")


def test_a_hook_may_change_what_the_release_wrote(repository: Sandbox) -> None:
    hooks(repository, "echo '# more' >> packages/core/pyproject.toml")

    patch = release(repository.root)

    (edit,) = [e for e in patch.edits if str(e.path) == FILES[2]]
    assert edit.before is not None
    assert edit.after == edit.before.replace(b"1.0.0", b"1.0.1") + b"# more\n"


def test_a_hook_that_fails_undoes_the_release(repository: Sandbox) -> None:
    hooks(repository, FAIL)
    before = repository.tree()

    with pytest.raises(HookFailed) as caught:
        release(repository.root)

    assert caught.value.problem == (
        "the hook `hooks/0 an argument` ended with status 7: everything is undone\nit went wrong"
    )
    assert caught.value.where == "pyproject.toml"
    assert repository.tree() == before
    assert status(repository) == ""


def test_what_earlier_hooks_changed_made_and_removed_is_undone_too(repository: Sandbox) -> None:
    repository.write({"changed": "1", "removed": "1"})
    hooks(
        repository,
        "echo 2 > changed; rm removed; mkdir -p new/deep; echo 1 > new/deep/file",
        "echo 3 > changed; echo 2 > removed; rm -r new; echo 1 > another",
        f"rm changed; {FAIL}",
    )
    before = repository.tree()

    with pytest.raises(HookFailed):
        release(repository.root)

    assert repository.tree() == before
    assert status(repository) == ""


def test_what_was_dirty_before_is_put_back_as_it_was(repository: Sandbox) -> None:
    """Not as it is committed: somebody is at work on it."""
    repository.write({"work": "committed"})
    hooks(repository, "echo changed > work; echo changed > unknown", FAIL)
    repository.write({"work": "in progress", "unknown": "in progress"})
    before = repository.tree()

    with pytest.raises(HookFailed):
        release(repository.root)

    assert repository.tree() == before


def test_permissions_are_put_back_too(repository: Sandbox) -> None:
    repository.write({"tool.sh": "#!/bin/sh\n", "plain": "1"})
    (repository.root / "tool.sh").chmod(0o755)
    hooks(repository, "rm tool.sh; chmod +x plain", FAIL)

    with pytest.raises(HookFailed):
        release(repository.root)

    assert status(repository) == ""


def test_permissions_that_a_hook_has_set_go_with_the_release(repository: Sandbox) -> None:
    repository.write({"plain": "1"})
    hooks(repository, "chmod +x plain")
    release(repository.root)
    assert " M plain" in status(repository)

    take_back(repository.root, Repository.at(repository.root), force=False)

    assert status(repository) == ""


def test_a_link_that_a_hook_has_made_is_not_followed_when_all_is_undone(
    repository: Sandbox,
) -> None:
    repository.write({"precious": "1"})
    hooks(repository, "ln -s precious made; ln -s precious again", f"ln -sfn hooks made; {FAIL}")

    with pytest.raises(HookFailed):
        release(repository.root)

    assert status(repository) == "?? again\n?? made\n"
    assert (repository.root / "precious").read_text() == "1"


def test_a_hook_may_change_what_was_released_behind_a_link(repository: Sandbox) -> None:
    """Git names the file by another path than the release does."""
    (repository.root / "packages").rename(repository.root / "zoo")
    (repository.root / "packages").symlink_to("zoo")
    hooks(repository, "echo '# more' >> zoo/core/pyproject.toml", FAIL)

    with pytest.raises(HookFailed) as caught:
        release(repository.root)

    assert status(repository) == ""
    assert not getattr(caught.value, "__notes__", [])


def test_line_ends_that_git_translates_are_put_back_as_they_were(repository: Sandbox) -> None:
    repository.write({".gitattributes": "*.txt text eol=crlf\n", "a.txt": "1\r\n2\r\n"})
    hooks(repository, "echo new > a.txt", FAIL)

    with pytest.raises(HookFailed):
        release(repository.root)

    assert (repository.root / "a.txt").read_bytes() == b"1\r\n2\r\n"
    assert status(repository) == ""


def test_a_link_that_leads_out_of_the_repository_disturbs_no_hook(
    repository: Sandbox, tmp_path: Path
) -> None:
    hooks(repository, "echo 1 > made")
    (repository.root / "result").symlink_to(tmp_path)

    assert paths_of(release(repository.root)) == [FILES[0], "made", *FILES[1:]]


def test_a_repository_inside_disturbs_no_hook(repository: Sandbox) -> None:
    hooks(repository, "echo 1 > made")
    repository.git("init", "--quiet", "vendored")
    repository.write({"vendored/file": "1"})

    assert paths_of(release(repository.root)) == [FILES[0], "made", *FILES[1:]]


def test_a_hook_that_is_missing_is_said(repository: Sandbox) -> None:
    repository.write(
        {"pyproject.toml": '[tool.monorelease.hooks]\nafter-release = ["no-such-tool --all"]\n'}
    )
    repository.commit("A hook")
    before = repository.tree()

    with pytest.raises(HookFailed) as caught:
        release(repository.root)

    assert caught.value.problem.startswith("the hook `no-such-tool --all` did not run to its end")
    assert "no-such-tool: No such file or directory" in caught.value.problem
    assert repository.tree() == before


def test_a_hook_that_runs_too_long_is_stopped_and_undone(
    repository: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a tenth of the time that is too long elsewhere."""
    hooks(repository, "echo half > done; sleep 60")
    monkeypatch.setattr(aftermath, "SECONDS_FOR_A_HOOK", 1.0)
    before = repository.tree()
    begin = time.monotonic()

    with pytest.raises(HookFailed, match="stopped after 1 s"):
        release(repository.root)

    assert time.monotonic() - begin < 30
    assert repository.tree() == before


def test_a_hook_that_leaves_a_file_git_ignores_is_no_part_of_the_release(
    repository: Sandbox,
) -> None:
    repository.write({".gitignore": "*.log\n"})
    hooks(repository, "echo 1 > build.log")

    assert paths_of(release(repository.root)) == FILES


def test_without_git_the_release_alone_is_undone(repository: Sandbox) -> None:
    hooks(repository, FAIL)
    shutil.rmtree(repository.root / ".git")
    before = repository.tree()

    with pytest.raises(HookFailed):
        release(repository.root)

    after = {name: data for name, data in repository.tree().items() if ".monorelease" not in name}
    assert after == before


# ── uv.lock ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def locked(repository: Sandbox) -> Sandbox:
    repository.write({"uv.lock": "old\n"})
    repository.commit("Lock")
    return repository


def stand_in(folder: Path, script: str) -> Means:
    """A program that is called as uv is, and notes how."""
    uv = folder / "uv"
    uv.write_text(f'#!/bin/sh\necho "$*" >> {folder}/calls\n{script}\n')
    uv.chmod(0o755)
    return Means(uv=(str(uv),))


def calls(folder: Path) -> list[str]:
    path = folder / "calls"
    return path.read_text().splitlines() if path.exists() else []


def test_the_lock_file_is_brought_up_to_date_without_the_network(
    locked: Sandbox, tmp_path: Path
) -> None:
    uv = stand_in(tmp_path, "cat packages/core/pyproject.toml > uv.lock")

    patch = release(locked.root, uv)

    assert calls(tmp_path) == ["lock --offline"]
    assert paths_of(patch) == [*FILES, "uv.lock"]
    assert 'version = "1.0.1"' in (locked.root / "uv.lock").read_text()


def test_only_what_the_cache_does_not_know_is_asked_of_the_network(
    locked: Sandbox, tmp_path: Path
) -> None:
    uv = stand_in(tmp_path, 'test "$*" = lock && echo new > uv.lock')

    patch = release(locked.root, uv)

    assert calls(tmp_path) == ["lock --offline", "lock"]
    assert paths_of(patch) == [*FILES, "uv.lock"]


def test_a_lock_file_that_stays_as_it_is_is_no_part_of_the_release(
    locked: Sandbox, tmp_path: Path
) -> None:
    assert paths_of(release(locked.root, stand_in(tmp_path, "exit 0"))) == FILES


def test_where_there_is_no_lock_file_uv_is_not_called(repository: Sandbox, tmp_path: Path) -> None:
    release(repository.root, stand_in(tmp_path, "echo new > uv.lock"))

    assert calls(tmp_path) == []


def test_a_release_that_cannot_be_locked_is_undone(locked: Sandbox, tmp_path: Path) -> None:
    uv = stand_in(tmp_path, "echo half > uv.lock; echo 'No solution found' >&2; exit 1")
    before = locked.tree()

    with pytest.raises(LockFailed) as caught:
        release(locked.root, uv)

    assert str(caught.value) == "uv.lock: `uv lock` failed:\nNo solution found"
    assert locked.tree() == before
    assert status(locked) == ""


def test_where_uv_is_missing_that_is_said_and_the_release_is_undone(locked: Sandbox) -> None:
    before = locked.tree()

    with pytest.raises(LockFailed, match="this-test-has-no-uv: No such file") as caught:
        release(locked.root, NO_UV)

    assert "install uv" in caught.value.hint
    assert locked.tree() == before


def test_uv_and_hooks_get_the_environment_that_they_are_given_and_nothing_else(
    locked: Sandbox, tmp_path: Path
) -> None:
    hooks(locked, "env > told-to-a-hook")
    uv = stand_in(tmp_path, f"env > {tmp_path}/told-to-uv")

    release(locked.root, replace(uv, environment={"PATH": os.defpath, "ALLOWED": "yes"}))

    for told in (tmp_path / "told-to-uv", locked.root / "told-to-a-hook"):
        names = {line.partition("=")[0] for line in told.read_text().splitlines()}
        assert names - {"PWD", "SHLVL", "_", "OLDPWD"} == {"PATH", "ALLOWED"}


def test_the_commands_of_a_release_are_told_no_token(repository: Sandbox, tmp_path: Path) -> None:
    hooks(repository, f"env > {tmp_path}/told")
    tokens = {"GITHUB_TOKEN": "ghs-secret", "MONORELEASE_FORGE_TOKEN": "own-secret"}

    ran = repository.monorelease("release", KEPT="yes", **tokens)

    assert ran.status == 0, ran.stderr
    told = (tmp_path / "told").read_text()
    assert "KEPT=yes" in told
    assert "secret" not in told


def test_the_lock_comes_before_the_hooks_and_goes_with_them(
    locked: Sandbox, tmp_path: Path
) -> None:
    hooks(locked, "grep new uv.lock > seen", FAIL)
    before = locked.tree()

    with pytest.raises(HookFailed):
        release(locked.root, stand_in(tmp_path, "echo new > uv.lock"))

    assert locked.tree() == before


UV = surroundings().get("HATCH_UV") or shutil.which("uv", path=surroundings()["PATH"])


@pytest.mark.skipif(UV is None, reason="uv is not installed")
def test_uv_itself_locks_the_released_set(
    repository: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real uv, its cache empty, no index in reach: the members know one another."""
    sources = "core = { workspace = true }\nclient = { workspace = true }\n"
    repository.write(
        {
            "pyproject.toml": "[tool.uv.workspace]\nmembers = ['packages/*']\n"
            f"[tool.uv.sources]\n{sources}"
        }
    )
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_PYTHON", sys.executable)
    assert UV is not None
    ran = repository.run(
        UV, "lock", "--offline", UV_CACHE_DIR=str(tmp_path / "cache"), UV_PYTHON=sys.executable
    )
    assert ran.status == 0, ran.stderr
    repository.commit("Lock")

    patch = release(repository.root, Means(uv=(UV,)))

    assert paths_of(patch) == [*FILES, "uv.lock"]
    assert 'name = "core"\nversion = "1.0.1"' in (repository.root / "uv.lock").read_text()
