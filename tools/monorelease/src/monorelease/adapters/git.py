"""The repository's history and index, in the few words that a release needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from monorelease.errors import GitFailed, UsageProblem
from monorelease.model.fragment import Origin

if TYPE_CHECKING:
    from git.cmd import Git

_PATIENCE = 60
"""Seconds after which a git command is taken for hung."""

_PULL_REQUEST = re.compile(r"\(#(\d+)\)\s*$|^Merge pull request #(\d+)\b")
"""What forges write into the subject of a squashed, or of a merge commit."""


class Repository:
    """A work tree under git, seen from a folder in it: all paths are relative to that."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._git = _git_in(root)
        self._prefix = self._ask("rev-parse", "--show-prefix").strip()

    @classmethod
    def at(cls, root: Path) -> Repository | None:
        """The repository around `root`; None where there is no git repository.

        Raises:
            GitFailed: when there is one and git itself is missing or refuses it.
        """
        if not any((folder / ".git").exists() for folder in (root, *root.parents)):
            return None
        return cls(root)

    @property
    def head(self) -> str:
        """The commit that is checked out; empty before the first one."""
        status, out = self._try("rev-parse", "--verify", "--quiet", "HEAD")
        return out.strip() if status == 0 else ""

    @property
    def is_shallow(self) -> bool:
        """Whether history was cut off when this was cloned."""
        return self._ask("rev-parse", "--is-shallow-repository").strip() == "true"

    def dirty(self) -> tuple[PurePosixPath, ...]:
        """Files that differ from the commit checked out, or that git does not know."""
        out = self._ask("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames")
        return self._inside(entry[3:] for entry in out.split("\0"))

    def changed_since(self, ref: str) -> tuple[PurePosixPath, ...]:
        """Files in the work tree that differ from where `ref` and HEAD parted.

        Raises:
            UsageProblem: `ref` is unknown here, or the clone is too shallow to tell.
        """
        start = self._fork_point(ref)
        changed = self._ask("diff", "--name-only", "-z", "--no-renames", start)
        unknown = self._ask("ls-files", "--others", "--exclude-standard", "-z", "--full-name")
        return self._inside((*changed.split("\0"), *unknown.split("\0")))

    def base_branch(self) -> str | None:
        """The branch that changes are made for, as far as this clone knows."""
        status, out = self._try("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
        guesses = [out.strip()] if status == 0 else []
        names = ("origin/main", "origin/master", "main", "master")
        for ref in (*guesses, *names):
            status, _ = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", ref)
            if status == 0:
                return ref
        return None

    def origins(self, folder: PurePosixPath) -> Mapping[PurePosixPath, Origin]:
        """For each file in `folder`: the commit that added it, from one walk of history."""
        if not self.head:
            return {}
        out = self._ask(
            "log",
            "--diff-filter=A",
            "--no-renames",
            "--name-only",
            "--relative",
            "-z",
            "--format=%x01%H%x02%aN%x02%s%x03",
            "--",
            str(folder),
        )
        origins: dict[PurePosixPath, Origin] = {}
        for block in out.split("\x01")[1:]:
            header, _, names = block.partition("\x03")
            commit, author, subject = header.split("\x02")
            origin = Origin(commit=commit, author=author, pull_request=_pull_request(subject))
            for name in names.strip("\0\n").split("\0"):
                # History is walked backwards: the first one met is the latest addition.
                origins.setdefault(PurePosixPath(name.strip("\n")), origin)
        return origins

    def ignored(self, paths: Sequence[PurePosixPath]) -> tuple[PurePosixPath, ...]:
        """Those of `paths` that git would leave out of a commit."""
        if not paths:
            return ()
        names = "\0".join(str(path) for path in paths)
        status, out = self._try("check-ignore", "-z", "--stdin", stdin=names)
        if status not in {0, 1}:
            raise _refused(("check-ignore",), out)
        return tuple(PurePosixPath(name) for name in out.split("\0") if name)

    def content_at_head(self, path: PurePosixPath) -> bytes | None:
        """The file as a checkout of HEAD would write it; None where HEAD has no such file."""
        name = f"HEAD:{self._prefix}{path}"
        found, _ = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        if found != 0:
            return None
        return self._git.execute(
            [self._git.GIT_PYTHON_GIT_EXECUTABLE or "git", "cat-file", "--filters", name],
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            kill_after_timeout=_PATIENCE,
        )

    def tags(self) -> tuple[str, ...]:
        """All tag names."""
        return tuple(self._ask("tag", "--list").splitlines())

    def commit(self, paths: Sequence[PurePosixPath], message: str) -> str:
        """Commit these files, and only these; hooks and signing as the user has set them.

        Returns:
            The new commit's object name.
        """
        names = "\0".join(str(path) for path in paths)
        listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
        self._ask("add", "--all", *listed, stdin=names, literal=True)
        self._ask("commit", "--quiet", "-m", message, *listed, stdin=names, literal=True)
        return self.head

    def _fork_point(self, ref: str) -> str:
        status, out = self._try(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
        )
        if status != 0:
            raise UsageProblem(
                f"there is no commit {ref!r} in this clone",
                hint="fetch it first (git fetch origin), or name another one with --since",
            )
        status, base = self._try("merge-base", out.strip(), "HEAD")
        if status != 0 and self.is_shallow:
            raise UsageProblem(
                f"this clone is shallow: where it parted from {ref!r} cannot be told",
                hint="fetch the history first: git fetch --unshallow "
                "(in a workflow: fetch-depth: 0)",
            )
        return base.strip() if status == 0 else out.strip()

    def _inside(self, names: Iterable[str]) -> tuple[PurePosixPath, ...]:
        """Names relative to the top of the work tree, as paths relative to the root."""
        return tuple(
            PurePosixPath(name.removeprefix(self._prefix))
            for name in names
            if name and name.startswith(self._prefix)
        )

    def _ask(self, *words: str, stdin: str = "", literal: bool = False) -> str:
        status, out = self._try(*words, stdin=stdin, literal=literal)
        if status != 0:
            raise _refused(words, out)
        return out

    def _try(self, *words: str, stdin: str = "", literal: bool = False) -> tuple[int, str]:
        """Run git; its exit status, and what it printed (its complaint where it failed)."""
        from tempfile import TemporaryFile

        from git.exc import GitCommandNotFound

        executable = self._git.GIT_PYTHON_GIT_EXECUTABLE or "git"
        literally = ("--literal-pathspecs",) if literal else ()
        with TemporaryFile() as source:
            source.write(stdin.encode("utf-8", "surrogateescape"))
            source.seek(0)
            try:
                status, out, complaint = self._git.execute(
                    [executable, *literally, *words],
                    istream=source,
                    with_extended_output=True,
                    with_exceptions=False,
                    strip_newline_in_stdout=False,
                    kill_after_timeout=_PATIENCE,
                )
            except GitCommandNotFound as error:
                raise _missing() from error
        return status, str(out) if status == 0 else str(complaint)


def _git_in(root: Path) -> Git:
    try:
        from git.cmd import Git
    except ImportError as error:  # GitPython refuses to be imported where there is no git
        raise _missing() from error
    return Git(str(root))


def _missing() -> GitFailed:
    return GitFailed("git is not installed", hint="install git; this folder is under git")


def _refused(words: Sequence[str], complaint: str) -> GitFailed:
    said = complaint.strip().removeprefix("stderr: ").strip("'\n ") or "it did not say why"
    return GitFailed(f"git {words[0]} failed: {said}", hint="see what git says")


def _pull_request(subject: str) -> int | None:
    found = _PULL_REQUEST.search(subject)
    return int(found[1] or found[2]) if found else None
