"""Submodules: which a checkout has, and whether their files are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from monorelease.adapters.git_process import GitProcess, refused

_LINK = re.compile(r"160000 commit ([0-9a-f]+)\t([^\0]+)\0")
"""One submodule of ``git ls-tree -z``."""


def submodules(git: GitProcess, commit: str) -> Mapping[PurePosixPath, str]:
    """Which commit `commit` has of each submodule, by the submodule's path.

    Args:
        git: in the folder that the paths are relative to, and below which they are.
        commit: any name of one.

    Raises:
        GitFailed: there is no such commit.
    """
    answer = git.read("ls-tree", "-r", "-z", commit)
    if answer.status != 0:
        raise refused("ls-tree", answer)
    return {PurePosixPath(path): its_commit for its_commit, path in _LINK.findall(answer.text)}


def empty_submodules(folder: Path, commit: str) -> tuple[PurePosixPath, ...]:
    """Submodules below `folder`, a part of a checkout of `commit`, whose files are not there.

    Raises:
        GitFailed: it is in no repository.
    """
    paths = submodules(GitProcess(folder), commit)
    return tuple(path for path in paths if not _has_files(folder / path))


def _has_files(place: Path) -> bool:
    return place.is_dir() and any(place.iterdir())
