"""Where a path of the repository really is on disk: never outside the root, never in ``.git``."""

from __future__ import annotations

import os
from pathlib import Path, PurePath, PurePosixPath

from monorelease.errors import UnreadableFile, UnsafePath

_GIT = frozenset({".git", "git~1"})
"""Names under which some file system finds git's own folder, whose hooks would be run."""

_HERE = PurePosixPath()


class Boundary:
    """The root, and the folders below it whose links have been followed already.

    What is known of folders is never asked again, so a boundary should live no longer than
    one reading or one writing of the tree.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._folders: dict[PurePosixPath, Path] = {_HERE: self.root}

    def locate(self, path: PurePosixPath) -> Path:
        """The file or folder that `path` means, with every link in it followed.

        Nothing needs to be there; what is missing is taken to be no link.

        Raises:
            UnsafePath: when the path, or a link in it, leaves the root or enters ``.git``.
            UnreadableFile: when a link leads nowhere, or a folder may not be looked into.
        """
        check_inside(path)
        if path == _HERE:
            return self.root
        return self._follow(self._folder(path.parent) / path.name, path)

    def _folder(self, path: PurePosixPath) -> Path:
        place = self._folders.get(path)
        if place is None:
            place = self._follow(self._folder(path.parent) / path.name, path)
            self._folders[path] = place
        return place

    def _follow(self, place: Path, path: PurePosixPath) -> Path:
        try:
            if not place.is_symlink():
                return place
            target = place.resolve(strict=True)
        except (OSError, RuntimeError) as error:
            raise UnreadableFile(
                "the link leads nowhere"
                if isinstance(error, FileNotFoundError | RuntimeError)
                else f"cannot be looked at: {error.strerror}",
                where=str(path),
                hint="repair or remove it",
            ) from error
        if not target.is_relative_to(self.root) or _enters_git(target.relative_to(self.root)):
            raise UnsafePath(
                f"the link leads out of the repository, to {target}",
                where=str(path),
                hint="replace the link with the file or folder itself",
            )
        return target


def check_inside(path: PurePosixPath) -> None:
    """Refuse a path that could not lie in any repository, whatever is on disk.

    Raises:
        UnsafePath: when it is absolute, climbs with ``..``, enters ``.git`` or holds a NUL.
    """
    native = path if os.name == "posix" else PurePath(path)  # drives and backslashes count there
    if native.anchor or ".." in native.parts or _enters_git(native) or "\0" in str(path):
        raise UnsafePath(
            "the path leaves the repository's files",
            where=str(path).replace("\0", "\\0"),
            hint="name a path below the repository's root, without '..' and outside '.git'",
        )


def _enters_git(path: PurePath) -> bool:
    return not _GIT.isdisjoint(part.casefold() for part in path.parts)
