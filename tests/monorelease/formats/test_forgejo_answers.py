"""What Forgejo and Gitea answer, and what is none of their answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.answers import BadAnswer
from monorelease.formats.forgejo_answers import (
    Comment,
    Release,
    keep_draft,
    parse_comment,
    parse_comments,
    parse_release,
    parse_repository,
    parse_user,
)
from monorelease.formats.github_answers import parse_pull
from monorelease.model.forge import ForgeKind, PullRequest, Site

SITE = Site(kind=ForgeKind.FORGEJO, url="https://forge.example", repository="acme/tools")
OURS = {"ref": "main", "sha": "f00d", "repo": {"full_name": "acme/tools"}}

PULL: dict[str, Any] = {
    "number": 7,
    "title": "Mend it",
    "body": "words",
    "state": "open",
    "base": OURS,
    "head": {"ref": "mend", "sha": "c0ffee", "repo": {"full_name": "acme/tools"}},
    "user": {"id": 12, "login": "ann"},
    "labels": [{"name": "fix"}, {"name": "core"}],
    "html_url": "javascript:alert(1)",
}
COMMENT: dict[str, Any] = {"id": 501, "body": "words", "user": {"id": -2, "login": "actions"}}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def test_a_pull_request_is_known_by_its_number_and_where_it_is_on_our_site() -> None:
    assert parse_pull(PULL, SITE) == PullRequest(
        number=7,
        address="https://forge.example/acme/tools/pulls/7",
        title="Mend it",
        body="words",
        base="main",
        head="mend",
        head_commit="c0ffee",
        head_repository="acme/tools",
        author="ann",
        labels=("fix", "core"),
        is_open=True,
    )


def test_one_from_a_fork_names_it() -> None:
    head = {"ref": "mend", "sha": "c0ffee", "repo": {"full_name": "ann/tools"}}

    assert parse_pull({**PULL, "head": head}, SITE).head_repository == "ann/tools"


def test_a_repository_that_was_renamed_is_still_ours() -> None:
    old = Site(kind=ForgeKind.FORGEJO, url="https://forge.example", repository="acme/old-name")

    assert parse_pull(PULL, old).head_repository == "acme/old-name"


def test_much_may_be_gone() -> None:
    head = {"ref": "refs/pull/7/head", "repo": None, "repo_id": -1, "sha": ""}

    found = parse_pull({**PULL, "head": head, "labels": None, "user": None, "body": None}, SITE)

    assert (found.head_repository, found.author, found.labels, found.body) == ("", "", (), "")


def test_only_an_open_one_is_open() -> None:
    assert not parse_pull({**PULL, "state": "closed"}, SITE).is_open


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "7"}, "pull request.number is text, and should be a whole number"),
        ({"number": True}, "pull request.number is true"),
        ({"title": None}, "pull request.title is null"),
        ({"head": None}, "pull request.head is null"),
        ({"head": {"ref": 5}}, "pull request.head.ref is a number"),
        ({"base": {"ref": "main", "repo": None}}, "pull request.base.repo is null"),
        ({"head": {"ref": "x", "repo": {"full_name": 3}}}, "pull request.head.repo.full_name"),
        ({"labels": ["fix"]}, "pull request.labels"),
        ({"user": "ann"}, "pull request.user is text"),
    ],
)
def test_a_field_that_is_something_else_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadAnswer) as error:
        parse_pull({**PULL, **change}, SITE)

    assert words in str(error.value)


def test_comments_tell_who_wrote_them() -> None:
    read = Comment(number=501, author="actions", text="words")

    assert parse_comment(COMMENT) == read
    assert parse_comments([COMMENT, {**COMMENT, "user": None}]) == (
        read,
        Comment(number=501, author="", text="words"),
    )
    assert parse_comments([]) == ()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "answer.comments is an object, and should be a list"),
        (None, "answer.comments is null"),
        ([{**COMMENT, "id": None}], "answer.comments[0].id is null"),
    ],
)
def test_what_are_no_comments_is_told(answer: object, words: str) -> None:
    with pytest.raises(BadAnswer) as error:
        parse_comments(answer)

    assert words in str(error.value)


def test_users_repositories_and_releases_are_known_by_little() -> None:
    assert parse_user({"id": -2, "login": "forgejo-actions"}) == "forgejo-actions"
    assert parse_repository({"full_name": "acme/tools"}) == "acme/tools"
    assert parse_release({"tag_name": "core-v1.0", "draft": True}) == Release(
        tag="core-v1.0", is_draft=True
    )
    with pytest.raises(BadAnswer, match=r"release.draft is missing"):
        parse_release({"tag_name": "core-v1.0"})


@pytest.mark.property
@given(ANYTHING, st.dictionaries(st.sampled_from([*PULL, *COMMENT]), ANYTHING))
def test_whatever_comes_is_read_or_refused(answer: object, change: dict[str, Any]) -> None:
    for given_answer in (answer, {**PULL, **change}, {**COMMENT, **change}):
        for parse in (parse_comment, parse_comments, parse_user, parse_repository, parse_release):
            try:
                parse(given_answer)
            except BadAnswer:
                continue
        try:
            parse_pull(given_answer, SITE)
        except BadAnswer:
            continue


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        ("Release", "New"),
        ("WIP: Release", "WIP: New"),
        ("[wip] Release", "[wip] New"),
        ("Wipe: Release", "New"),
    ],
)
def test_what_people_have_made_a_draft_stays_one(now: str, kept: str) -> None:
    assert keep_draft("New", now) == kept


def test_a_title_that_says_it_already_says_it_once() -> None:
    assert keep_draft("WIP: New", "[WIP] Old") == "WIP: New"
