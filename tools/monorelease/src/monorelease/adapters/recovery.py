"""What a run that died, or failed, has left behind: the old tree is put back, losing nothing."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath

from monorelease.adapters import content, logbook
from monorelease.adapters.boundary import Boundary
from monorelease.adapters.record import Entry, Journal
from monorelease.adapters.saved import Saved, copies, save_copy
from monorelease.adapters.state import exclusive
from monorelease.errors import ReleaseError, StaleTree, TreeNotWritable
from monorelease.model.value import value


@value
class Recovery:
    """What was done to put the old tree back."""

    label: str
    """What the run was doing that died."""
    restored: tuple[PurePosixPath, ...]
    """Files that were not as they had been before it; sorted as its patch was."""
    saved: tuple[Saved, ...]
    """Files that were neither old nor new, and where they are kept now."""


def recover(root: Path, state: Path) -> Recovery | None:
    """Put the tree back as it was before a run that died; None when none did.

    Costs one look at the disk where there is nothing to do. May itself die anywhere: the next
    call finishes.

    Raises:
        AnotherRelease: when the run has not died, but is at work.
        TreeNotWritable: names the files that could not be put back; the rest was, and the
            journal stays for the next call.
        ReleaseError: when the journal cannot be read; nothing was touched.
    """
    place = logbook.current_path(state)
    if not place.exists():
        return None
    with exclusive(state, command="recovery"):
        journal = logbook.load(place)
        return put_back(root, state, journal) if journal else None


def check_finished(state: Path) -> None:
    """Refuse to build upon a tree that a dead run left half changed.

    Raises:
        StaleTree: when its journal is still there.
    """
    if logbook.current_path(state).exists():
        raise StaleTree(
            "a run that died has left the tree half changed",
            hint="run the command again: it begins by putting the tree right",
        )


def put_back(root: Path, state: Path, journal: Journal) -> Recovery:
    """Make every file of `journal` what it was, whatever it is now, and drop the journal.

    A file that is neither old nor new, because power failed while it was written or because
    somebody has edited it, is copied to the state folder first.

    Raises:
        TreeNotWritable: as in `recover`.
    """
    boundary = Boundary(root)
    restored, stuck = [], {}
    for entry in journal.entries:
        try:
            if _restore(boundary, state, journal.kept, entry):
                restored.append(entry.path)
        except OSError as error:
            stuck[entry.path] = error.strerror or str(error)
        except ReleaseError as error:
            stuck[entry.path] = error.problem
    remove_empty(boundary, journal.made)
    content.settle()  # even where an earlier recovery has done it all: that one may have died here
    if stuck:
        raise TreeNotWritable(
            "could not be put back: " + ", ".join(f"{path} ({why})" for path, why in stuck.items()),
            where=str(next(iter(stuck))) if len(stuck) == 1 else "",
            hint="see to these files, then run the command again: it goes on from here",
        )
    saved = copies(state, journal.kept)
    logbook.discard(logbook.current_path(state))
    return Recovery(label=journal.label, restored=tuple(restored), saved=saved)


def _restore(boundary: Boundary, state: Path, number: int, entry: Entry) -> bool:
    """Make the file what it was before; whether it was anything else."""
    place = boundary.locate(entry.path)
    with suppress(FileNotFoundError, NotADirectoryError):
        content.temporary(place).unlink()
    now = content.read(place, entry.path)
    if content.same(now, entry.before):
        return False
    if now is not None and now.data not in _known(entry):
        save_copy(state, number, entry.path, now)
    content.put(place, entry.before)
    return True


def _known(entry: Entry) -> tuple[bytes, ...]:
    return tuple(side.data for side in (entry.before, entry.after) if side is not None)


def remove_empty(boundary: Boundary, folders: tuple[PurePosixPath, ...]) -> None:
    """Remove those of `folders` that are there and empty; git does not know of them."""
    for folder in reversed(folders):
        with suppress(OSError, ReleaseError):
            boundary.locate(folder).rmdir()
