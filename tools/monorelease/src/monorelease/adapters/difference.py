"""Where two archives that should be the same begin to differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

_CHUNK = 1024 * 1024


def first_difference(one: Path, other: Path) -> str:
    """The name of the first file in the archives that is not the same in both.

    Empty where that cannot be told: they differ in the archive's own frame, or one cannot be
    read.

    Args:
        one: a wheel or a source distribution.
        other: one of the same kind.
    """
    import tarfile
    import zipfile
    import zlib

    facts = _of_zip if one.suffix == ".whl" else _of_tar
    try:
        return _first(facts(one), facts(other))
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error):
        return ""


def _first(one: Iterable[tuple[str, object]], other: Iterable[tuple[str, object]]) -> str:
    for left, right in zip_longest(one, other):
        if left != right:
            name, _ = left or right
            return str(name)
    return ""


def _of_zip(path: Path) -> Iterator[tuple[str, object]]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            yield info.filename, (info.CRC, info.file_size, info.date_time, info.external_attr)


def _of_tar(path: Path) -> Iterator[tuple[str, object]]:
    import tarfile
    import zlib

    with tarfile.open(path) as archive:
        for info in archive:
            checksum = 0
            if file := archive.extractfile(info) if info.isfile() else None:
                while chunk := file.read(_CHUNK):
                    checksum = zlib.crc32(chunk, checksum)
            owner = (info.uid, info.gid, info.uname, info.gname)
            yield info.name, (checksum, info.mode, info.mtime, info.type, info.linkname, owner)
