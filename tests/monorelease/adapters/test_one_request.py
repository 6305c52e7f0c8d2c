from __future__ import annotations

from collections.abc import Mapping

import pytest

from monorelease.adapters.one_request import keep_words
from monorelease.model.forge import Change, PullRequest

THERE = PullRequest(
    number=7,
    address="https://forge.example/acme/tools/pull/7",
    title="Release",
    body="Words\r\n",
    base="main",
    head="release",
    head_commit="f00d",
    head_repository="acme/tools",
    author="ada",
)


@pytest.mark.parametrize(
    ("words", "is_new", "sent", "change"),
    [
        ({"title": "Release", "text": "Words"}, False, [], Change.UNCHANGED),
        ({"title": "Release", "text": "Words"}, True, [], Change.CREATED),
        ({"title": "Release", "text": "More"}, False, [{"text": "More"}], Change.UPDATED),
        ({"title": "Words", "text": "Words"}, True, [{"title": "Words"}], Change.UPDATED),
    ],
)
def test_only_words_that_differ_are_sent(
    words: Mapping[str, str],
    is_new: bool,  # noqa: FBT001 - a case
    sent: list[Mapping[str, str]],
    change: Change,
) -> None:
    asked: list[Mapping[str, str]] = []

    posted = keep_words((THERE, is_new), words, lambda _, news: asked.append(news))

    assert (asked, posted.change, posted.address) == (sent, change, THERE.address)
