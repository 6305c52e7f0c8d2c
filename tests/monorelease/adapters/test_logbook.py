from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters import logbook
from monorelease.adapters.content import Content
from monorelease.adapters.record import Entry, Journal
from monorelease.errors import ReleaseError, TreeNotWritable


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def journal(*, takes_back: bool = False, size: int = 1) -> Journal:
    content = Content(data=b"x" * size, mode=0o644)
    entry = Entry(path=PurePosixPath("a"), before=None, after=content)
    return Journal(label="release", takes_back=takes_back, kept=1, entries=(entry,))


def test_a_saved_journal_becomes_the_record_in_one_step(tmp_path: Path) -> None:
    logbook.save(tmp_path / "state", journal())

    assert logbook.load(logbook.current_path(tmp_path / "state")) == journal()
    assert logbook.load_record(tmp_path / "state") is None
    assert not logbook.is_complete(tmp_path / "state")
    logbook.complete(tmp_path / "state")

    assert logbook.load(logbook.current_path(tmp_path / "state")) is None
    assert logbook.load_record(tmp_path / "state") == journal()
    assert logbook.is_complete(tmp_path / "state")
    assert listing(tmp_path / "state") == ["undo"]


def test_the_journal_of_an_undo_leaves_nothing_to_undo(tmp_path: Path) -> None:
    for each in (journal(), journal(takes_back=True)):
        logbook.save(tmp_path, each)
        logbook.complete(tmp_path)

    assert logbook.load_record(tmp_path) is None


def test_a_damaged_record_is_said_with_a_way_out_and_left_alone(tmp_path: Path) -> None:
    logbook.save(tmp_path, journal())
    place = logbook.current_path(tmp_path)
    damaged = place.read_bytes()[:-1]
    place.write_bytes(damaged)

    with pytest.raises(ReleaseError, match="damaged") as caught:
        logbook.load(place)

    assert caught.value.where == str(place)
    assert "git status" in caught.value.hint
    assert place.read_bytes() == damaged


def test_discarding_twice_is_no_mistake(tmp_path: Path) -> None:
    logbook.save(tmp_path, journal())
    for _ in range(2):
        logbook.discard(logbook.current_path(tmp_path))

    assert listing(tmp_path) == []


def test_a_journal_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()

    with pytest.raises(TreeNotWritable):
        logbook.save(tmp_path, journal())

    assert listing(tmp_path) == ["journal"]
