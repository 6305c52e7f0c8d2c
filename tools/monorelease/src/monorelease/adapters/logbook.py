"""Where journals lie in the state folder: written whole, for good, or not at all."""

from __future__ import annotations

from pathlib import Path

from monorelease.adapters import content
from monorelease.adapters.content import Content
from monorelease.adapters.record import Journal, decode, encode
from monorelease.adapters.state import JOURNAL, RECORD, make
from monorelease.errors import ReleaseError, UnsafePath


def current_path(state: Path) -> Path:
    """The journal of the run that is at work, or died."""
    return state / JOURNAL


def record_path(state: Path) -> Path:
    """The journal of the last run that was completed and can be taken back."""
    return state / RECORD


def load_record(state: Path) -> Journal | None:
    """The journal of what can be taken back; None when there is nothing.

    Raises:
        ReleaseError: as in `load`.
    """
    journal = load(record_path(state))
    return None if journal is None or journal.takes_back else journal


def save(state: Path, journal: Journal) -> None:
    """Put `journal` on the disk, for good, before anything that it describes is done.

    Raises:
        TreeNotWritable: when it does not fit, or the state folder cannot be written.
    """
    place = current_path(state)
    try:
        make(state)
        content.put(place, Content(data=encode(journal), mode=None), synced=True)
    except OSError as error:
        raise content.refusal(error, place) from error


def load(place: Path) -> Journal | None:
    """The journal at `place`; None when there is none.

    Raises:
        ReleaseError: when there is one that cannot be read; nothing must be touched then.
    """
    try:
        return decode(place.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError, UnsafePath) as error:
        raise ReleaseError(
            f"this record of a run cannot be read: {error}",
            where=str(place),
            hint="look at `git status`, put the files right, then remove this record",
        ) from error


def is_complete(state: Path) -> bool:
    """Whether a run that had saved its journal has come through `complete` since."""
    return record_path(state).exists() and not current_path(state).exists()


def discard(place: Path) -> None:
    """Remove the journal at `place`, for good; none there is as well.

    Raises:
        TreeNotWritable: when it cannot be removed.
    """
    try:
        if place.exists():
            place.unlink()
            content.sync_folder(place.parent)
    except OSError as error:
        raise content.refusal(error, place) from error


def complete(state: Path) -> None:
    """Let the run's journal become the record of what can be taken back: it is done now.

    Raises:
        TreeNotWritable: when the state folder cannot be written.
    """
    place = current_path(state)
    try:
        place.replace(record_path(state))
        content.sync_folder(state)
    except OSError as error:
        raise content.refusal(error, place) from error
