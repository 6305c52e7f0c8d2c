"""The remote that a repository is published from: which branches it has, and which commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from monorelease.adapters.git_process import GitProcess, refused
from monorelease.adapters.remote_process import NOTHING_MORE, RemoteProcess
from monorelease.errors import GitFailed

_HEADS = "refs/heads/"

_PATIENCE_WITH_OBJECTS = 5 * 60.0
"""Seconds for what others have pushed since."""

OBJECTS_ALONE = (
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    "--no-auto-maintenance",
    "--refmap=",
)
"""What keeps ``git fetch`` from moving anything, whatever is configured."""


class Remote:
    """A remote as it is now, whatever this clone remembers of it.

    Every question may take a minute, asks nobody for a password, and raises `GitFailed` where
    the remote cannot be reached. `environment` is what git gets on its way there beside this
    process's own.
    """

    def __init__(
        self, root: Path, name: str, environment: Mapping[str, str] = NOTHING_MORE
    ) -> None:
        self.root = root
        self.name = name
        self.environment = environment
        self._git = GitProcess(root)
        self._remote = RemoteProcess(root, environment)

    @property
    def exists(self) -> bool:
        """Whether this clone has a remote of that name; it is not asked."""
        return self._git.read("remote", "get-url", "--", self.name).status == 0

    def current_branch(self) -> str:
        """The branch that is checked out here; empty where none is."""
        name = self._git.read("symbolic-ref", "--quiet", "HEAD").text.strip()
        return name.removeprefix(_HEADS) if name.startswith(_HEADS) else ""

    def default_branch(self) -> str:
        """The branch that the remote's HEAD names; empty where it names none."""
        out = self._remote.ask(self.name, "ls-remote", "--symref", "--", self.name, "HEAD")
        marks = (line.removeprefix("ref: ").split("\t") for line in out.split("\n"))
        refs = [ref for ref, *name in marks if name == ["HEAD"] and ref.startswith(_HEADS)]
        return refs[0].removeprefix(_HEADS) if refs else ""

    def missing(self, commits: Sequence[str], branch: str) -> tuple[str, ...]:
        """Those of `commits` that are not in the remote's `branch`, in their order, each once.

        All of them where it has no such branch. What the branch has and this clone has not is
        fetched, as objects alone: no branch, tag or other name moves.

        Args:
            commits: full object names, of commits that are in this clone.
            branch: without ``refs/heads/``.

        Raises:
            GitFailed: the remote cannot be reached.
        """
        asked = tuple(dict.fromkeys(commits))
        tip = self.bring(branch) if asked else ""
        if not tip:
            return asked
        listed = self._git.read("rev-list", "--stdin", stdin="\n".join((*asked, f"^{tip}", "")))
        if listed.status != 0:
            raise refused("rev-list", listed)
        absent = frozenset(listed.text.split())
        return tuple(commit for commit in asked if commit in absent)

    def bring(self, branch: str) -> str:
        """The commit that `branch` is on there now, which is in this clone then; empty for none.

        It comes as `missing` says.

        Raises:
            GitFailed: the remote cannot be reached.
        """
        tip = self.tip(branch)
        if tip and not self._has(tip):
            self._fetch(branch, tip)
        return tip

    def tip(self, branch: str) -> str:
        """The commit that `branch` is on there now; empty where there is no such branch.

        Raises:
            GitFailed: the remote cannot be reached.
        """
        wanted = f"{_HEADS}{branch}"
        out = self._remote.ask(self.name, "ls-remote", "--heads", "--", self.name, wanted)
        listed = (line.split("\t") for line in out.split("\n"))
        # The pattern means refs/heads/x/refs/heads/main as well.
        return next((tip for tip, *name in listed if name == [wanted]), "")

    def _fetch(self, branch: str, tip: str) -> None:
        words = ("fetch", *OBJECTS_ALONE, "--", self.name, f"{_HEADS}{branch}")
        self._remote.ask(self.name, *words, seconds=_PATIENCE_WITH_OBJECTS)
        if not self._has(tip):
            raise GitFailed(
                f"the branch {branch} of {self.name} was replaced while it was being looked at",
                hint="run the command again",
            )

    def _has(self, commit: str) -> bool:
        return self._git.read("cat-file", "-e", f"{commit}^{{commit}}").status == 0
