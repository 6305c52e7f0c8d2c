"""The time that a source distribution tells: that of its commit, whoever packed it and when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tarfile import TarInfo

_PROGRAM, _FILE = 0o755, 0o644


def date(sdist: Path, epoch: int) -> None:
    """Pack `sdist` anew if it tells a later time than `epoch`, its files as they are.

    Setuptools and pdm-backend write the time of day into it, and setuptools its user's name as
    well, SOURCE_DATE_EPOCH or not: built again to go on with a release, it would be another file
    than the one that is published already. What tells no later time keeps its bytes, and so does
    what is no ``.tar.gz``.

    Args:
        sdist: a file of our own build.
        epoch: in seconds since 1970.
    """
    import tarfile
    import zlib

    if not sdist.name.endswith(".tar.gz"):
        return
    dated = sdist.with_name(f".{sdist.name}")
    try:
        if _is_later(sdist, epoch):
            _pack(sdist, dated, epoch)
            dated.replace(sdist)
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        dated.unlink(missing_ok=True)  # whoever opens the file says what is wrong with it


def _is_later(sdist: Path, epoch: int) -> bool:
    import tarfile
    from gzip import GzipFile

    with GzipFile(sdist) as stream, tarfile.open(fileobj=stream) as archive:
        is_late = any(info.mtime > epoch for info in archive)
        return is_late or (stream.mtime or 0) > epoch


def _pack(sdist: Path, dated: Path, epoch: int) -> None:
    import tarfile
    from gzip import GzipFile

    with (
        tarfile.open(sdist) as old,
        dated.open("wb") as file,
        GzipFile("", "wb", fileobj=file, mtime=epoch) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for info in old:
            content = old.extractfile(info) if info.isreg() else None
            new.addfile(_anonymous(info, epoch), content)


def _anonymous(info: TarInfo, epoch: int) -> TarInfo:
    """The same entry, without what it tells of the machine: time, user and umask."""
    info.mtime = min(int(info.mtime), epoch)
    info.mode = _PROGRAM if info.isdir() or info.mode & 0o100 else _FILE
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.pax_headers = {}  # long names get theirs when they are written
    return info
