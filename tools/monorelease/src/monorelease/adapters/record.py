"""What a journal says, and how that is spelled in bytes."""

from __future__ import annotations

import json
import zlib
from pathlib import PurePosixPath

from monorelease.adapters.boundary import check_inside
from monorelease.adapters.content import Content, data_of
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.value import value

_MAGIC = b"monorelease journal 1"
_ALL_BITS = 0o7777


@value
class Entry:
    """One file, before and after; None where there is no file."""

    path: PurePosixPath
    """Relative to the repository's root."""
    before: Content | None
    after: Content | None

    @property
    def edit(self) -> FileEdit:
        """The same without permissions."""
        return FileEdit(path=self.path, before=data_of(self.before), after=data_of(self.after))


@value
class Journal:
    """All that is needed to finish taking a run back, whatever the tree looks like."""

    label: str
    """What the run does, in a word."""
    takes_back: bool = False
    """Whether the run is itself an undo: once it is done, nothing is left to undo."""
    kept: int
    """Number of the folder in which it keeps what would otherwise be lost."""
    entries: tuple[Entry, ...]
    made: tuple[PurePosixPath, ...] = ()
    """Folders that the run makes, parents first."""
    emptied: tuple[PurePosixPath, ...] = ()
    """Folders that the run removes if nothing is left in them, parents first."""

    @property
    def patch(self) -> Patch:
        """What the run does to files' bytes."""
        return Patch.of(tuple(entry.edit for entry in self.entries))


def encode(journal: Journal) -> bytes:
    """A line that names the format, a checksum, one line of JSON, and then the files' bytes.

    The bytes stand as they are: changelogs of a thousand members are tens of megabytes, which
    base64 would make a third longer; and the JSON line can still be read by a person.
    """
    header = {
        "label": journal.label,
        "takes_back": journal.takes_back,
        "kept": journal.kept,
        "made": [str(path) for path in journal.made],
        "emptied": [str(path) for path in journal.emptied],
        "entries": [[str(e.path), _shape(e.before), _shape(e.after)] for e in journal.entries],
    }
    sides = (side for e in journal.entries for side in (e.before, e.after) if side is not None)
    parts = (json.dumps(header).encode(), b"\n", *(side.data for side in sides))
    return b"".join((_MAGIC, b"\n", _checksum(*parts), b"\n", *parts))


def _checksum(*parts: bytes) -> bytes:
    value = 0
    for part in parts:
        value = zlib.crc32(part, value)
    return b"%08x" % value


def _shape(side: Content | None) -> tuple[int | None, int] | None:
    return None if side is None else (side.mode, len(side.data))


def decode(data: bytes) -> Journal:
    """What `encode` was given; the file is not trusted to come from there.

    Raises:
        ValueError: when it is damaged or was written by another version.
        UnsafePath: when a path in it leaves the repository.
    """
    if not data.startswith(_MAGIC + b"\n"):
        raise ValueError("it is not in the format of this version")
    match data.split(b"\n", 3):
        case [_, checksum, line, rest] if checksum == _checksum(line, b"\n", rest):
            pass
        case _:
            raise ValueError("it is damaged")
    header: object = json.loads(line)
    match header:
        case {
            "label": str(label),
            "takes_back": bool(takes_back),
            "kept": int(kept),
            "made": list(made),
            "emptied": list(emptied),
            "entries": list(entries),
        }:
            return Journal(
                label=label,
                takes_back=takes_back,
                kept=kept,
                entries=_entries(entries, rest),
                made=tuple(_path(item) for item in made),
                emptied=tuple(_path(item) for item in emptied),
            )
        case _:
            raise ValueError("its header is not as it should be")


def _entries(items: list[object], rest: bytes) -> tuple[Entry, ...]:
    found = []
    start = 0
    for item in items:
        match item:
            case [path, before, after]:
                old, start = _side(before, rest, start)
                new, start = _side(after, rest, start)
                found.append(Entry(path=_path(path), before=old, after=new))
            case _:
                raise ValueError("an entry is not as it should be")
    if len({entry.path for entry in found}) != len(found):
        raise ValueError("it names one file twice")
    if start != len(rest):
        raise ValueError("it has another length than it says")
    return tuple(found)


def _side(shape: object, rest: bytes, start: int) -> tuple[Content | None, int]:
    match shape:
        case None:
            return None, start
        case [None | int() as mode, int(size)] if 0 <= size <= len(rest) - start:
            if mode is not None and not 0 <= mode <= _ALL_BITS:
                raise ValueError("it gives a file permissions that there are not")
            return Content(data=rest[start : start + size], mode=mode), start + size
    raise ValueError("a file in it is not as it should be")


def _path(item: object) -> PurePosixPath:
    path = PurePosixPath(item) if isinstance(item, str) else PurePosixPath()
    if path == PurePosixPath():
        raise ValueError("it names no file")
    check_inside(path)
    return path
