"""One file's bytes and permissions: read whole, replaced whole, or left alone."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path, PurePosixPath

from monorelease.errors import TreeNotWritable, UnreadableFile
from monorelease.model.value import value

_SYNCS_AT_ONCE = sys.platform == "linux"
"""Elsewhere ``sync`` is missing or may return before the disk has everything (POSIX)."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@value
class Content:
    """What a file holds."""

    data: bytes
    mode: int | None
    """Permission bits; None for those that any new file gets here."""


def read(place: Path, path: PurePosixPath) -> Content | None:
    """The regular file at `place`, None when there is nothing; `path` names it in errors.

    Raises:
        UnreadableFile: when it is a folder, a device or a pipe, or may not be read.
    """
    try:
        mode = place.stat().st_mode
        if stat.S_ISREG(mode):
            return Content(data=place.read_bytes(), mode=stat.S_IMODE(mode))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableFile(
            f"cannot be read: {error.strerror}", where=str(path), hint="check its permissions"
        ) from error
    kind = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
    raise UnreadableFile(
        f"is {kind}, not a file", where=str(path), hint="put a regular file in its place"
    )


def data_of(content: Content | None) -> bytes | None:
    """The bytes alone; None where there is no file."""
    return None if content is None else content.data


def same(one: Content | None, other: Content | None) -> bool:
    """Whether both hold the same bytes, and the same permissions as far as both are known."""
    if one is None or other is None:
        return one is other
    return one.data == other.data and (None in (one.mode, other.mode) or one.mode == other.mode)


def put(place: Path, content: Content | None, *, synced: bool = False) -> None:
    """Make the file at `place` hold `content`, or be gone for None.

    A reader sees the old file or the new one. After a power cut it may be neither, unless
    this was `synced`, or `settle` came before.

    Raises:
        OSError: and then it is as it was, and no draft is left.
    """
    if content is None:
        place.unlink()
        return
    try:
        stage(place, content, synced=synced)
        adopt(place, synced=synced)
    except OSError:
        with suppress(OSError):
            temporary(place).unlink(missing_ok=True)
        raise


def stage(place: Path, content: Content, *, synced: bool = False) -> None:
    """Write `content` beside `place`, where `adopt` finds it; make folders that are missing.

    Raises:
        OSError: a part of the draft may be left.
    """
    draft = temporary(place)
    try:
        file = draft.open("xb")  # never through a link that somebody planted
    except FileNotFoundError:
        draft.parent.mkdir(parents=True, exist_ok=True)
        file = draft.open("xb")
    except FileExistsError:  # left by a run that died
        draft.unlink()
        file = draft.open("xb")
    with file:
        if content.mode not in (None, stat.S_IMODE(os.fstat(file.fileno()).st_mode)):
            draft.chmod(content.mode)
        file.write(content.data)
        if synced or not _SYNCS_AT_ONCE:
            file.flush()
            os.fsync(file.fileno())


def adopt(place: Path, *, synced: bool = False) -> None:
    """Let the draft take the place of the file, in one step.

    Raises:
        OSError: and then both are as they were.
    """
    temporary(place).replace(place)
    if synced or not _SYNCS_AT_ONCE:
        sync_folder(place.parent)


def temporary(place: Path) -> Path:
    """Where the new bytes wait until they are whole: beside the file, on the same disk."""
    return place.with_name(f".{place.name}.monorelease")


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows which names stand in `folder`.

    Raises:
        OSError: when the disk fails; not where folders cannot be synced at all.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def settle() -> None:
    """Wait until the disk has all that was written before.

    One ``sync`` for a thousand files, not a thousand ``fsync``; where that cannot be
    trusted, each file has been synced already.
    """
    if sys.platform == "linux":
        os.sync()


def refusal(error: OSError, where: PurePosixPath | Path) -> TreeNotWritable:
    """What `error`, met while writing `where`, means to a person."""
    if error.errno in _FULL:
        return TreeNotWritable(
            "cannot be written: the disk, or a quota, is full",
            where=str(where),
            hint="free some space, then run the command again",
        )
    return TreeNotWritable(
        f"cannot be written: {error.strerror or error}",
        where=str(where),
        hint="check the permissions of the file and its folder, then run the command again",
    )
