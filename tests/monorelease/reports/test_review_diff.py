from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.patch import FileEdit
from monorelease.reports.review_diff import MOST, file_html
from reviews import Page


def page(before: bytes | None, after: bytes | None, name: str = "a/b.toml") -> Page:
    edit = FileEdit(path=PurePosixPath(name), before=before, after=after)
    return Page(file_html(edit, is_open=True))


def shown(found: Page, kind: str) -> list[str]:
    return ["".join(each.words).removesuffix("\n") for each in found.all("span", class_=kind)]


def test_every_line_that_changes_stands_between_its_neighbours() -> None:
    found = page(b"1\n2\n3\n", b"1\n4\n5\n3\n")

    assert shown(found, "del") == ["-2"]
    assert shown(found, "ins") == ["+4", "+5"]
    assert shown(found, "same") == [" 1", " 3"]
    assert shown(found, "at") == ["@@ -1,3 +1,4 @@"]


def test_the_words_are_marked_in_which_two_lines_differ() -> None:
    found = page(b'  "agents-core>=1.0.43,<2",\n', b'  "agents-core>=1.0.44,<2",\n')

    assert [each.text for each in found.all("mark")] == ["43", "44"]


def test_words_that_only_come_are_marked_in_one_line_alone() -> None:
    assert [each.text for each in page(b"a b\n", b"a big b\n").all("mark")] == ["big"]


def test_lines_with_nothing_in_common_are_not_marked() -> None:
    assert page(b"one\n", b"two\n").all("mark") == []


def test_where_more_lines_come_than_go_none_is_marked() -> None:
    assert page(b"a 1\n", b"a 2\na 3\n").all("mark") == []


def test_lines_that_come_before_others_that_go_are_not_compared() -> None:
    found = page(b"a\nb\nx 1\n", b"y 1\na\nb\n")

    assert shown(found, "ins") == ["+y 1"]
    assert shown(found, "del") == ["-x 1"]
    assert found.all("mark") == []


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [(None, b"1\n", "new"), (b"1\n", None, "removed"), (b"1\n", b"2\n", "")],
    ids=["new", "removed", "changed"],
)
def test_the_fold_tells_what_becomes_of_the_file(
    before: bytes | None, after: bytes | None, word: str
) -> None:
    found = page(before, after)

    counts = [f"+{int(after is not None)}", f"-{int(before is not None)}"]
    assert found.one("summary").text.split() == ["a/b.toml", *word.split(), *counts]


def test_an_empty_file_is_said_to_be_empty() -> None:
    assert page(None, b"").one("p").text == "The file is empty."


def test_a_missing_newline_is_said() -> None:
    assert shown(page(b"a\n", b"a"), "at")[1:] == ["\\ No newline at end of file"]


def test_of_a_long_file_the_beginning_is_shown() -> None:
    found = page(None, b"x\n" * (MOST + 99))

    assert len(shown(found, "ins")) == MOST - 1
    assert shown(found, "at")[-1] == "… 100 more lines"


def test_hostile_lines_and_names_are_harmless() -> None:
    found = page(b"", "<script>\x1b[31m\u202e</script>\n".encode(), name="<b>\u202e.md")

    assert shown(found, "ins") == [r"+<script>\x1b[31m\x202e</script>"]
    assert found.one("summary").text.startswith(r"<b>\x202e.md")


@pytest.mark.property
@given(
    before=st.text("ab 1.\n<&", max_size=40).map(str.encode),
    after=st.text("ab 1.\n<&", max_size=40).map(str.encode),
)
def test_marks_change_no_word(before: bytes, after: bytes) -> None:
    if before == after:
        return
    found = page(before, after)
    gone = [line[1:] for kind in ("same", "del") for line in shown(found, kind)]
    come = [line[1:] for kind in ("same", "ins") for line in shown(found, kind)]

    assert not Counter(gone) - Counter(before.decode().split("\n"))
    assert not Counter(come) - Counter(after.decode().split("\n"))
