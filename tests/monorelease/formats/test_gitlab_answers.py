"""What GitLab answers, and what is none of its answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.answers import BadAnswer
from monorelease.formats.gitlab_answers import (
    Note,
    keep_draft,
    parse_merge_request,
    parse_note,
    parse_project,
    parse_release,
    parse_user,
)
from monorelease.model.forge import ForgeKind, PullRequest, Site

SITE = Site(kind=ForgeKind.GITLAB, url="https://gitlab.example", repository="acme/team/tools")

REQUEST: dict[str, Any] = {
    "iid": 7,
    "id": 9001,
    "title": "Mend it",
    "description": "words",
    "state": "opened",
    "source_branch": "mend",
    "target_branch": "main",
    "source_project_id": 1,
    "target_project_id": 1,
    "sha": "c0ffee",
    "author": {"id": 12, "username": "ann"},
    "labels": ["fix", "core"],
    "web_url": "javascript:alert(1)",
}
NOTE: dict[str, Any] = {"id": 301, "body": "words", "author": {"id": 12}, "system": False}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def test_a_merge_request_is_known_by_its_number_in_the_project_and_where_it_is_on_our_site() -> (
    None
):
    found = parse_merge_request(REQUEST, SITE)

    assert found.request == PullRequest(
        number=7,
        address="https://gitlab.example/acme/team/tools/-/merge_requests/7",
        title="Mend it",
        body="words",
        base="main",
        head="mend",
        head_commit="c0ffee",
        head_repository="acme/team/tools",
        author="ann",
        labels=("fix", "core"),
        is_open=True,
    )
    assert (found.source, found.is_own) == (1, True)


def test_one_from_a_fork_comes_from_another_project() -> None:
    found = parse_merge_request({**REQUEST, "source_project_id": 2}, SITE)

    assert (found.source, found.is_own, found.request.head_repository) == (2, False, "")


def test_much_may_be_gone() -> None:
    gone = dict.fromkeys(("source_project_id", "sha", "author", "description", "labels"))

    found = parse_merge_request({**REQUEST, **gone}, SITE)

    assert (found.source, found.is_own) == (None, False)
    assert found.request.head_commit == found.request.author == found.request.body == ""
    assert found.request.labels == ()


@pytest.mark.parametrize("state", ["closed", "locked", "merged"])
def test_only_an_opened_one_is_open(state: str) -> None:
    assert not parse_merge_request({**REQUEST, "state": state}, SITE).request.is_open


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"iid": "7"}, "merge request.iid is text, and should be a whole number"),
        ({"iid": -7}, "merge request.iid"),
        ({"title": None}, "merge request.title is null"),
        ({"state": 1}, "merge request.state is a number"),
        ({"source_branch": ["x"]}, "merge request.source_branch is a list"),
        ({"target_project_id": None}, "merge request.target_project_id is null"),
        ({"labels": [{"name": "fix"}]}, "merge request.labels"),
        ({"author": "ann"}, "merge request.author is text"),
        ({"sha": 5}, "merge request.sha is a number"),
    ],
)
def test_a_field_that_is_something_else_is_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadAnswer) as error:
        parse_merge_request({**REQUEST, **change}, SITE)

    assert words in str(error.value)


def test_a_note_tells_who_wrote_it() -> None:
    assert parse_note(NOTE) == Note(number=301, author=12, text="words", is_by_gitlab=False)
    assert parse_note({**NOTE, "system": True}).is_by_gitlab
    with pytest.raises(BadAnswer, match=r"note.author is null"):
        parse_note({**NOTE, "author": None})


def test_users_projects_and_releases_are_known_by_one_thing() -> None:
    assert parse_user({"id": 7001, "username": "bot"}) == 7001
    assert parse_project({"id": 1, "path_with_namespace": "acme/team/tools"}) == "acme/team/tools"
    assert parse_release({"tag_name": "core-v1.0"}) == "core-v1.0"


@pytest.mark.property
@given(ANYTHING, st.dictionaries(st.sampled_from([*REQUEST, *NOTE]), ANYTHING))
def test_whatever_comes_is_read_or_refused(answer: object, change: dict[str, Any]) -> None:
    for given_answer in (answer, {**REQUEST, **change}, {**NOTE, **change}):
        for parse in (parse_note, parse_user, parse_project, parse_release):
            try:
                parse(given_answer)
            except BadAnswer:
                continue
        try:
            parse_merge_request(given_answer, SITE)
        except BadAnswer:
            continue


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        ("Release", "New"),
        ("Draft: Release", "Draft: New"),
        ("[draft] Release", "Draft: New"),
        ("(Draft) Release", "Draft: New"),
        ("Drafty: Release", "New"),
    ],
)
def test_what_people_have_made_a_draft_stays_one(now: str, kept: str) -> None:
    assert keep_draft("New", now) == kept


def test_a_title_that_says_it_already_says_it_once() -> None:
    assert keep_draft("Draft: New", "Draft: Old") == "Draft: New"
