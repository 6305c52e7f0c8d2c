"""The commits of a branch, each with its message and files, and files as they were before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from monorelease.adapters.git import Repository
from monorelease.adapters.git_process import GitProcess, refused
from monorelease.model.saying import LoggedCommit

_LOG = (
    "log",
    "--format=%x00%H%x00%B",
    "--name-only",
    "-z",
    "--no-merges",
    "--no-renames",
    "--relative",
    "--no-show-signature",
    "--encoding=UTF-8",
)
"""The options under which `_COMMIT` understands git, whatever is configured."""

_COMMIT = re.compile(r"\0([0-9a-f]{40,64})\0([^\0]*)\0(?:\n((?:[^\0]+\0)+))?")
"""Name and message of a commit, then its files: NUL can be in none of them."""


def commits_since(repository: Repository, ref: str) -> tuple[LoggedCommit, ...]:
    """The commits that HEAD has and `ref` has not, the newest first, without merges.

    Raises:
        UsageProblem: `ref` is unknown here, or the clone is too shallow to tell.
        GitFailed: git refuses.
    """
    repository.fork_point(ref)  # says so where it cannot be told what belongs to the branch
    git, start = GitProcess(repository.root), repository.find_commit(ref)
    answer = git.read(*_LOG, f"^{start}", "HEAD", "--")
    if answer.status != 0:
        raise refused("log", answer)
    return tuple(
        LoggedCommit(name=name, message=message, paths=_paths(names))
        for name, message, names in _COMMIT.findall(answer.text)
    )


def files_of(
    repository: Repository, commits: Iterable[str]
) -> dict[str, tuple[PurePosixPath, ...]]:
    """Which files each of `commits` changes; a merge, what it brings to its first parent.

    Raises:
        GitFailed: git refuses, or knows one of them not.
    """
    asked = tuple(dict.fromkeys(commits))
    if not asked:
        return {}
    words = (*(word for word in _LOG if word != "--no-merges"), "--no-walk", "--stdin")
    git = GitProcess(repository.root)
    answer = git.read(*words, "--diff-merges=first-parent", stdin="\n".join((*asked, "")))
    if answer.status != 0:
        raise refused("log", answer)
    return {name: _paths(names) for name, _, names in _COMMIT.findall(answer.text)}


def file_at(repository: Repository, commit: str, path: PurePosixPath) -> bytes | None:
    """The file as `commit` has it; None where it has none.

    Args:
        repository: the file's.
        commit: a full object name.
        path: relative to the workspace's root.
    """
    answer = GitProcess(repository.root).read("cat-file", "blob", f"{commit}:./{path}")
    return answer.out if answer.status == 0 else None


def _paths(names: str) -> tuple[PurePosixPath, ...]:
    return tuple(PurePosixPath(name) for name in names[:-1].split("\0") if name)
