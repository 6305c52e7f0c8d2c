"""Whom a file is about that names nobody: by where it lies, or by the commit that brought it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.commit_log import files_of
from monorelease.adapters.git import Repository
from monorelease.model.value import value
from monorelease.workflows.check import touched_members
from monorelease.workflows.read import Snapshot


@value
class Places:
    """Where to look."""

    snapshot: Snapshot
    repository: Repository | None
    said: Mapping[str, tuple[NormalizedName, ...]]
    """Paths of files and folders, and the members that somebody says they are about."""


def locate(
    places: Places, paths: Sequence[PurePosixPath]
) -> dict[PurePosixPath, tuple[NormalizedName, ...]]:
    """The members that each of `paths` is about, as far as that is known.

    What somebody said comes first, then the member in whose folder it lies, then the only
    member there is, then all that are touched by the commit that added it.
    """
    located = {path: names for path in paths if (names := _by_place(places, path))}
    return located | dict(_by_history(places, [path for path in paths if path not in located]))


def _by_place(places: Places, path: PurePosixPath) -> tuple[NormalizedName, ...]:
    for place in (path, *path.parents):
        if str(place) in places.said:
            return places.said[str(place)]
    members = {member.path: member.name for member in places.snapshot.workspace}
    owner = next((members[folder] for folder in path.parents if folder in members), None)
    if owner is not None:
        return (owner,)
    return tuple(members.values()) if len(members) == 1 else ()


def _by_history(
    places: Places, paths: Sequence[PurePosixPath]
) -> Iterator[tuple[PurePosixPath, tuple[NormalizedName, ...]]]:
    repository, snapshot = places.repository, places.snapshot
    if repository is None or repository.is_shallow:
        return
    for folder in dict.fromkeys(path.parent for path in paths):
        origins = repository.origins(folder)
        known = {path: origins[path].commit for path in paths if path in origins}
        files = files_of(repository, known.values())
        for path, commit in known.items():
            touched = touched_members(files[commit], snapshot.workspace, snapshot.config)
            if touched:
                yield path, tuple(touched)
