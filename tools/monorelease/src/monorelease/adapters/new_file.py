"""Write a file that is not there yet, and never over one that is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath

from monorelease.adapters.boundary import Boundary
from monorelease.adapters.content import refusal
from monorelease.errors import StaleTree, TreeNotWritable


def create(root: Path, path: PurePosixPath, data: bytes) -> None:
    """Write `data` to the new file `path`, with the folders above it.

    Raises:
        StaleTree: there is such a file.
        TreeNotWritable: the disk refuses.
        UnsafePath: the path or a link in it leaves the repository.
    """
    place = Boundary(root).locate(path)
    _make_folder(place, path)
    try:
        file = place.open("xb")
    except FileExistsError as error:
        raise StaleTree(
            "is there already", where=str(path), hint="choose another name, or edit that file"
        ) from error
    except OSError as error:
        raise refusal(error, path) from error
    try:
        with file:
            file.write(data)
    except OSError as error:
        with suppress(OSError):
            place.unlink()  # a part of it would be taken for the whole
        raise refusal(error, path) from error


def _make_folder(place: Path, path: PurePosixPath) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise TreeNotWritable(
            "cannot be made: there is a file where its folder should be",
            where=str(path),
            hint=f"remove or rename the file in the place of {path.parent}/",
        ) from error
    except OSError as error:
        raise refusal(error, path) from error
