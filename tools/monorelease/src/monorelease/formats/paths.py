"""Paths as one file names another, seen from the repository's root."""

from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.errors import UnsafePath


def inside(folder: PurePosixPath, relative: str) -> PurePosixPath:
    """The path that `relative` means in `folder`, in its shortest form.

    ``..`` may lead to another folder of the repository. All this is worked out from the words
    alone: no link is followed.

    Args:
        folder: relative to the repository's root.
        relative: as somebody wrote it.

    Raises:
        UnsafePath: when the path leads out of the repository.
    """
    parts: list[str] = []
    for part in (folder / relative).parts:
        if part == "/" or (part == ".." and not parts):
            raise UnsafePath(
                f"{relative!r} leads out of the repository",
                where=str(folder),
                hint="name a file inside the repository",
            )
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)
