"""The branch of the release pull request on its remote: moved only from what it was seen on."""

from __future__ import annotations

import os
import re
from pathlib import Path

from monorelease.adapters.git_process import (
    Answer,
    GitProcess,
    refused,
    without_credentials,
    words_of,
)
from monorelease.adapters.remote import OBJECTS_ALONE, Remote
from monorelease.adapters.remote_process import RemoteProcess, unreachable
from monorelease.errors import GitFailed

_PATIENCE = 15 * 60.0
"""Seconds for a push: it may wait for a hook of the user's."""

_REJECTED = re.compile(r"^!\t[^\t]*\t\[([^\]]*)\] \((.*)\)$", re.MULTILINE)
"""The line of ``git push --porcelain`` that says why a branch was not moved."""

_REFUSED_HERE = 1
"""How ``git push`` ends where a hook stops it, before the remote was asked for anything."""

_BROKEN_OFF = re.compile("HTTP 5|hung up")
"""How git tells of a server that ended in the middle."""

_RIGHT = "whoever pushes needs the right to, in a workflow a token with `contents: write`"


class ReleaseBranch:
    """The branch `name` of `remote`, which nobody moves but us, and people who mean to."""

    def __init__(self, remote: Remote, name: str) -> None:
        self.name = name
        self._remote = remote
        self._ref = f"refs/heads/{name}"

    def bring(self, base: str) -> str:
        """The commit it is on, which is in this clone then with all that `base` has not.

        Returns:
            Its object name; empty where there is no such branch.

        Raises:
            GitFailed: the remote cannot be reached.
        """
        tip = self._remote.bring(self.name)
        if tip:
            self._complete("log", "--shortstat", "--no-renames", "-m", f"{base}..{tip}", "--")
        return tip

    def bring_base(self, base: str) -> str:
        """The commit that the branch `base` is on, which is in this clone then, with its files.

        Raises:
            GitFailed: the remote cannot be reached, or has no such branch.
        """
        tip = self._remote.bring(base)
        if not tip:
            raise GitFailed(
                f"{without_credentials(self._remote.name)} has no branch {base!r}",
                hint="push it first, or name another one with --base",
            )
        nothing = GitProcess(self._remote.root).read("hash-object", "-t", "tree", "--stdin").text
        self._complete("diff-tree", "-r", "--shortstat", nothing.strip(), tip)
        return tip

    def push(self, source: Path, seen: str) -> bool:
        """Let the branch be on what is checked out in `source`, if it is still where it was.

        Args:
            source: the git directory of a scratch checkout; its commits get into this clone,
                which remembers, as after every push, what the remote has.
            seen: the full object name of where it was; empty where there was no branch.

        Returns:
            Whether it was; somebody else has moved it otherwise.

        Raises:
            GitFailed: the remote cannot be reached, or does not take it.
        """
        git = GitProcess(self._remote.root)
        answer = git.run("fetch", *OBJECTS_ALONE, "--", os.fspath(source), "HEAD")
        if answer.status != 0:
            raise refused("fetch", answer)
        commit = GitProcess(source).read("rev-parse", "--verify", "HEAD").text.strip()
        return self._move(f"{commit}:{self._ref}", seen)

    def delete(self, seen: str) -> bool:
        """Remove the branch, if it is still where it was `seen`, on the terms of `push`."""
        return self._move(f":{self._ref}", seen)

    def _move(self, what: str, seen: str) -> bool:
        git = RemoteProcess(self._remote.root, self._remote.environment)
        words = ("push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no")
        lease = f"--force-with-lease={self._ref}:{seen}"
        answer = git.run(*words, lease, "--", self._remote.name, what, seconds=_PATIENCE)
        if answer.status == 0:
            return True
        if _REJECTED.search(answer.text) and self._remote.tip(self.name) != seen:
            return False
        raise self._rejection(answer)

    def _rejection(self, answer: Answer) -> GitFailed:
        remote = without_credentials(self._remote.name)
        rejected = _REJECTED.search(answer.text)
        if rejected:
            said = [line.rstrip() for line in answer.complaint.splitlines() if "remote: " in line]
            words = (f"{remote} does not take the branch {self.name}: {rejected[2]}", *said)
            return GitFailed(
                without_credentials("\n".join(words)),
                hint=f"no rule for branches may protect it, and {_RIGHT}",
            )
        if answer.status != _REFUSED_HERE:
            problem = unreachable(self._remote.name, answer).problem
            return GitFailed(problem, hint=f"it could be read: {_RIGHT}; else try it again")
        whole = words_of(answer)
        if _BROKEN_OFF.search(whole):
            hint = "run the command again later: it goes on where it stopped"
        elif "HTTP 4" in whole:
            hint = _RIGHT
        else:
            hint = "see what git says, or the hook pre-push, then run the command again"
        return GitFailed(f"the branch {self.name} was not pushed: {whole}", hint=hint)

    def _complete(self, *words: str) -> None:
        """Fetch what a partial clone has left out, by asking for all of it at once.

        The scratch checkout borrows objects, and could not ask for more of them.
        """
        git = GitProcess(self._remote.root)
        if git.read("config", "--get-regexp", r"^remote\..*\.promisor$").status != 0:
            return
        way = RemoteProcess(self._remote.root, self._remote.environment)
        answer = way.run(*words, seconds=_PATIENCE, is_alone=True)
        if answer.status != 0:
            raise refused("fetch", answer)
