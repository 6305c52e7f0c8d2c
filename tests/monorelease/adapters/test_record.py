from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.adapters.content import Content
from monorelease.adapters.record import Entry, Journal, decode, encode
from monorelease.errors import UnsafePath
from monorelease.model.patch import FileEdit

names = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=()), min_size=1, max_size=8
).filter(lambda name: name.lower() not in {".", "..", ".git", "git~1"})
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: PurePosixPath(*parts))
modes = st.none() | st.integers(0, 0o7777)
contents = st.none() | st.builds(Content, data=st.binary(max_size=40), mode=modes)
journals = st.builds(
    Journal,
    label=st.text(),
    takes_back=st.booleans(),
    kept=st.integers(min_value=1),
    entries=st.lists(
        st.builds(Entry, path=paths, before=contents, after=contents), unique_by=lambda e: e.path
    ).map(tuple),
    made=st.lists(paths, max_size=3).map(tuple),
    emptied=st.lists(paths, max_size=3).map(tuple),
)


def an_entry(path: str = "a") -> Entry:
    return Entry(
        path=PurePosixPath(path),
        before=Content(data=b"old\r\n", mode=0o755),
        after=Content(data=b"new", mode=None),
    )


def a_journal(*entries: Entry) -> Journal:
    return Journal(label="release", kept=1, entries=entries or (an_entry(),))


@pytest.mark.property
@given(journals)
def test_what_is_written_is_what_is_read(journal: Journal) -> None:
    assert decode(encode(journal)) == journal


@pytest.mark.property
@given(journals, st.data())
def test_one_changed_byte_or_a_torn_end_is_noticed(journal: Journal, data: st.DataObject) -> None:
    whole = encode(journal)
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]

    for damaged in (flipped, whole[:at]):
        with pytest.raises(ValueError, match="it "):
            decode(damaged)


def test_not_even_the_last_newline_may_be_missing() -> None:
    """Behind the header of a journal that holds no bytes."""
    whole = encode(Journal(label="release", kept=1, entries=()))

    with pytest.raises(ValueError, match="damaged"):
        decode(whole[:-1])


def test_the_head_of_a_journal_can_be_read_by_a_person() -> None:
    first, _, third, _ = encode(a_journal()).split(b"\n", 3)

    assert first == b"monorelease journal 1"
    assert json.loads(third)["entries"] == [["a", [0o755, 5], [None, 3]]]


def forge(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A journal with a header changed by somebody who can compute the checksum."""
    import zlib

    magic, _, line, rest = encode(a_journal()).split(b"\n", 3)
    header = json.loads(line)
    change(header)
    body = json.dumps(header).encode() + b"\n" + rest
    return b"\n".join((magic, b"%08x" % zlib.crc32(body), body))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda h: h.pop("label"), id="no-label"),
        pytest.param(lambda h: h.update(label=7), id="label-of-another-type"),
        pytest.param(lambda h: h.update(entries={}), id="entries-of-another-type"),
        pytest.param(lambda h: h["entries"].append("a"), id="entry-of-another-type"),
        pytest.param(lambda h: h["entries"].append(["a", None, None]), id="one-path-twice"),
        pytest.param(lambda h: h["entries"][0].__setitem__(0, 7), id="path-of-another-type"),
        pytest.param(lambda h: h["entries"][0].__setitem__(0, "."), id="path-of-the-root"),
        pytest.param(lambda h: h["entries"][0].__setitem__(1, [420, 500]), id="too-long"),
        pytest.param(lambda h: h["entries"][0].__setitem__(1, [420, -1]), id="negative-length"),
        pytest.param(lambda h: h["entries"][0].__setitem__(1, [420, 1]), id="too-short"),
        pytest.param(lambda h: h["entries"][0].__setitem__(1, [-1, 5]), id="negative-mode"),
        pytest.param(lambda h: h["entries"][0].__setitem__(1, [1 << 20, 5]), id="strange-mode"),
        pytest.param(lambda h: h["entries"][0].__setitem__(1, 5), id="side-of-another-type"),
        pytest.param(lambda h: h["made"].append(""), id="empty-folder"),
    ],
)
def test_a_journal_that_does_not_hold_together_is_refused(
    change: Callable[[dict[str, Any]], object],
) -> None:
    with pytest.raises(ValueError, match=r"it |its |file in it|entry"):
        decode(forge(change))


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", ".git/hooks/post-commit"])
@pytest.mark.parametrize("place", ["entries", "made", "emptied"])
def test_a_journal_never_leads_out_of_the_repository(path: str, place: str) -> None:
    def change(header: dict[str, Any]) -> None:
        header[place].append([path, None, None] if place == "entries" else path)

    with pytest.raises(UnsafePath):
        decode(forge(change))


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b"monorelease journal 2\n", bytes(range(100))])
def test_another_format_is_said_to_be_one(data: bytes) -> None:
    with pytest.raises(ValueError, match="format"):
        decode(data)


def test_a_journal_knows_its_patch_without_permissions() -> None:
    same = Content(data=b"same", mode=0o644)
    idle = Entry(path=PurePosixPath("b"), before=same, after=same)

    (edit,) = a_journal(an_entry("a"), idle).patch.edits

    assert edit == FileEdit(path=PurePosixPath("a"), before=b"old\r\n", after=b"new")
