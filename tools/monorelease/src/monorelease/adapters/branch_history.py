"""The commits that a branch has and its base has not, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from monorelease.adapters.git_process import Answer, GitProcess, refused
from monorelease.errors import GitFailed
from monorelease.model.release_branch import BranchCommit, CommitKind

DIGEST = "Release-Digest"
"""The trailer with which a commit of ours says what it changes: `BranchHistory.digest`."""

_FORMAT = f"%H%x00%T%x00%P%x00%aN%x00%s%x00%(trailers:key={DIGEST},valueonly,separator=%x20)"
_FIELDS = 6

_RAW = ("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames")
_CLEAN, _CONFLICTING = 0, 1
"""How ``git merge-tree`` ends where both sides fit together, and where they do not."""

_PAIR = 2

_CHANGE = re.compile(r":[^\0]+\0[^\0]+\0")
"""One file of ``git diff-tree --raw -z``: what it was, what it became, and its name."""


class BranchHistory:
    """What is told of commits by a repository that has them; merging tries fill its objects."""

    def __init__(self, folder: Path) -> None:
        self._git = GitProcess(folder)

    def between(self, base: str, tip: str) -> tuple[BranchCommit, ...]:
        """The commits of `tip` that `base` has not, parents before children.

        Raises:
            GitFailed: one of them is not here, or git is too old to tell what a merge does.
        """
        words = ("log", "-z", "--reverse", "--topo-order", f"--format={_FORMAT}")
        options = ("--no-show-signature", "--encoding=UTF-8")
        out = self._ask(*words, *options, f"{base}..{tip}", "--").text
        fields = out.split("\0")
        rows = (fields[at : at + _FIELDS] for at in range(0, len(fields) - 1, _FIELDS))
        return tuple(self._commits(rows))

    def has(self, tip: str, ancestor: str) -> bool:
        """Whether `ancestor` is among the commits of `tip`."""
        answer = self._git.read("merge-base", "--is-ancestor", ancestor, tip)
        if answer.status not in {0, 1}:
            raise refused("merge-base", answer)
        return answer.status == 0

    def tree(self, commit: str) -> str:
        """The name of what `commit` has."""
        return self._ask("rev-parse", "--verify", f"{commit}^{{tree}}").text.strip()

    def is_made(self, tip: str, among: int) -> bool:
        """Whether one of the last commits of `tip`, `among` so many, says that we made it."""
        words = ("log", "--first-parent", "--no-show-signature", f"--max-count={among}")
        asked = f"--format=%(trailers:key={DIGEST},valueonly)"
        return bool(self._ask(*words, asked, tip, "--").text.strip())

    def is_merged(self, base: str, tip: str) -> bool:
        """Whether `base` has all that `tip` does, be it under other names: squashed, or rebased.

        A branch that does nothing was not merged: somebody has taken back what was on it. Git's
        own merge is not asked: a new fragment would be an old one to it, with another name.
        """
        start = self._git.read("merge-base", base, tip).text.strip()
        changes = self._changes(start, tip) if start else frozenset()
        return bool(changes) and changes <= self._changes(start, base)

    def digest(self, parent: str, commit: str) -> str:
        """What `commit` changes in `parent`: files, permissions and bytes, in one word.

        It stays the same where the commit is put on another one that has those files as
        `parent` has them, as when a forge rebases a branch.
        """
        from hashlib import sha256

        return sha256(self._ask(*_RAW, parent, commit).out).hexdigest()

    def stays_inside(self, commit: BranchCommit) -> bool:
        """Whether all that `commit` changes lies in the folder that this looks from."""
        words = ("diff-tree", "-r", "--quiet", "--no-renames", commit.parent, commit.name)
        answer = self._git.read(*words, "--", ":(top)", ":(exclude).")
        if answer.status not in {0, 1}:
            raise refused("diff-tree", answer)
        return answer.status == 0

    def _commits(self, rows: Iterator[list[str]]) -> Iterator[BranchCommit]:
        for name, tree, parents, author, subject, digest in rows:
            yield BranchCommit(
                name=name,
                parent=parents.split(" ")[0],
                tree=tree,
                author=author,
                subject=subject,
                kind=self._kind(name, tree, tuple(parents.split()), digest),
            )

    def _kind(self, name: str, tree: str, parents: tuple[str, ...], digest: str) -> CommitKind:
        if len(parents) == 1:
            is_ours = bool(digest) and digest == self.digest(parents[0], name)
            return CommitKind.TOOL if is_ours else CommitKind.PERSON
        if not parents:
            return CommitKind.PERSON
        return CommitKind.MERGE if self._merged(parents) == tree else CommitKind.RESOLVED

    def _changes(self, before: str, after: str) -> frozenset[str]:
        return frozenset(_CHANGE.findall(self._ask(*_RAW, before, after).text))

    def _merged(self, commits: tuple[str, ...]) -> str:
        """What git makes of two commits by itself; empty where they conflict, or are more."""
        if len(commits) != _PAIR:
            return ""
        answer = self._git.run("merge-tree", "--write-tree", *commits)
        if answer.status not in {_CLEAN, _CONFLICTING}:
            raise GitFailed(
                f"what a merge changes cannot be told: {answer.complaint.strip()}",
                hint="git 2.38 or later is needed where the release branch has merges",
            )
        return answer.text.split("\n")[0] if answer.status == _CLEAN else ""

    def _ask(self, *words: str) -> Answer:
        answer = self._git.read(*words)
        if answer.status != 0:
            raise refused(words[0], answer)
        return answer
