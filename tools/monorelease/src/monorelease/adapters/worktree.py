"""What commands have changed in the work tree, file by file, as far as git can see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from monorelease.adapters import content
from monorelease.adapters.boundary import Boundary
from monorelease.adapters.content import Content
from monorelease.adapters.git import Repository
from monorelease.adapters.record import Entry
from monorelease.errors import UnreadableFile, UnsafePath
from monorelease.model.value import value

_EXECUTABLE, _REGULAR = 0o100755, 0o100644
"""The two kinds of files that git knows; what else it knows are links and repositories."""

_ANY_READ, _ANY_EXECUTE = 0o444, 0o111


@value
class Picture:
    """All that differs from the commit, at one moment."""

    files: Mapping[PurePosixPath, Content | None]
    """None for one that is gone."""
    others: frozenset[PurePosixPath]
    """Links, and what lies behind links; folders that are repositories; unreadable files."""


def picture(root: Path, repository: Repository) -> Picture:
    """What differs from the commit now, or is unknown to git and not ignored by it."""
    return _look(root, repository.dirty())


def changes_since(root: Path, repository: Repository, before: Picture) -> tuple[Entry, ...]:
    """What has been done to files since `before` was taken, sorted by path.

    A file that was as committed is known from the commit: its bytes, and whether it could be
    executed. Links are left out, and all else that is no regular file, then or now.
    """
    now = _look(root, {*repository.dirty(), *before.files})
    modes = repository.modes()
    entries = []
    for path in sorted(now.files.keys() - before.others):
        mode_then, mode_now = modes.get(path, (0, 0))
        if path in before.files:
            old = before.files[path]
        elif mode_then in {0, _REGULAR, _EXECUTABLE}:
            old = _committed(repository, path, mode_then, mode_now, now.files[path])
        else:
            continue
        if not content.same(old, now.files[path]):
            entries.append(Entry(path=path, before=old, after=now.files[path]))
    return tuple(entries)


def _look(root: Path, paths: Iterable[PurePosixPath]) -> Picture:
    boundary = Boundary(root)
    files, others = {}, set()
    for path in paths:
        try:
            place = boundary.locate(path)
            if place != boundary.root / path:
                others.add(path)
            else:
                files[path] = content.read(place, path)
        except (UnreadableFile, UnsafePath):
            others.add(path)
    return Picture(files=files, others=frozenset(others))


def _committed(
    repository: Repository,
    path: PurePosixPath,
    mode_then: int,
    mode_now: int,
    now: Content | None,
) -> Content | None:
    data = repository.content_at_head(path)
    if data is None:
        return None
    if now is None or now.mode is None:
        return Content(data=data, mode=0o755 if mode_then == _EXECUTABLE else None)
    if mode_then == mode_now:  # also where git was told that permissions mean nothing
        return Content(data=data, mode=now.mode)
    if mode_then == _EXECUTABLE:
        return Content(data=data, mode=now.mode | (now.mode & _ANY_READ) >> 2)
    return Content(data=data, mode=now.mode & ~_ANY_EXECUTE)
