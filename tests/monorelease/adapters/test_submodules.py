from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.adapters.git_process import GitProcess
from monorelease.adapters.submodules import submodules
from monorelease.errors import GitFailed
from sandbox import Sandbox

COMMIT = "4f2a9c1e" * 5


def test_each_is_known_with_its_commit_whatever_its_name(repository: Sandbox) -> None:
    names = ("ext/plain", "ext/wïth blank\nand more", "packages/core/sub")
    for name in names:
        repository.git("update-index", "--add", "--cacheinfo", f"160000,{COMMIT},{name}")
    repository.git("commit", "--quiet", "--message", "Submodules")

    assert submodules(GitProcess(repository.root), "HEAD") == {
        PurePosixPath(name): COMMIT for name in names
    }
    inside = GitProcess(repository.root / "packages/core")
    assert submodules(inside, "HEAD") == {PurePosixPath("sub"): COMMIT}
    assert submodules(inside, "HEAD~1") == {}


def test_of_a_commit_that_is_not_there_none_are_known(repository: Sandbox) -> None:
    with pytest.raises(GitFailed, match="git ls-tree failed"):
        submodules(GitProcess(repository.root), "nowhere")
