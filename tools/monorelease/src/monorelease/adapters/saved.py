"""Copies of what would otherwise be lost, kept in the state folder until a person removes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath

from monorelease.adapters import content
from monorelease.adapters.content import Content
from monorelease.model.value import value


@value
class Saved:
    """A file that was replaced although it was not the tool's own, and where its copy is."""

    path: PurePosixPath
    """Relative to the repository's root."""
    copy: Path


def next_number(state: Path) -> int:
    """A number that no run has kept copies under yet."""
    try:
        names = [folder.name for folder in (state / "saved").iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return 1
    numbers = (name.partition("-")[0] for name in names)
    return 1 + max((int(n) for n in numbers if n.isascii() and n.isdigit()), default=0)


def save_copy(state: Path, number: int, path: PurePosixPath, now: Content) -> None:
    """Keep `now` as run `number`'s copy of `path`; no copy is ever overwritten.

    A run that dies after this is put right by a later one, which comes here again: the same
    bytes are not kept twice.

    Raises:
        OSError: when the copy cannot be written.
    """
    for folder in _folders(state, number):
        place = folder / path
        there = content.read(place, path)
        if there is None:
            content.put(place, now, synced=True)  # before the file itself is replaced
        if there is None or there.data == now.data:
            return


def copies(state: Path, number: int) -> tuple[Saved, ...]:
    """Everything that was kept under `number`, sorted by path, whichever run wrote it."""
    found = []
    for folder in _folders(state, number):
        if not folder.is_dir():
            break
        found += [
            Saved(path=PurePosixPath(place.relative_to(folder).as_posix()), copy=place)
            for place in folder.rglob("*")
            if place.is_file() and not place.name.endswith(".monorelease")
        ]
    return tuple(sorted(found, key=lambda saved: saved.path))


def _folders(state: Path, number: int) -> Iterator[Path]:
    """``saved/1``, and ``saved/1-2`` … for other versions of files that stand there already."""
    yield state / "saved" / str(number)
    for version in count(2):
        yield state / "saved" / f"{number}-{version}"
