"""The last run, as long as it is not committed: what it did, taken back whole, or forgotten."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from monorelease.adapters import content, logbook
from monorelease.adapters.boundary import Boundary
from monorelease.adapters.journal import Transaction
from monorelease.adapters.preflight import missing_folders
from monorelease.adapters.record import Entry, Journal
from monorelease.adapters.recovery import check_finished
from monorelease.adapters.saved import Saved, copies, next_number, save_copy
from monorelease.adapters.state import exclusive
from monorelease.errors import EditedSinceRelease, NothingToUndo
from monorelease.model.patch import Patch
from monorelease.model.value import value


@value
class Record:
    """The last run that was completed and can be taken back."""

    label: str
    patch: Patch


@value
class Undone:
    """What was taken back."""

    label: str
    """What the run did."""
    restored: tuple[PurePosixPath, ...]
    """Sorted; without files that were as before already."""
    saved: tuple[Saved, ...]
    """Files that had been edited since, and where they are kept now."""


def last_patch(state: Path) -> Record | None:
    """What `undo` would take back; None when there is nothing.

    Raises:
        ReleaseError: when the record cannot be read.
    """
    journal = logbook.load_record(state)
    if journal is None:
        return None
    return Record(label=journal.label, patch=journal.patch)


def undo(root: Path, state: Path, *, force: bool = False) -> Undone:
    """Make every file of the last run what it was before, byte for byte, all or nothing.

    A file that somebody has put back already is left alone. The record is gone afterwards,
    and so are folders that the run made, when nothing is left in them.

    Raises:
        NothingToUndo: when there is no such run.
        EditedSinceRelease: names every file that was edited since; nothing is done, unless
            `force`: then the edited versions are copied to the state folder first.
        AnotherRelease, TreeNotWritable, UnsafePath, UnreadableFile: nothing is done.
    """
    _record(state)  # before a lock is made where there is nothing to guard
    with exclusive(state, command="undo"):
        check_finished(state)
        record = _record(state)
        back = _entries_back(root, record)
        known = {entry.path: entry for entry in record.entries}
        edited = [e for e in back if not content.same(e.before, known[e.path].after)]
        if edited and not force:
            raise _refusal(edited)
        journal = _journal(root, state, record, back)
        saved = _save(state, journal.kept, edited)
        with Transaction(root, state, journal).carried_out():
            pass
        logbook.discard(logbook.record_path(state))
    return Undone(label=record.label, restored=tuple(e.path for e in back), saved=saved)


def forget(state: Path) -> None:
    """Drop the record: what it would take back is committed now.

    Raises:
        TreeNotWritable: when it cannot be removed.
    """
    logbook.discard(logbook.record_path(state))


def _record(state: Path) -> Journal:
    record = logbook.load_record(state)
    if record is None:
        raise NothingToUndo(
            "there is no release to take back",
            hint="a release can be undone until it is committed; after that, use `git revert`",
        )
    return record


def _entries_back(root: Path, record: Journal) -> tuple[Entry, ...]:
    """From what is on disk, edited or not, to what was there before the run."""
    boundary = Boundary(root)
    now = {e.path: content.read(boundary.locate(e.path), e.path) for e in record.entries}
    return tuple(
        Entry(path=entry.path, before=now[entry.path], after=entry.before)
        for entry in record.entries
        if not content.same(now[entry.path], entry.before)
    )


def _refusal(edited: list[Entry]) -> EditedSinceRelease:
    names = [str(entry.path) for entry in edited]
    where = names[0] if len(names) == 1 else ""
    return EditedSinceRelease(
        "edited since the release" + ("" if where else ": " + ", ".join(names)),
        where=where,
        hint="with --force they are put back too, and your versions are kept in a safe place",
    )


def _journal(root: Path, state: Path, record: Journal, back: tuple[Entry, ...]) -> Journal:
    return Journal(
        label="undo",
        takes_back=True,
        kept=next_number(state),
        entries=back,
        made=missing_folders(root, (e.path for e in back if e.after is not None)),
        emptied=record.made,
    )


def _save(state: Path, number: int, edited: list[Entry]) -> tuple[Saved, ...]:
    for entry in edited:
        if entry.before is not None:
            try:
                save_copy(state, number, entry.path, entry.before)
            except OSError as error:
                raise content.refusal(error, entry.path) from error
    return copies(state, number)
