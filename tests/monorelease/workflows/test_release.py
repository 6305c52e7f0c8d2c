from __future__ import annotations

from pathlib import Path

import pytest

from monorelease.adapters.git import Repository
from monorelease.adapters.journal import transaction
from monorelease.adapters.state import exclusive, state_folder
from monorelease.adapters.undo import last_patch
from monorelease.errors import (
    DirtyTree,
    GitFailed,
    ProblemsFound,
    ReleaseError,
    StaleTree,
    UsageProblem,
)
from monorelease.model.channel import Snapshot, Stable
from monorelease.model.patch import Patch
from monorelease.workflows.aftermath import Means
from monorelease.workflows.release import apply, commit_message, demand_committable, prepare
from releasing import DAY, NO_UV, look, paths_of, prepared, release, release_and_commit
from sandbox import Sandbox, toy

FILES = ["changes/1042.fix.md", "packages/core/CHANGELOG.md", "packages/core/pyproject.toml"]


def status(sandbox: Sandbox) -> list[str]:
    return sandbox.git("status", "--porcelain", "--untracked-files=all").splitlines()


def opened(root: Path) -> Repository:
    repository = Repository.at(root)
    assert repository is not None
    return repository


def refuse(sandbox: Sandbox, hook: str = "pre-commit") -> None:
    sandbox.write({f".git/hooks/{hook}": "#!/bin/sh\necho 'not today' >&2\nexit 1\n"})
    (sandbox.root / ".git" / "hooks" / hook).chmod(0o755)


# ── prepare ─────────────────────────────────────────────────────────────────────────────


def test_where_something_speaks_against_it_nothing_is_prepared(repository: Sandbox) -> None:
    repository.write({"changes/1.fix.md": "---\nserve: patch\n---\n\nx\n"})

    with pytest.raises(ProblemsFound) as caught:
        prepared(repository.root)

    assert [finding.code for finding in caught.value.findings] == ["unknown-member"]
    assert str(caught.value) == "1 problem found"


def test_warnings_stop_nothing_and_are_kept(repository: Sandbox) -> None:
    repository.write({"pyproject.toml": '[tool.monorelease]\nignore = ["nobody"]\n'})

    ready = prepared(repository.root)

    assert [finding.code for finding in ready.outlook.findings] == ["pattern-matches-nothing"]
    assert paths_of(ready.patch) == FILES


def test_a_new_changelog_that_git_ignores_is_refused(repository: Sandbox) -> None:
    repository.write({".gitignore": "CHANGELOG.md\n"})

    with pytest.raises(ProblemsFound) as caught:
        prepared(repository.root)

    (finding,) = caught.value.findings
    assert (finding.code, str(finding.path)) == ("changelog-ignored", FILES[1])


def test_a_changelog_that_is_tracked_may_be_ignored(repository: Sandbox) -> None:
    repository.write({"packages/core/CHANGELOG.md": "# core\n"})
    repository.commit("Begin a changelog")
    repository.write({".gitignore": "CHANGELOG.md\n"})

    assert paths_of(prepared(repository.root).patch) == FILES


def test_a_section_that_exists_already_is_refused_with_its_line(repository: Sandbox) -> None:
    repository.write({"packages/core/CHANGELOG.md": "# core\n\n## 1.0.10\n\n## 1.0.1 - 2026\n"})

    with pytest.raises(ProblemsFound) as caught:
        prepared(repository.root)

    (finding,) = caught.value.findings
    assert (finding.code, str(finding.path), finding.line) == ("section-exists", FILES[1], 5)


def test_git_is_not_asked_where_it_is_not_needed(repository: Sandbox) -> None:
    """A numbered fragment, and a changelog that is there: start-up time is for the release."""
    repository.write({"packages/core/CHANGELOG.md": "# core\n"})

    def refuse_to_open() -> Repository | None:
        raise AssertionError("git was opened")

    ready = prepare(look(repository.root), refuse_to_open, DAY)

    assert paths_of(ready.patch) == FILES


# ── apply ───────────────────────────────────────────────────────────────────────────────


