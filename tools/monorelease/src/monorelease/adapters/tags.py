"""Tags: those that are here, those that a remote has, making them, and pushing them together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from monorelease.adapters.git_process import (
    Answer,
    GitProcess,
    refused,
    without_credentials,
    words_of,
)
from monorelease.adapters.remote_process import NOTHING_MORE, RemoteProcess, unreachable
from monorelease.errors import GitFailed
from monorelease.model.words import short, some_of

_TAGS = "refs/tags/"
_PEELED = "^{}"
"""What git puts behind the name of an annotated tag, where it says what the tag is on."""

_PATIENCE_WITH_PEOPLE = 15 * 60.0
"""Seconds for what may wait for a hook, or for somebody who unlocks a signing key."""

_REJECTED = re.compile(r"^!\t[^\t]*:refs/tags/([^\t]+)\t\[[^\]]*\] \((.*)\)$", re.MULTILINE)
"""A line of ``git push --porcelain``: a tag, and why the remote does not have it."""

_FOR_COMPANY = frozenset({"atomic push failed", "atomic push failure", "atomic transaction failed"})
"""Why a tag is rejected that nothing speaks against but another one."""

_TAKEN = "already exists"
_NONE_THERE = 1
"""How ``git show-ref`` ends where there is no tag."""

_REFUSED_HERE = 1
"""How ``git push`` ends where a hook stops it, before the remote was asked for anything."""


class Tags:
    """The tags of the repository around a folder.

    `environment` is what git gets beside this process's own on its way to a remote.
    """

    def __init__(self, root: Path, environment: Mapping[str, str] = NOTHING_MORE) -> None:
        self._git = GitProcess(root)
        self._remote = RemoteProcess(root, environment)

    def here(self) -> Mapping[str, str]:
        """For each tag of this clone the object that it is on, a commit mostly."""
        answer = self._git.read("show-ref", "--tags", "--dereference")
        if answer.status not in {0, _NONE_THERE}:
            raise refused("show-ref", answer)
        return _parse(answer.text)

    def there(self, remote: str, names: Sequence[str]) -> Mapping[str, str]:
        """Of the tags `names` those that `remote` has now, each with the object that it is on.

        It lists all tags there, as git itself would before it chose: one question, whatever
        their number.

        Raises:
            GitFailed: the remote is unknown, cannot be reached, or lets nobody in.
        """
        if not names:
            return {}
        found = _parse(self._remote.ask(remote, "ls-remote", "--tags", "--", remote))
        return {name: found[name] for name in names if name in found}

    def make(self, name: str, commit: str, message: str) -> None:
        """Put an annotated tag on `commit`, signed where the user has said so.

        The message is taken as it is, lines that begin with ``#`` too. A tag that is there
        already, on that commit, is left as it is.

        Raises:
            GitFailed: the tag is on something else, the name can be no tag, or git does not
                know who makes it.
        """
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder:
            text = Path(folder, "message")
            text.write_text(message, "utf-8", newline="\n")
            words = ("tag", "--annotate", f"--file={text}", "--cleanup=verbatim", "--")
            answer = self._git.run(*words, name, commit, seconds=_PATIENCE_WITH_PEOPLE)
        if answer.status != 0:
            self._check_not_made(name, commit, answer)

    def push(self, remote: str, names: Sequence[str]) -> None:
        """Give `remote` these tags, all of them or none, and nothing else.

        Tags that it has already, on what they are on here, may be among them: somebody else may
        publish the same at the same time. Hooks run as the user has set them. It is one
        transaction, and so one command, which on Linux takes thousands of names, and on Windows
        as many as 32,767 characters hold, each of them twice.

        Raises:
            GitFailed: nothing was moved; it names the tags that the remote rejects, and why.
        """
        if not names:  # to git no names are the current branch
            return
        words = ("push", "--atomic", "--porcelain", "--no-follow-tags", "--recurse-submodules=no")
        specs = (f"{_TAGS}{name}:{_TAGS}{name}" for name in names)
        answer = self._remote.run(*words, "--", remote, *specs, seconds=_PATIENCE_WITH_PEOPLE)
        if answer.status == 0:
            return
        left = self._absent(remote, names) if _REJECTED.search(answer.text) else names
        if len(left) == len(names):
            raise _rejection(remote, answer)
        self.push(remote, left)

    def _absent(self, remote: str, names: Sequence[str]) -> Sequence[str]:
        """Those that `remote` does not have on what they are on here."""
        here, there = self.here(), self.there(remote, names)
        return [name for name in names if name not in there or there[name] != here.get(name)]

    def _check_not_made(self, name: str, commit: str, answer: Answer) -> None:
        """Whether `make` failed for good: there may have been that very tag already."""
        there = self.here().get(name)
        if there is None and "tell me who you are" in answer.complaint:
            raise GitFailed(
                "git does not know who makes the tags",
                hint="tell it: git config user.name NAME, and git config user.email ADDRESS",
            )
        if there is None:
            raise refused("tag", answer)
        if there != commit:
            raise GitFailed(
                f"the tag {name} is on {short(there)} already, and not on {short(commit)}",
                hint=f"look at it: git show {name}; if nobody has it yet, git tag --delete {name}",
            )


def _parse(listed: str) -> Mapping[str, str]:
    """What ``git show-ref`` and ``git ls-remote`` list, what a tag is on being said last."""
    found = {}
    for line in listed.split("\n"):
        target, _, ref = line.replace("\t", " ").partition(" ")
        if ref.startswith(_TAGS):
            found[ref.removeprefix(_TAGS).removesuffix(_PEELED)] = target
    return found


def _rejection(remote: str, answer: Answer) -> GitFailed:
    rejected = _REJECTED.findall(answer.text)
    if rejected:
        return _rejected_there(remote, rejected, answer)
    if answer.status != _REFUSED_HERE:
        return unreachable(remote, answer)
    said = without_credentials(f"{answer.text.strip()}\n{words_of(answer)}".strip())
    hint = "nothing was moved; see what git says, or the hook pre-push, then run the command again"
    return GitFailed(f"the tags were not pushed: {said}", hint=hint)


def _rejected_there(remote: str, rejected: Sequence[tuple[str, str]], answer: Answer) -> GitFailed:
    name = without_credentials(remote)
    causes = [(tag, why) for tag, why in rejected if why not in _FOR_COMPANY] or rejected
    hint = "see what the remote says, then run the command again: it goes on where it stopped"
    if any(why == _TAKEN for _, why in causes):
        hint = (
            f"the remote has another tag of that name: see git ls-remote --tags {name}; "
            "what people may have is not moved, release the next version instead"
        )
    said = [line.rstrip() for line in answer.complaint.splitlines() if line.startswith("remote: ")]
    words = "\n".join((f"{name} took none of the tags: {_listed(causes)}", *said))
    return GitFailed(without_credentials(words), hint=hint)


def _listed(causes: Sequence[tuple[str, str]]) -> str:
    return some_of([f"{tag} ({why})" for tag, why in causes])
