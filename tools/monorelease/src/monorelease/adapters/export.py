"""A commit checked out cleanly, in a scratch repository of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from monorelease.adapters import content
from monorelease.adapters.boundary import Boundary
from monorelease.adapters.content import Content
from monorelease.adapters.git_process import PATIENCE, Answer, GitProcess, refused
from monorelease.adapters.submodules import submodules
from monorelease.errors import GitFailed
from monorelease.model.words import short

_PATIENCE_WITH_FILES = 30 * 60.0
"""Seconds for a checkout: it may have to wait for large files from somewhere else."""

_CONFIG = f"""\
[core]
\tattributesFile = {os.devnull}
\tautocrlf = false
\teol = lf
\tfsmonitor = false
\thooksPath = {os.devnull}
"""
"""The same bytes on every machine, whatever its user has configured, and none of their hooks.

It stands in the repository, not on our command lines, so that a build backend that asks git
whether anything was changed is told no.
"""

NOTHING: Mapping[PurePosixPath, bytes | None] = MappingProxyType({})
"""An overlay that changes nothing."""

_NO_TAGS: Mapping[str, str] = MappingProxyType({})


@contextmanager
def exported(
    root: Path,
    commit: str,
    *,
    tags: Mapping[str, str] = _NO_TAGS,
    overlay: Mapping[PurePosixPath, bytes | None] = NOTHING,
) -> Iterator[Path]:
    """The folder that corresponds to `root` in a clean checkout of `commit`.

    It is a repository and no archive, because build backends ask git for the version or for
    the list of files, and because ``export-ignore`` would change what is built. It borrows the
    objects of the repository around `root`, and has its tags and its content filters (those of
    large files, say), but neither its branches nor its hooks. Submodules that are checked out in
    the work tree are there as well, at the commit that `commit` names, without a repository of
    their own; the folders of others are empty. It is removed at the end, whatever happens.

    Args:
        root: a folder in a work tree.
        commit: any name of one.
        tags: commits by name, for tags that are made or moved there, and nowhere else.
        overlay: files relative to `root` that lie over the commit; None for one that is gone.
            They keep the permissions of what they replace.

    Raises:
        GitFailed: there is no such commit, or it cannot be checked out, or has no such folder.
        UnsafePath: a file of the overlay would leave the checkout.
    """
    from tempfile import TemporaryDirectory

    source = _Source(root)
    name = source.resolve(commit)
    with TemporaryDirectory(prefix="monorelease-", ignore_cleanup_errors=True) as scratch:
        top = Path(scratch).resolve() / "checkout"
        _check_out(source, name, top, tags)
        _fill_submodules(source, name, top)
        folder = top / source.prefix
        if not folder.is_dir():
            raise GitFailed(
                f"commit {short(name)} has no folder {source.prefix}",
                hint="the workspace lay somewhere else then: publish from a later release",
            )
        _lay_over(folder, overlay)
        yield folder


def commit_time(root: Path, commit: str) -> int:
    """When `commit` was made, in seconds since 1970: the SOURCE_DATE_EPOCH of its builds.

    Raises:
        GitFailed: there is no such commit.
    """
    source = _Source(root)
    return int(source.ask("show", "--no-patch", "--format=%ct", source.resolve(commit)))


class _Source:
    """The repository that is read."""

    def __init__(self, root: Path) -> None:
        self._git = GitProcess(root)
        self.prefix = self.ask("rev-parse", "--show-prefix")

    def ask(self, *words: str) -> str:
        """What git answers, without the newline at its end."""
        return _text(words[0], self._git.read(*words))

    def resolve(self, commit: str) -> str:
        """The full name of `commit`."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
        answer = self._git.read(*words)
        if answer.status != 0:
            raise GitFailed(
                f"there is no commit {commit!r} in this clone",
                hint="fetch it first: git fetch --unshallow --tags (in a workflow: fetch-depth: 0)",
            )
        return answer.text.strip()

    def has(self, commit: str) -> bool:
        """Whether an object name is that of a commit in this clone."""
        return self._git.read("cat-file", "-e", f"{commit}^{{commit}}").status == 0

    @property
    def top(self) -> Path:
        """The top of its work tree."""
        return Path(self.ask("rev-parse", "--show-toplevel"))

    def place(self, name: str) -> Path:
        """Where git keeps one of its own files."""
        return Path(self.ask("rev-parse", "--path-format=absolute", "--git-path", name))

    def tags(self) -> dict[str, str]:
        """Each tag's object, by the tag's name."""
        listed = self.ask("for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/tags")
        pairs = (line.partition(" ") for line in listed.split("\n") if line)
        return {name: target for target, _, name in pairs}

    def filters(self) -> list[tuple[str, str]]:
        """The content filters that are configured for this repository alone."""
        answer = self._git.read("config", "--local", "--null", "--get-regexp", r"^filter\.")
        pairs = (entry.partition("\n") for entry in answer.text.split("\0") if entry)
        return [(key, setting) for key, _, setting in pairs]

    def complete(self, commit: str) -> None:
        """Fetch what a partial clone has left out of `commit`: git does it all at once for a diff.

        The checkout borrows objects, and could not ask for more of them.
        """
        if self._git.read("config", "--get-regexp", r"^remote\..*\.promisor$").status == 0:
            nothing = self.ask("hash-object", "-t", "tree", "--stdin")
            words = ("diff-tree", "-r", "--shortstat", nothing, commit)
            _text("fetch", self._git.run(*words, seconds=_PATIENCE_WITH_FILES))