def test_a_release_is_the_patch_that_was_shown(repository: Sandbox) -> None:
    ready = prepared(repository.root)
    before = repository.tree()

    patch = apply(ready, lambda: opened(repository.root), NO_UV)

    after = repository.tree()
    differing = {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
    assert patch == ready.patch
    assert differing == set(FILES)
    assert all(after.get(str(edit.path)) == edit.after for edit in patch.edits)
    assert status(repository) == [f" D {FILES[0]}", f" M {FILES[2]}", f"?? {FILES[1]}"]


def test_a_release_can_be_taken_back(repository: Sandbox) -> None:
    release(repository.root)

    record = last_patch(state_folder(repository.root))

    assert record is not None
    assert (record.label, paths_of(record.patch)) == ("release", FILES)


def test_a_second_release_finds_nothing_to_do(repository: Sandbox) -> None:
    release(repository.root)
    repository.commit("Release")

    assert prepared(repository.root).plan.releases == ()


def test_a_file_that_changed_since_it_was_planned_stops_the_release(repository: Sandbox) -> None:
    ready = prepared(repository.root)
    repository.write({"packages/core/pyproject.toml": '[project]\nname = "core"\nversion = "9"\n'})
    before = repository.tree()

    with pytest.raises(StaleTree) as caught:
        apply(ready, lambda: opened(repository.root), NO_UV)

    assert caught.value.where == FILES[2]
    assert repository.tree() == before


def test_two_releases_do_not_run_at_once(repository: Sandbox) -> None:
    """Here the first holds the repository in another process."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom releasing import release\nrelease(Path.cwd())\n"
    )
    before = repository.tree()

    with exclusive(state_folder(repository.root), command="release"):
        ran = repository.run(
            "python", "-c", program, PYTHONPATH=str(Path(__file__).parents[2] / "support")
        )

    assert ran.status != 0
    assert "AnotherRelease" in ran.stderr
    assert repository.tree() == before


def test_without_git_there_is_a_release_too(repository: Sandbox, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    for name, data in repository.tree().items():
        (bare / name).parent.mkdir(parents=True, exist_ok=True)
        (bare / name).write_bytes(data)

    assert paths_of(release(bare)) == FILES


def test_dirty_files_of_others_stay_as_they_are(repository: Sandbox) -> None:
    repository.write({"packages/core/work.py": "half done", "README.md": "draft"})

    release(repository.root)

    assert (repository.root / "packages" / "core" / "work.py").read_text() == "half done"
    assert "?? README.md" in status(repository)


# ── commit ──────────────────────────────────────────────────────────────────────────────


def test_the_commit_holds_the_release_and_nothing_else(repository: Sandbox) -> None:
    name = release_and_commit(repository.root)

    assert repository.git("rev-parse", "HEAD").strip() == name
    assert repository.git("show", "--format=%B", "--name-status", "HEAD").split("\n\n") == [
        "Release core 1.0.1",
        "core 1.0.0 -> 1.0.1",
        f"\nD\t{FILES[0]}\nA\t{FILES[1]}\nM\t{FILES[2]}\n",
    ]
    assert status(repository) == []
    assert last_patch(state_folder(repository.root)) is None


@pytest.mark.parametrize("hook", ["pre-commit", "commit-msg"])
def test_a_commit_that_is_refused_leaves_the_old_tree_and_index(
    hook: str, repository: Sandbox
) -> None:
    refuse(repository, hook)
    before = repository.tree()

    with pytest.raises(GitFailed, match="not today"):
        release_and_commit(repository.root)

    assert repository.tree() == before
    assert status(repository) == []
    assert repository.git("log", "--format=%s").splitlines() == ["Free native resources (#1042)"]
    assert last_patch(state_folder(repository.root)) is None


def test_a_lock_file_that_git_ignores_does_not_stop_the_commit(
    repository: Sandbox, tmp_path: Path
) -> None:
    """Libraries keep theirs out of git; it is brought up to date all the same."""
    repository.write({".gitignore": "uv.lock\n"})
    repository.commit("Ignore the lock file")
    repository.write({"uv.lock": "old\n"})
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho new > uv.lock\n")
    uv.chmod(0o755)

    release_and_commit(repository.root, Means(uv=(str(uv),)))

    assert status(repository) == []
    assert (repository.root / "uv.lock").read_text() == "new\n"


def test_a_clean_repository_can_be_committed_to(repository: Sandbox) -> None:
    found = opened(repository.root)

    assert demand_committable(Stable(), found) is found


def test_what_is_dirty_is_named_before_anything_is_planned(repository: Sandbox) -> None:
    repository.write({f"file{number}": "x" for number in range(7)})

    with pytest.raises(DirtyTree) as caught:
        demand_committable(Stable(), opened(repository.root))

    assert str(caught.value) == (
        "there are uncommitted changes: file0, file1, file2, file3, file4 and 2 more"
    )


def test_one_dirty_file_is_named_alone(repository: Sandbox) -> None:
    repository.write({"a file": "x"})

    with pytest.raises(DirtyTree, match=r"uncommitted changes: a file$"):
        demand_committable(Stable(), opened(repository.root))


def test_a_snapshot_is_never_committed_and_nothing_is_without_git(repository: Sandbox) -> None:
    with pytest.raises(UsageProblem, match="snapshot"):
        demand_committable(Snapshot(stamp=1), opened(repository.root))
    with pytest.raises(UsageProblem, match="needs git"):
        demand_committable(Stable(), None)


def test_the_message_tells_who_moved(repository: Sandbox) -> None:
    repository.write({"changes/2.fix.md": "---\nserver: minor\nclient: patch\n---\n\nx\n"})

    assert commit_message(look(repository.root).plan) == (
        "Release client 1.2.1 and 2 more\n\n"
        "client 1.2.0 -> 1.2.1\ncore 1.0.0 -> 1.0.1\nserver 0.4.0 -> 0.5.0\n"
    )


def test_an_earlier_release_that_is_not_committed_can_still_be_taken_back_later(
    repository: Sandbox,
) -> None:
    """The record of a release is not lost to a transaction that is taken back itself."""
    release(repository.root)
    state = state_folder(repository.root)

    with (
        pytest.raises(ReleaseError, match="stop"),
        transaction(repository.root, state, Patch(edits=()), label="other"),
    ):
        raise ReleaseError("stop", hint="")

    record = last_patch(state)
    assert record is not None
    assert paths_of(record.patch) == FILES


def test_a_version_that_another_branch_has_released_is_not_made_again(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "toy")
    assert sandbox.monorelease("release", "--dry-run").status == 0
    sandbox.git("tag", "core-v1.0.1")
    sandbox.git("tag", "app-v2.3.1")

    for words in (("release",), ("check",)):
        ran = sandbox.monorelease(*words)
        assert ran.status == 3
        told = ran.stdout + ran.stderr
        assert "have their tags already: core-v1.0.1 and app-v2.3.1 [version-taken]" in told
        assert "--as core=1.0.0.1" in told
    assert sandbox.git("status", "--porcelain") == ""

    in_between = ("--as", "core=1.0.0.1", "--as", "app=2.3.0.1")
    assert sandbox.monorelease("release", *in_between).status == 0


def test_behind_what_is_not_final_no_number_is_proposed(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "toy")
    manifest = sandbox.root / "packages/core/pyproject.toml"
    manifest.write_text(manifest.read_text().replace("1.0.0", "1.0.0.post1", 1))
    sandbox.git("tag", "core-v1.0.1")
    told = sandbox.monorelease("check").stdout

    assert "choose one in between, with --as core=VERSION; if a rehearsal" in told


def test_snapshots_and_nothing_at_all_ask_for_no_tags(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "toy")
    sandbox.git("tag", "core-v1.0.1")

    assert sandbox.monorelease("release", "--snapshot", "--dry-run").status == 0
    (sandbox.root / "changes/1042.fix.md").unlink()
    assert sandbox.monorelease("release", "--dry-run").status == 0
