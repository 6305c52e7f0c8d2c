"""Wheels and source distributions, opened with suspicion: within bounds, and never unpacked."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING

from monorelease.model.contents import Archive

if TYPE_CHECKING:
    from gzip import GzipFile
    from tarfile import TarFile, TarInfo
    from zipfile import ZipFile, ZipInfo

MOST_FILES = 100_000
LARGEST = 8 * 1024**3
"""Bytes of all files together, unpacked; about twice what the largest wheels have."""

_TOO_LARGE = f"it unpacks to more than {LARGEST // 1024**3} GiB"

_LARGEST_TEXT = 32 * 1024**2
"""Bytes of one file that is read into memory."""

_CHUNK = 1024**2

_WANTED = re.compile(r"[^/]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt)|[^/]+/PKG-INFO")
_DRIVE = re.compile(r"[A-Za-z]:")


class _Hostile(Exception):
    """There is no use in reading on; the text says why."""


def open_archive(place: Path) -> Archive:
    """What is in the wheel or source distribution at `place`, without unpacking anything.

    Whatever is wrong with it, broken bytes or a bomb, is one of its problems.
    """
    found = _Found()
    try:
        if place.name.endswith((".whl", ".zip")):
            _read_zip(place, found)
        else:
            _read_tar(place, found)
    except _Hostile as error:
        return Archive(filename=place.name, problems=(*found.problems, str(error)))
    except _breakage() as error:
        problem = f"cannot be read: {str(error) or type(error).__name__}"
        return Archive(filename=place.name, problems=(*found.problems, problem))
    return Archive(
        filename=place.name,
        files=tuple(found.files),
        texts=found.texts,
        digests=found.digests,
        problems=tuple(found.problems),
        links_out=found.links_out,
    )


def _breakage() -> tuple[type[Exception], ...]:
    """What the standard library raises for bytes that are no archive.

    RuntimeError is for passwords, unknown ways of compression and nesting.
    """
    from lzma import LZMAError
    from struct import error as struct_error
    from tarfile import TarError
    from zipfile import BadZipFile

    broken = (BadZipFile, TarError, LZMAError, zlib.error, struct_error)
    return (*broken, EOFError, OSError, RuntimeError, ValueError)


class _Found:
    """What was read so far, and what is wrong with it."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}  # for its order, and to see what comes twice
        self.texts: dict[str, bytes] = {}
        self.digests: dict[str, str] = {}
        self.problems: list[str] = []
        self.links_out: dict[str, str] = {}
        self._count = self._total = 0

    def count(self, size: int) -> None:
        """Take in one more member of the archive, a file or not.

        Raises:
            _Hostile: that is too much.
        """
        self._count += 1
        self._total += size
        if self._count > MOST_FILES:
            raise _Hostile(f"there are more than {MOST_FILES} files in it")
        if self._total > LARGEST:
            raise _Hostile(_TOO_LARGE)

    def add(self, name: str) -> bool:
        """Take in a file; whether it should be looked into."""
        if _leaves(name):
            self.problems.append(f"{name!r} would be unpacked outside of its folder")
            return False
        if name in self.files:
            self.problems.append(f"{name} is in it twice")
            return False
        self.files[name] = None
        return True


def _leaves(name: str) -> bool:
    """Whether some system would put it elsewhere."""
    is_absolute = name.startswith(("/", "\\")) or _DRIVE.match(name) is not None
    return is_absolute or "\\" in name or ".." in name.split("/")


def _read_zip(place: Path, found: _Found) -> None:
    """Every file is read: for its hash, and because only so its own checksum is looked at."""
    from zipfile import ZipFile

    with ZipFile(place) as archive:
        members = archive.infolist()
        for member in members:
            found.count(member.file_size)
        for member in members:
            if not member.is_dir() and found.add(member.filename):
                _read_member(archive, member, found)


def _read_member(archive: ZipFile, member: ZipInfo, found: _Found) -> None:
    from hashlib import sha256

    name, digest = member.filename, sha256()
    with archive.open(member) as file:
        if _WANTED.fullmatch(name):
            found.texts[name] = _text(file, name)
            digest.update(found.texts[name])
        else:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                digest.update(chunk)
    found.digests[name] = digest.hexdigest()


def _read_tar(place: Path, found: _Found) -> None:
    from tarfile import open as open_tar

    with _unpacking(place) as stream:
        with open_tar(fileobj=stream, mode="r:", encoding="utf-8") as archive:
            while (member := archive.next()) is not None:
                found.count(member.size)  # before its content is passed over
                _look_at(archive, member, found)
        while stream.read(_CHUNK):
            pass  # to the end, where the checksum is


def _unpacking(place: Path) -> GzipFile:
    """The unpacked bytes, of which nobody reads too many: a header may claim any length."""
    from gzip import GzipFile

    class Bounded(GzipFile):
        def read(self, size: int | None = -1) -> bytes:
            if size is None or not 0 <= size <= _LARGEST_TEXT + 1:
                raise _Hostile("a header in it is larger than any file that matters")
            if self.tell() > LARGEST:
                raise _Hostile(_TOO_LARGE)
            return super().read(size)

        def seek(self, offset: int, whence: int = 0) -> int:
            if offset > LARGEST:
                raise _Hostile(_TOO_LARGE)
            return super().seek(offset, whence)

    return Bounded(place)


def _look_at(archive: TarFile, member: TarInfo, found: _Found) -> None:
    name = member.name
    if member.isdir():
        return
    if member.issym() or member.islnk():
        _look_at_link(member, found)
    elif not member.isreg():
        found.problems.append(f"{name!r} is a device or a pipe")
    elif found.add(name) and _WANTED.fullmatch(name):
        file = archive.extractfile(member)
        found.texts[name] = _text(file, name) if file else b""


def _look_at_link(member: TarInfo, found: _Found) -> None:
    from posixpath import dirname, join, normpath

    base = dirname(member.name) if member.issym() else ""
    if found.add(member.name) and _leaves(normpath(join(base, member.linkname))):
        found.links_out[member.name] = member.linkname


def _text(file: IO[bytes], name: str) -> bytes:
    data = file.read(_LARGEST_TEXT + 1)
    if len(data) > _LARGEST_TEXT:
        raise _Hostile(f"{name} is larger than {_LARGEST_TEXT // 1024**2} MiB")
    return data


def digest_of(place: Path) -> tuple[str, int]:
    """The sha256 of a file in hexadecimal digits, and its size in bytes.

    Raises:
        OSError: it cannot be read.
    """
    from hashlib import file_digest

    with place.open("rb") as file:
        return file_digest(file, "sha256").hexdigest(), file.tell()
