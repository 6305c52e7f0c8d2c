"""A fragment as changelogs tell it."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monorelease.formats.stories import Story
from monorelease.model.config import ChangelogConfig
from monorelease.model.fragment import Fragment, Origin

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PLAIN = ChangelogConfig()
LINKED = ChangelogConfig(commit_link="https://forge.example/commit/{commit}?w=(1)")
THANKFUL = ChangelogConfig(authors=True)


def story(
    id_: str, text: str, *, author: str = "Ada", pull_request: int | None = None, known: bool = True
) -> Story:
    origin = Origin(commit=COMMIT, author=author, pull_request=pull_request)
    return Story(
        fragment=Fragment(
            path=PurePosixPath("changes", f"{id_}.fix.md"),
            id=id_,
            category="fix",
            entries=(),
            text=text,
        ),
        origin=origin if known else None,
    )


def test_a_number_in_the_file_name_is_believed_before_the_commit() -> None:
    numbered = story("1042", "Fixed.", pull_request=7)

    assert numbered.issues == ("1042",)
    assert numbered.text(LINKED) == "Fixed."


def test_an_orphan_links_to_the_pull_request_of_its_commit() -> None:
    orphan = story("+dispose", "Fixed.", pull_request=7)

    assert orphan.issues == ("7",)
    assert orphan.text(LINKED) == "Fixed."


@pytest.mark.parametrize(
    ("changelog", "expected"),
    [
        (LINKED, f"[`0123456`](https://forge.example/commit/{COMMIT}?w=%281%29)"),
        (PLAIN, "`0123456`"),
    ],
    ids=["with a link", "without"],
)
def test_an_orphan_without_a_pull_request_names_its_commit(
    changelog: ChangelogConfig, expected: str
) -> None:
    orphan = story("+dispose", "Fixed.")

    assert orphan.issues == ()
    assert orphan.text(changelog) == f"Fixed. ({expected})"


def test_an_orphan_of_unknown_origin_is_its_text_alone() -> None:
    orphan = story("+dispose", "Fixed.", known=False)

    assert orphan.issues == ()
    assert orphan.text(LINKED) == "Fixed."


def test_authors_are_thanked_on_request() -> None:
    assert story("1", "Fixed.", author="Ada Lovelace").text(PLAIN) == "Fixed."
    assert (
        story("1", "Fixed.", author="Ada Lovelace").text(THANKFUL) == "Fixed. Thanks Ada Lovelace!"
    )


def test_machines_are_not_thanked() -> None:
    assert story("1", "Fixed.", author="dependabot[bot]").text(THANKFUL) == "Fixed."


def test_thanks_stand_alone_where_the_text_ends_in_code() -> None:
    code = "Fixed:\n\n```\nx\n```"

    assert story("1", code).text(THANKFUL) == f"{code}\n\nThanks Ada!"


@pytest.mark.property
@given(st.text(min_size=1, max_size=40))
def test_an_authors_name_is_never_more_than_words(author: str) -> None:
    rendered = MarkdownIt("commonmark").parse(story("1", "Fixed.", author=author).text(THANKFUL))

    assert [token.type for token in rendered] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in rendered[1].children or ()} == {"text"}


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("Try:\n\n~~~~ python\nx = 1", "Try:\n\n~~~~ python\nx = 1\n~~~~"),
        ("- Try:\n  ```\n  x = 1", "- Try:\n  ```\n  x = 1\n  ```"),
        ("<!-- hidden", "<!-- hidden\n-->"),
        ("Try `this`.", "Try `this`."),
    ],
    ids=["fence", "fence in a list", "comment", "nothing"],
)
def test_what_a_text_leaves_open_is_closed(text: str, closed: str) -> None:
    assert story("1", text).text(PLAIN) == closed


def test_a_text_cannot_steer_a_terminal() -> None:
    assert story("1", "\x1b[31mRed\x1e\r\nand \x07 \x9b1m").text(PLAIN) == "[31mRed\nand  1m"


def test_dependents_are_told_the_first_sentence_and_the_same_links() -> None:
    change = story("+x", "## Fixed\n\nIt was broken. No more.", pull_request=7).change

    assert (change.sentence, change.issues) == ("Fixed.", ("7",))
