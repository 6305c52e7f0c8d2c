"""Where two archives that should be the same begin to differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

_CHUNK = 1024 * 1024
_MAY_RUN = 0o111


def first_difference(one: Path, other: Path) -> str | None:
    """The name of the first file in the archives that is not the same in both.

    What counts is what whoever unpacks them gets: which files, their bytes, whether they can be
    run. None where all that is the same, and only times, owners, the order or the compression
    are not; empty where one of them cannot be read.

    Args:
        one: a wheel or a source distribution.
        other: one of the same kind.
    """
    import tarfile
    import zipfile
    import zlib

    facts: Callable[[Path], Mapping[str, object]] = _of_zip if one.suffix == ".whl" else _of_tar
    try:
        left, right = facts(one), facts(other)
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error):
        return ""
    return next((name for name in {**left, **right} if left.get(name) != right.get(name)), None)


def _of_zip(path: Path) -> Mapping[str, object]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return {
            info.filename: (info.CRC, info.file_size, info.external_attr >> 16 & _MAY_RUN)
            for info in archive.infolist()
            if not info.is_dir()
        }


def _of_tar(path: Path) -> Mapping[str, object]:
    import tarfile
    import zlib

    found: dict[str, object] = {}
    with tarfile.open(path) as archive:
        for info in archive:
            checksum = 0
            if file := archive.extractfile(info) if info.isfile() else None:
                while chunk := file.read(_CHUNK):
                    checksum = zlib.crc32(chunk, checksum)
            if not info.isdir():
                found[info.name] = (checksum, info.mode & _MAY_RUN, info.type, info.linkname)
    return found
