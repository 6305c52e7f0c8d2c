"""The repository's history and index, in the few words that a release needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from monorelease.adapters.boundary import Boundary
from monorelease.adapters.git_process import Answer, GitProcess, refused
from monorelease.adapters.history import LOG, latest_additions, with_merges
from monorelease.errors import GitFailed, UnreadableFile, UnsafePath, UsageProblem
from monorelease.model.fragment import Origin

_PATIENCE_WITH_COMMITS = 15 * 60.0
"""Seconds for a commit: it waits for hooks, and for somebody who unlocks a signing key."""

_DIFF = ("diff", "-z", "--no-relative", "--no-renames")

_MODES = re.compile(r":([0-7]+) ([0-7]+) [^\0]*\0([^\0]+)\0")
"""One file of ``git diff --raw -z``: its mode then and now, and its name."""


class Repository:
    """A work tree under git, seen from a folder in it: all paths are relative to that."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._git = GitProcess(root)
        self._prefix = self._ask("rev-parse", "--show-prefix").removesuffix("\n")

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
        return self._look_up("HEAD")

    def find_commit(self, ref: str) -> str:
        """The commit that `ref` means; empty where it means none, or several."""
        commit = "" if "\0" in ref else self._look_up(f"{ref}^{{commit}}")
        return "" if commit.startswith("^") else commit  # git's word for all that is not in one

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
        start = self.fork_point(ref)
        changed = self._ask(*_DIFF, "--name-only", start)
        unknown = self._ask("ls-files", "--others", "--exclude-standard", "-z", "--full-name")
        return self._inside((*changed.split("\0"), *unknown.split("\0")))

    def base_branch(self) -> str | None:
        """The branch that changes are made for, as far as this clone knows."""
        default = self._git.read("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD").text
        guesses = (default.strip(), "origin/main", "origin/master", "main", "master")
        return next((ref for ref in guesses if ref and self._look_up(ref)), None)

    def origins(self, folder: PurePosixPath) -> Mapping[PurePosixPath, Origin]:
        """For each file in `folder` the commit that added it; git walks its history at most twice.

        The pull request may be known only to the merge that brought the commit in; the second
        walk, along the merges, is for those.
        """
        if not self.head:
            return {}
        (real,) = real_paths(self.root, [folder])
        where = f":(top,literal){self._prefix}{real}"
        added = latest_additions(self._ask("log", *LOG, "--", where))
        if any(o.pull_request is None and (self.root / path).exists() for path, o in added.items()):
            mainline = ("--first-parent", "--diff-merges=first-parent")
            merged = latest_additions(self._ask("log", *LOG, *mainline, "--", where))
            added = with_merges(added, merged)
        return {folder / path.relative_to(real): origin for path, origin in added.items()}

    def ignored(self, paths: Sequence[PurePosixPath]) -> tuple[PurePosixPath, ...]:
        """Those of `paths` that git would leave out of a commit."""
        if not paths:
            return ()
        names = [f"./{path}" for path in real_paths(self.root, paths)]  # never taken for ":(magic)"
        answer = self._git.read("check-ignore", "-z", "--stdin", stdin="\0".join(names))
        if answer.status not in {0, 1}:
            raise refused("check-ignore", answer)
        ignored = frozenset(answer.text.split("\0"))
        return tuple(path for path, name in zip(paths, names, strict=True) if name in ignored)

    def content_at_head(self, path: PurePosixPath) -> bytes | None:
        """The file as a checkout of HEAD would write it; None where HEAD has no such file.

        Raises:
            GitFailed: a filter of the user's, for large files say, failed.
        """
        (real,) = real_paths(self.root, [path])
        name = f"HEAD:{self._prefix}{real}"
        return self._demand("cat-file", "--filters", name).out if self._look_up(name) else None

    def modes(self) -> Mapping[PurePosixPath, tuple[int, int]]:
        """Of each tracked file that differs from HEAD the mode there, and the one it has now.

        In git's own numbers: 0o100644 a file, 0o100755 one that can be executed, 0o120000 a
        link, 0o160000 another repository, 0 nothing.
        """
        if not self.head:
            return {}
        out = self._ask(*_DIFF, "--raw", "HEAD")
        modes = {name: (int(then, 8), int(now, 8)) for then, now, name in _MODES.findall(out)}
        return {path: modes[f"{self._prefix}{path}"] for path in self._inside(modes)}

    def days_of(self, commits: Sequence[str]) -> Mapping[str, str]:
        """On which day each was committed (``2026-11-22``), the newest commit first."""
        if not commits:
            return {}
        out = self._ask("log", "--no-walk=sorted", "--format=%H %cs", *commits, "--")
        return dict(line.split(" ") for line in out.splitlines())

    def tags(self) -> tuple[str, ...]:
        """All tag names."""
        out = self._ask("for-each-ref", "--format=%(refname:lstrip=2)", "refs/tags")
        return tuple(name for name in out.split("\n") if name)

    def commit(self, paths: Sequence[PurePosixPath], message: str) -> str:
        """Commit these files, and only these; hooks and signing as the user has set them.

        What git ignores is left out.

        Returns:
            The new commit's object name.

        Raises:
            GitFailed: git or a hook refused; then the index has of these files what HEAD has.
        """
        from tempfile import TemporaryDirectory

        ignored = frozenset(self.ignored(paths))
        names = [f":(top,literal){self._prefix}{path}" for path in real_paths(self.root, paths)]
        kept = [name for name, path in zip(names, paths, strict=True) if path not in ignored]
        if not kept:  # no names at all would mean every file
            raise GitFailed("git ignores every file of the commit", hint="see .gitignore")
        with TemporaryDirectory() as folder:
            text = Path(folder, "message")
            text.write_text(message, "utf-8", newline="\n")
            try:
                self._change(kept, "add", "--all")
                self._change(kept, "commit", "--quiet", f"--file={text}")
            except BaseException:
                self._give(kept, "reset", "--quiet")
                raise
        return self.head

    def _change(self, names: Sequence[str], *words: str) -> None:
        answer = self._give(names, *words)
        if answer.status != 0:
            raise refused(words[0], answer)

    def _give(self, names: Sequence[str], *words: str) -> Answer:
        listed = ("--pathspec-from-file=-", "--pathspec-file-nul")
        stdin = "\0".join(names)
        return self._git.run(*words, *listed, stdin=stdin, seconds=_PATIENCE_WITH_COMMITS)

    def fork_point(self, ref: str) -> str:
        """The commit at which HEAD parted from `ref`; `ref` itself where they share none.

        Raises:
            UsageProblem: `ref` is unknown here, or the clone is too shallow to tell.
        """
        commit = self.find_commit(ref)
        if not commit:
            raise UsageProblem(
                f"there is no commit {ref!r} in this clone",
                hint="this clone is shallow: fetch all branches with their history first, git "
                "fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*' (in a "
                "workflow: fetch-depth: 0)"
                if self.is_shallow
                else "fetch it first (git fetch origin), or name another one",
            )
        base = self._git.read("merge-base", commit, "HEAD")
        if base.status != 0 and self.is_shallow:
            raise UsageProblem(
                f"this clone is shallow: where it parted from {ref!r} cannot be told",
                hint="fetch the history first: git fetch --unshallow "
                "(in a workflow: fetch-depth: 0)",
            )
        return base.text.strip() if base.status == 0 else commit

    def _inside(self, names: Iterable[str]) -> tuple[PurePosixPath, ...]:
        """Names relative to the top of the work tree, as paths relative to the root."""
        return tuple(
            PurePosixPath(name.removeprefix(self._prefix))
            for name in names
            if name and name.startswith(self._prefix)
        )

    def _look_up(self, name: str) -> str:
        """The object that `name` means; empty where there is none."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options")
        answer = self._git.read(*words, name)
        return answer.text.strip() if answer.status == 0 else ""

    def _ask(self, *words: str) -> str:
        return self._demand(*words).text

    def _demand(self, *words: str) -> Answer:
        answer = self._git.read(*words)
        if answer.status != 0:
            raise refused(words[0], answer)
        return answer


def real_paths(root: Path, paths: Sequence[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """What git calls these files: it knows none by a path that leads through a link."""
    boundary = Boundary(root)
    real = []
    for path in paths:
        try:
            real.append(PurePosixPath(boundary.locate(path).relative_to(boundary.root)))
        except (UnreadableFile, UnsafePath):  # a link to nowhere that we know is just a link
            real.append(path)
    return tuple(real)
