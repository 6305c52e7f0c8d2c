"""What GitHub answers becomes our values, or it is said why it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from monorelease.formats.answers import BadAnswer
from monorelease.formats.github_answers import (
    Comment,
    Release,
    parse_account,
    parse_comment,
    parse_pull,
    parse_release,
)
from monorelease.model.forge import ForgeKind, PullRequest, Site

SITE = Site(kind=ForgeKind.GITHUB, url="https://github.com", repository="acme/tools")
PULL: dict[str, Any] = {
    "number": 7,
    "html_url": "https://evil.example/",
    "title": "Free them",
    "body": "Words",
    "state": "open",
    "user": {"login": "ada"},
    "labels": [{"name": "bug"}, {"name": "core"}],
    "head": {"ref": "change", "sha": "a" * 40, "repo": {"full_name": "ada/tools"}},
    "base": {"ref": "main", "repo": {"full_name": "Acme/tools"}},
}


def test_a_pull_request_is_read() -> None:
    assert parse_pull(PULL, SITE) == PullRequest(
        number=7,
        address="https://github.com/acme/tools/pull/7",
        title="Free them",
        body="Words",
        base="main",
        head="change",
        head_commit="a" * 40,
        head_repository="ada/tools",
        author="ada",
        labels=("bug", "core"),
        is_open=True,
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"body": None}, {"body": ""}),
        ({"user": None}, {"author": ""}),
        ({"state": "closed"}, {"is_open": False}),
        ({"labels": None}, {"labels": ()}),
        ({"head": {**PULL["head"], "repo": None}}, {"head_repository": ""}),
        (
            {"head": {**PULL["head"], "repo": {"full_name": "Acme/tools"}}},
            {"head_repository": "acme/tools"},
        ),
    ],
    ids=["no words", "ghost", "closed", "no labels", "gone", "ours by its new name"],
)
def test_what_may_be_missing_is(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    found = parse_pull({**PULL, **changes}, SITE)

    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"number": "7"}, "pull request.number is text, and should be a whole number"),
        ({"head": None}, "pull request.head is null, and should be an object"),
        ({"base": {"ref": "main"}}, "pull request.base.repo is missing, and should be an object"),
        ({"labels": [{"name": 7}]}, "pull request.labels[0].name is a number, and should be text"),
        ({"state": None}, "pull request.state is null, and should be text"),
    ],
)
def test_what_is_no_pull_request_is_told(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        parse_pull({**PULL, **changes}, SITE)

    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("user", "author", "is_by_bot"),
    [
        ({"id": 5, "type": "User"}, 5, False),
        ({"id": 6, "type": "Bot"}, 6, True),
        ({"id": 7}, 7, False),
        (None, 0, False),
    ],
    ids=["person", "bot", "unsaid", "ghost"],
)
def test_a_comment_tells_whose_it_is(user: object, author: int, *, is_by_bot: bool) -> None:
    assert parse_comment({"id": 3, "body": "Hi", "user": user}) == Comment(
        number=3, author=author, is_by_bot=is_by_bot, text="Hi"
    )


def test_a_comment_may_say_nothing() -> None:
    assert parse_comment({"id": 3, "user": None}).text == ""


def test_releases_and_accounts_are_read() -> None:
    release = parse_release({"tag_name": "v1", "draft": False})

    assert release == Release(tag="v1", is_draft=False)
    assert parse_account({"id": 5, "login": "ada"}) == 5


@pytest.mark.parametrize("parse", [parse_comment, parse_release, parse_account])
def test_what_is_another_thing_is_told(parse: Any) -> None:  # noqa: ANN401 - either
    with pytest.raises(BadAnswer, match="missing"):
        parse({})
