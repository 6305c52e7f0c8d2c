"""The repository's files, each read once, whichever way somebody names them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from monorelease.adapters.boundary import Boundary, check_inside
from monorelease.adapters.content import read
from monorelease.errors import UnreadableFile

_SKIPPED = frozenset({"__pycache__", "node_modules"})
"""Never meant by a ``*``; so is every name that begins with a dot."""


class Tree:
    """The files below a root as they were when they were first asked for.

    Paths are relative to the root and use ``/`` on every system. A link is followed as long
    as it stays below the root.
    """

    def __init__(self, root: Path) -> None:
        self._boundary = Boundary(root)
        self._contents: dict[PurePosixPath, bytes | None] = {}
        self._listings: dict[str, tuple[os.DirEntry[str], ...]] = {}

    @property
    def root(self) -> Path:
        """The root's absolute path, links followed."""
        return self._boundary.root

    def read(self, path: PurePosixPath) -> bytes | None:
        """The bytes of the file at `path`; None when there is none.

        Raises:
            UnreadableFile: when it may not be read, or is a folder, a pipe or a dead link.
            UnsafePath: when the path or a link in it leaves the repository.
        """
        if path not in self._contents:
            content = read(self._boundary.locate(path), path)
            self._contents[path] = content.data if content else None
        return self._contents[path]

    def exists(self, path: PurePosixPath) -> bool:
        """Whether there is a file or a folder at `path`.

        Raises:
            UnreadableFile: when a link in it leads nowhere.
            UnsafePath: when the path or a link in it leaves the repository.
        """
        return self._boundary.locate(path).exists()

    def folders(self, pattern: str) -> tuple[PurePosixPath, ...]:
        """The folders that `pattern` matches, sorted by name, part by part.

        ``*``, ``?`` and ``[…]`` match within a name, ``**`` any number of folders, itself
        none; it does not enter links. Wildcards pass over hidden folders, caches and
        ``node_modules``, which can still be named in full. A link is listed unopened, so
        one that leaves the repository can be excluded before anybody reads through it.

        Raises:
            UnsafePath: when the pattern is absolute, climbs, or goes on behind such a link.
            UnreadableFile: when a folder on the way may not be listed.
        """
        glob = PurePosixPath(pattern)
        check_inside(glob)
        found = {*self._matches("", glob.parts)}
        return tuple(PurePosixPath(name) for name in sorted(found, key=lambda n: n.split("/")))

    def files(self, folder: PurePosixPath, suffix: str) -> tuple[PurePosixPath, ...]:
        """What is in `folder` itself and ends in `suffix`, sorted; no folders, nothing hidden.

        Pipes and dead links are listed too: `read` says what is wrong with them, while a file
        left out in silence might be somebody's fragment.

        Raises:
            UnsafePath: when the folder or a link in it leaves the repository.
            UnreadableFile: when the folder may not be listed.
        """
        names = (
            entry.name
            for entry in self._listing("" if folder == PurePosixPath() else str(folder))
            if entry.name.endswith(suffix)
            and not entry.name.startswith(".")
            and not _is_folder(entry)
        )
        return tuple(folder / name for name in sorted(names))

    def _matches(self, base: str, parts: tuple[str, ...]) -> Iterator[str]:
        if not parts:
            yield base
            return
        first, rest = parts[0], parts[1:]
        if first == "**":
            yield from self._matches(base, rest)
            for entry in self._subfolders(base, "*"):
                if not entry.is_symlink():
                    yield from self._matches(_join(base, entry.name), parts)
        elif set(first) & set("*?["):
            for entry in self._subfolders(base, first):
                yield from self._matches(_join(base, entry.name), rest)
        elif self._boundary.locate(PurePosixPath(_join(base, first))).is_dir():
            yield from self._matches(_join(base, first), rest)

    def _subfolders(self, base: str, glob: str) -> Iterator[os.DirEntry[str]]:
        for entry in self._listing(base):
            hidden = entry.name in _SKIPPED or (entry.name[0] == "." and glob[0] != ".")
            if not hidden and fnmatchcase(entry.name, glob) and _is_folder(entry):
                yield entry

    def _listing(self, base: str) -> tuple[os.DirEntry[str], ...]:
        if base not in self._listings:
            path = PurePosixPath(base)
            try:
                with os.scandir(self._boundary.locate(path)) as entries:
                    self._listings[base] = tuple(entries)
            except (FileNotFoundError, NotADirectoryError):
                self._listings[base] = ()
            except OSError as error:
                raise UnreadableFile(
                    f"the folder cannot be listed: {error.strerror}",
                    where=str(path),
                    hint="check its permissions",
                ) from error
        return self._listings[base]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, or to where we may not look
        return False


def _join(base: str, name: str) -> str:
    return f"{base}/{name}" if base else name
