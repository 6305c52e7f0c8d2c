"""A handful of files written together, all or none, without a record for `undo`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from monorelease.adapters import content
from monorelease.adapters.boundary import Boundary
from monorelease.adapters.content import Content
from monorelease.adapters.preflight import missing_folders, survey, writable_places
from monorelease.adapters.recovery import remove_empty
from monorelease.model.patch import Patch


def write_all(root: Path, patch: Patch) -> None:
    """Make every file what the patch says; where one cannot be written all are as before.

    Nothing is written down about it: what `undo` would take back stays the last release.

    Raises:
        StaleTree, UnsafePath, TreeNotWritable: names the files; the tree is as it was.
    """
    entries = survey(root, patch)
    made = missing_folders(root, (e.path for e in patch.edits if e.after is not None))
    places = writable_places(root, entries)
    done: list[tuple[Path, Content | None]] = []
    for entry in entries:
        place = places[entry.path]
        done.append((place, entry.before))
        try:
            content.put(place, entry.after)
        except OSError as error:
            _put_back(done)
            remove_empty(Boundary(root), made)
            raise content.refusal(error, entry.path) from error


def _put_back(done: list[tuple[Path, Content | None]]) -> None:
    for place, before in reversed(done):
        with suppress(OSError):
            content.put(place, before)