def _check_out(source: _Source, commit: str, top: Path, tags: Mapping[str, str]) -> None:
    source.complete(commit)
    top.mkdir(exist_ok=True)
    git = GitProcess(top, _own_places(top))
    kind = source.ask("rev-parse", "--show-object-format")
    _demand(git, "init", "--quiet", "--template=", f"--object-format={kind}")
    own = top / ".git"
    with (own / "config").open("a", encoding="utf-8") as config:
        config.write(_CONFIG)
    for key, setting in source.filters():
        _demand(git, "config", key, setting)
    (own / "objects/info").mkdir(parents=True, exist_ok=True)
    (own / "objects/info/alternates").write_bytes(os.fsencode(source.place("objects")) + b"\n")
    if (shallow := source.place("shallow")).exists():
        (own / "shallow").write_bytes(shallow.read_bytes())
    own_tags = {name: source.resolve(target) for name, target in tags.items()}
    all_tags = {**source.tags(), **own_tags}.items()
    updates = "".join(f"update refs/tags/{name}\0{target}\0\0" for name, target in all_tags)
    _demand(git, "update-ref", "--stdin", "-z", stdin=updates)
    _demand(git, "checkout", "--quiet", "--detach", commit, seconds=_PATIENCE_WITH_FILES)


def _fill_submodules(source: _Source, commit: str, top: Path) -> None:
    """Nothing is fetched, for that may take a key: whoever needs what is missing says so."""
    from shutil import rmtree

    for path, its_commit in submodules(GitProcess(top, _own_places(top)), commit).items():
        place = source.top / path
        if (place / ".git").exists() and (inner := _Source(place)).has(its_commit):
            _check_out(inner, its_commit, top / path, _NO_TAGS)
            _fill_submodules(inner, its_commit, top / path)
            rmtree(top / path / ".git")  # it would get into what is built of the files around it


def _own_places(top: Path) -> dict[str, str]:
    """What keeps git here: in a hook these variables lead to the repository of the hook."""
    own = top / ".git"
    return {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_COMMON_DIR": str(own),
        "GIT_DIR": str(own),
        "GIT_INDEX_FILE": str(own / "index"),
        "GIT_NAMESPACE": "",
        "GIT_OBJECT_DIRECTORY": str(own / "objects"),
        "GIT_WORK_TREE": str(top),
    }


def _demand(git: GitProcess, *words: str, stdin: str = "", seconds: float = PATIENCE) -> None:
    _text(words[0], git.run(*words, stdin=stdin, seconds=seconds))


def _text(command: str, answer: Answer) -> str:
    if answer.status != 0:
        raise refused(command, answer)
    return answer.text.removesuffix("\n")


def _lay_over(folder: Path, overlay: Mapping[PurePosixPath, bytes | None]) -> None:
    boundary = Boundary(folder)
    for path, data in overlay.items():
        place = boundary.locate(path)
        old = content.read(place, path)
        if data is not None:
            content.put(place, Content(data=data, mode=old.mode if old else None))
        elif old is not None:
            content.put(place, None)
