"""Write a file that we keep, new or over its last version."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from monorelease.adapters.boundary import Boundary
from monorelease.adapters.content import Content, put, read, refusal


def write(root: Path, path: PurePosixPath, data: bytes) -> None:
    """Let the file `path` hold `data`, with the folders above it; permissions stay.

    Whether the file may be written over has to be known before.

    Raises:
        TreeNotWritable: the disk refuses.
        UnreadableFile: a folder or a pipe stands in its place.
        UnsafePath: the path or a link in it leaves the repository.
    """
    place = Boundary(root).locate(path)
    old = read(place, path)
    try:
        put(place, Content(data=data, mode=old.mode if old else None))
    except OSError as error:
        raise refusal(error, path) from error
