"""Which commit gave each member the version that it has, from one look at git's history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.blobs import blobs_at, read_blobs
from monorelease.adapters.git import real_paths
from monorelease.adapters.git_process import GitProcess, refused
from monorelease.model.value import value

_LOG = (
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "--raw",
    "--no-abbrev",
    "-z",
    "--format=%x00%H",
    "--root",
    "--relative",
    "--no-renames",
    "--no-follow",
    "--no-show-signature",
)

_COMMIT = re.compile(r"\0([0-9a-f]+)\0\n((?::[^\0]+\0[^\0]+\0)+)")
_CHANGE = re.compile(r":[0-7]+ [0-7]+ ([0-9a-f]+) ([0-9a-f]+) [^\0]+\0([^\0]+)\0")
"""One file of ``git log --raw -z``: its blob then and now, all zeros for none, and its name."""

_SPECIAL, _ESCAPED = re.compile(r"[*?\[\\]"), r"\\\g<0>"
"""What means something in a glob, and how it means itself."""

_A_PAGE = 1000
"""How many commits are listed at once: most releases are found far below."""

_ENOUGH_BLOBS = 4096
"""How many files are read at once."""


@value
class Wanted:
    """A member's version, and the file that says so."""

    name: NormalizedName
    path: PurePosixPath
    """Of the file, relative to the root."""
    version: Version
    read: Callable[[bytes], Version | None]
    """The version that is in such a file; None where there is none."""


def commits_of_versions(root: Path, wanted: Sequence[Wanted]) -> Mapping[NormalizedName, str]:
    """For each member the commit since which its file says that version, up to HEAD.

    Along the first parents of HEAD, so that a version that came with a branch came with its
    merge. Of a version that was taken back and given again the last time counts. A file's
    history begins where it got its name: of one that was moved since, that is the commit.
    Members whose file says something else at HEAD, or is not there, are left out.

    It lists history by the files' names, whichever folders they are in: a thousand paths
    would have git compare every entry of a folder with every one of them. Files are read in
    rounds, first one step back for every member, then two, then four.
    """
    trails = [
        _Trail(each, path)
        for each, path in zip(wanted, real_paths(root, [w.path for w in wanted]), strict=True)
    ]
    git = GitProcess(root)
    start = git.read("rev-parse", "--verify", "--quiet", "HEAD").text.strip()
    if not trails or not start:
        return {}
    for page in _pages(git, start, {trail.path.name for trail in trails}):
        for trail in trails:
            trail.ahead += page.get(trail.path, ())
        _follow(git, trails)
        if all(trail.is_at_its_end for trail in trails):
            break
    return {trail.wanted.name: trail.commit for trail in trails if trail.commit}


def versions_at(
    root: Path, commit: str, wanted: Sequence[Wanted]
) -> Mapping[NormalizedName, Version]:
    """What the members' files say at `commit`; those that say nothing there are left out."""
    git = GitProcess(root)
    paths = real_paths(root, [each.path for each in wanted])
    blobs = blobs_at(git, commit, paths)
    contents = read_blobs(git, blobs.values())
    found = {
        each.name: each.read(contents.get(blobs.get(path, ""), b""))
        for each, path in zip(wanted, paths, strict=True)
    }
    return {name: version for name, version in found.items() if version is not None}


@value
class _Change:
    """What one commit did to one file."""

    commit: str
    before: str
    """The blob that the file was; zeros where there was none."""
    after: str


class _Trail:
    """One member's way back through the commits that touched its file."""

    def __init__(self, wanted: Wanted, path: PurePosixPath) -> None:
        self.wanted = wanted
        self.path = path
        self.commit = ""
        """The oldest commit so far since which the version is what it is."""
        self.ahead: list[_Change] = []
        """What was not looked at yet, newest first."""
        self.is_at_its_end = False
        self._stride = 1
        """How many steps are taken at once: mostly one is enough."""

    def blobs(self, most: int) -> Iterator[str]:
        """What has to be read for the next steps, `most` of them at most."""
        for change in self.ahead[: min(self._stride, most)]:
            yield change.before
            if not self.commit:
                yield change.after

    def go(self, most: int, contents: Mapping[str, bytes]) -> None:
        """Take those steps, as long as the version stays what it is."""
        steps = min(self._stride, most)
        for change in self.ahead[:steps]:
            if not self.commit and not self._is_in(contents.get(change.after)):
                self.is_at_its_end = True
                break
            self.commit = change.commit
            if not self._is_in(contents.get(change.before)):
                self.is_at_its_end = True
                break
        del self.ahead[:steps]
        self._stride *= 2

    def _is_in(self, content: bytes | None) -> bool:
        return content is not None and self.wanted.read(content) == self.wanted.version


def _pages(
    git: GitProcess, start: str, names: Iterable[str]
) -> Iterator[Mapping[PurePosixPath, Sequence[_Change]]]:
    """What commits did to files of these names, newest first, so many commits at a time."""
    where = [f":(glob)**/{_SPECIAL.sub(_ESCAPED, name)}" for name in sorted(names)]
    words = [start]
    while True:
        answer = git.read(*_LOG, f"--max-count={_A_PAGE}", *words, "--", *where)
        if answer.status != 0:
            raise refused("log", answer)
        commits = _COMMIT.findall(answer.text)
        yield _by_file(commits)
        if len(commits) < _A_PAGE:
            return
        words = ["--skip=1", commits[-1][0]]


def _by_file(commits: Iterable[tuple[str, str]]) -> Mapping[PurePosixPath, Sequence[_Change]]:
    found: dict[PurePosixPath, list[_Change]] = {}
    for commit, changes in commits:
        for before, after, name in _CHANGE.findall(changes):
            change = _Change(commit=commit, before=before, after=after)
            found.setdefault(PurePosixPath(name), []).append(change)
    return found


def _follow(git: GitProcess, trails: Iterable[_Trail]) -> None:
    """Let every trail go back as far as it can."""
    while walking := [t for t in trails if t.ahead and not t.is_at_its_end]:
        most = max(1, _ENOUGH_BLOBS // len(walking))
        contents = read_blobs(git, (blob for trail in walking for blob in trail.blobs(most)))
        for trail in walking:
            trail.go(most, contents)
