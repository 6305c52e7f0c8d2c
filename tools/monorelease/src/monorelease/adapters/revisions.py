"""Folders as they were at other commits: which state they had, and the files in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.adapters.blobs import read_blobs
from monorelease.adapters.git_process import GitProcess, refused

_LISTED = re.compile(r"100[0-7]+ blob ([0-9a-f]+) +([0-9]+)\t([^\0]+)\0")
"""One file of ``git ls-tree -lz`` that is no link."""

Folder = tuple[str, PurePosixPath]
"""A commit, and a folder relative to the one that git runs in."""


class Revisions:
    """What git keeps of the work tree around a folder."""

    def __init__(self, git: GitProcess) -> None:
        self._git = git
        self._prefix = PurePosixPath(self._ask("rev-parse", "--show-prefix").strip() or ".")

    def tags(self) -> Mapping[str, str]:
        """The tags that are on HEAD or on what came before it, each with its commit.

        Raises:
            GitFailed: git refuses, before the first commit for example.
        """
        form = "--format=%(refname:lstrip=2)%00%(objectname)%00%(*objectname)"
        listed = self._ask("for-each-ref", "--merged=HEAD", form, "refs/tags")
        rows = (line.split("\0") for line in listed.split("\n") if line)
        return {name: peeled or target for name, target, peeled in rows}

    def folders(self, wanted: Sequence[Folder]) -> Mapping[Folder, str]:
        """The name of each folder's state; the same name says that not one file differs.

        Those that were not there are left out.
        """
        asked = "".join(f"{commit}:{self._spelled(path)}\n" for commit, path in wanted)
        answer = self._git.read("cat-file", "--batch-check", stdin=asked)
        if answer.status != 0:
            raise refused("cat-file", answer)
        lines = (line.split(" ") for line in answer.text.split("\n"))
        return {
            folder: words[0]
            for folder, words in zip(wanted, lines, strict=False)
            if words[1:2] == ["tree"]
        }

    def files(self, state: str) -> Mapping[PurePosixPath, tuple[str, int]]:
        """All files in a folder of this state, each with its blob and its size in bytes.

        Links and submodules are left out.
        """
        listed = self._ask("ls-tree", "-r", "-l", "-z", "--full-tree", state)
        return {
            PurePosixPath(name): (blob, int(size)) for blob, size, name in _LISTED.findall(listed)
        }

    def contents(self, blobs: Iterable[str]) -> Mapping[str, bytes]:
        """What these blobs hold."""
        return read_blobs(self._git, blobs)

    def here(self) -> tuple[PurePosixPath, ...]:
        """The files of the work tree that git knows, or would take: nothing that is ignored."""
        listed = self._ask("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return tuple(PurePosixPath(name) for name in dict.fromkeys(listed.split("\0")) if name)

    def _spelled(self, path: PurePosixPath) -> str:
        whole = self._prefix / path
        return "" if whole == PurePosixPath() else str(whole)

    def _ask(self, *words: str) -> str:
        answer = self._git.read(*words)
        if answer.status != 0:
            raise refused(words[0], answer)
        return answer.text
