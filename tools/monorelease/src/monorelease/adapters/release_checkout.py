"""A scratch checkout in which a release is committed, and people's commits are put on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from monorelease.adapters.branch_history import DIGEST, BranchHistory
from monorelease.adapters.git import Repository
from monorelease.adapters.git_process import Answer, GitProcess, refused
from monorelease.model.release_branch import BranchCommit, Conflict

_WHO = r"^(user|gpg|commit)\."
"""The settings that say who commits, and how that is signed."""

_NOBODY = {"user.name": "monorelease", "user.email": "monorelease@release.invalid"}
"""Who commits where git knows of nobody, as in most jobs of CI: an address that can be no one's
(RFC 2606)."""

_PATIENCE = 15 * 60.0
"""Seconds for a commit: signing may wait for somebody who unlocks a key."""

_PATHS = re.compile(r"[^\t\0]*\t([^\0]+)\0")
"""One file of ``git ls-files --unmerged -z``."""


class ReleaseCheckout:
    """The clean checkout of a commit at `folder`, whose repository is thrown away afterwards.

    All commits get `seconds` (since 1970) as their date, so that the same release, made twice,
    is the same commit.
    """

    def __init__(self, folder: Path, source: Path, seconds: int) -> None:
        self.folder = folder
        self._date = f"@{seconds} +0000"
        self._git = GitProcess(folder, {"GIT_COMMITTER_DATE": self._date})
        self._history = BranchHistory(folder)
        self._introduce(GitProcess(source))

    @property
    def repository(self) -> Path:
        """Its git directory: for whoever is to push what is checked out."""
        shown = self._demand(self._git.read("rev-parse", "--absolute-git-dir"), "rev-parse").text
        return Path(shown.removesuffix("\n"))

    @property
    def prefix(self) -> PurePosixPath:
        """Where `folder` lies in the checkout."""
        shown = self._demand(self._git.read("rev-parse", "--show-prefix"), "rev-parse").text
        return PurePosixPath(shown.removesuffix("\n"))

    def commit(self, paths: Sequence[PurePosixPath], message: str) -> str:
        """Commit these files with `message`, and how to tell that nobody has changed it since.

        Returns:
            The new commit's object name.

        Raises:
            GitFailed: git refused.
        """
        repository = Repository(self.folder)
        parent = repository.head
        digest = self._history.digest(parent, repository.commit(paths, message))
        words = ("commit", "--amend", "--quiet", "--cleanup=verbatim", f"--date={self._date}")
        text = f"{message.rstrip()}\n\n{DIGEST}: {digest}\n"
        answer = self._git.run(*words, "--file=-", stdin=text, seconds=_PATIENCE)
        self._demand(answer, "commit")
        return repository.head

    def carry(self, commits: Sequence[BranchCommit]) -> str | Conflict:
        """Put `commits` on what is checked out: authors, their dates and messages stay.

        What has nothing to add any more is left out.

        Returns:
            The object name of the last one, or which does not fit, and where.

        Raises:
            GitFailed: git refused for another reason.
        """
        for commit in commits:
            if conflict := self._pick(commit):
                return conflict
        return Repository(self.folder).head

    def _pick(self, commit: BranchCommit) -> Conflict | None:
        # Fragments that are gone must not be taken for a folder that got another name.
        words = ("-c", "merge.directoryRenames=false", "cherry-pick", "--allow-empty-message")
        answer = self._git.run(*words, commit.name, seconds=_PATIENCE)
        if answer.status == 0:
            return None
        unmerged = self._git.read("ls-files", "--unmerged", "--full-name", "-z", "--", ":/")
        paths = sorted({PurePosixPath(name) for name in _PATHS.findall(unmerged.text)})
        if not paths and not self._adds_nothing():
            raise refused("cherry-pick", answer)
        self._demand(self._git.run("reset", "--quiet", "--hard"), "reset")
        return Conflict(commit=commit, paths=tuple(paths)) if paths else None

    def _adds_nothing(self) -> bool:
        """Whether git stopped because the commit that it is at would be empty."""
        at_work = ("rev-parse", "--verify", "--quiet", "CHERRY_PICK_HEAD")
        if self._git.read(*at_work).status != 0:  # it has not even begun
            return False
        return self._git.read("diff", "--cached", "--quiet", "HEAD").status == 0

    def _introduce(self, source: GitProcess) -> None:
        """Let git know who commits here: as in the user's repository, or nobody in particular."""
        listed = source.read("config", "--local", "--null", "--get-regexp", _WHO).text
        settings = dict(entry.split("\n", 1) for entry in listed.split("\0") if "\n" in entry)
        self._set(settings)
        known = ("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT")
        if self._git.read(*known).status != 0:
            self._set(_NOBODY)

    def _set(self, settings: dict[str, str]) -> None:
        for key, setting in settings.items():
            self._demand(self._git.run("config", "--local", key, setting), "config")

    def _demand(self, answer: Answer, command: str) -> Answer:
        if answer.status != 0:
            raise refused(command, answer)
        return answer
