from __future__ import annotations

from pathlib import Path

import pytest

from monorelease.adapters.git import Repository
from monorelease.adapters.undo import Undone
from monorelease.errors import EditedSinceRelease, NothingToUndo
from monorelease.workflows.undo import take_back
from releasing import release, release_and_commit
from sandbox import Sandbox


def undo(root: Path, *, force: bool = False) -> Undone:
    return take_back(root, Repository.at(root), force=force)


def test_the_tree_is_as_it_was(repository: Sandbox) -> None:
    repository.write({"README.md": "a draft of somebody\n"})
    before = repository.tree()
    release(repository.root)

    undone = undo(repository.root)

    assert repository.tree() == before
    assert [str(path) for path in undone.restored] == [
        "changes/1042.fix.md",
        "packages/core/CHANGELOG.md",
        "packages/core/pyproject.toml",
    ]
    with pytest.raises(NothingToUndo):
        undo(repository.root)


def test_where_there_was_no_release_there_is_nothing_to_undo(repository: Sandbox) -> None:
    with pytest.raises(NothingToUndo) as caught:
        undo(repository.root)

    assert caught.value.hint


def test_a_release_that_is_committed_is_left_alone(repository: Sandbox) -> None:
    release(repository.root)
    repository.commit("Release")
    after = repository.tree()

    with pytest.raises(NothingToUndo, match="committed"):
        undo(repository.root)

    assert repository.tree() == after


def test_a_release_that_is_committed_is_left_alone_after_more_work_too(
    repository: Sandbox,
) -> None:
    """Nobody is told that --force would put back what is committed."""
    release(repository.root)
    repository.commit("Release")
    repository.write({"packages/core/pyproject.toml": '[project]\nname = "core"\nversion = "2"\n'})

    with pytest.raises(NothingToUndo):
        undo(repository.root)


def test_a_release_that_was_committed_by_the_tool_is_left_alone(repository: Sandbox) -> None:
    release_and_commit(repository.root)

    with pytest.raises(NothingToUndo):
        undo(repository.root)


def test_a_release_that_was_put_back_by_hand_is_no_more(repository: Sandbox) -> None:
    release(repository.root)
    repository.git("checkout", "--quiet", ".")
    repository.git("clean", "--quiet", "--force", "-d")

    with pytest.raises(NothingToUndo, match="put back by hand"):
        undo(repository.root)

    assert repository.git("status", "--porcelain") == ""


def test_an_edit_after_the_release_is_never_lost(repository: Sandbox) -> None:
    before = repository.tree()
    release(repository.root)
    repository.write({"packages/core/CHANGELOG.md": "better words\n"})
    edited = repository.tree()

    with pytest.raises(EditedSinceRelease):
        undo(repository.root)
    assert repository.tree() == edited

    (saved,) = undo(repository.root, force=True).saved
    assert repository.tree() == before
    assert Path(saved.copy).read_text() == "better words\n"


def test_a_release_that_is_staged_can_be_taken_back(repository: Sandbox) -> None:
    before = repository.tree()
    release(repository.root)
    repository.git("add", "--all")

    undo(repository.root)

    assert repository.tree() == before


def test_a_release_in_a_part_of_a_repository_is_taken_back_there(sandbox: Sandbox) -> None:
    sandbox.write(
        {
            "mono/packages/a/pyproject.toml": '[project]\nname = "a"\nversion = "1.0.0"\n',
            "mono/changes/1.fix.md": "---\na: patch\n---\n\nx\n",
            "other.txt": "1",
        }
    )
    sandbox.commit("Begin")
    before = sandbox.tree()
    release(sandbox.root / "mono")
    assert sandbox.tree() != before

    undo(sandbox.root / "mono")

    assert sandbox.tree() == before


def test_without_git_a_release_can_be_taken_back_too(tmp_path: Path) -> None:
    (tmp_path / "packages" / "a").mkdir(parents=True)
    (tmp_path / "changes").mkdir()
    manifest = tmp_path / "packages" / "a" / "pyproject.toml"
    manifest.write_text('[project]\nname = "a"\nversion = "1.0.0"\n')
    (tmp_path / "changes" / "1.fix.md").write_text("---\na: patch\n---\n\nx\n")
    release(tmp_path)
    assert "1.0.1" in manifest.read_text()

    undo(tmp_path)

    assert "1.0.0" in manifest.read_text()
    assert (tmp_path / "changes" / "1.fix.md").exists()


def test_no_release_builds_on_one_that_is_not_decided_about(repository: Sandbox) -> None:
    assert repository.monorelease("release").status == 0

    refused = repository.monorelease("release", "--dry-run")

    assert refused.status == 1
    assert "the last release is not committed" in refused.stderr
    assert repository.monorelease("undo").status == 0
    assert repository.monorelease("release", "--commit").status == 0
    assert repository.monorelease("release").stdout.startswith("Nothing to release")
