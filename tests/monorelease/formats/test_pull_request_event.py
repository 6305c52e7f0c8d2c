from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.errors import BadProposal
from monorelease.formats.pull_request_event import parse_event
from monorelease.model.forge import PullRequest

PATH = PurePosixPath("event.json")

GITHUB: dict[str, Any] = {
    "pull_request": {
        "number": 12,
        "html_url": "https://forge.example/acme/tools/pull/12",
        "title": "feat: voices",
        "body": None,
        "state": "open",
        "base": {"ref": "main"},
        "head": {"ref": "topic", "sha": "a" * 40, "repo": {"full_name": "ada/tools"}},
        "user": {"login": "ada"},
        "labels": [{"name": "minor"}, {"name": "stt"}],
    }
}
GITLAB: dict[str, Any] = {
    "object_attributes": {
        "iid": 12,
        "url": "https://forge.example/acme/tools/-/merge_requests/12",
        "title": "feat: voices",
        "description": "",
        "state": "opened",
        "target_branch": "main",
        "source_branch": "topic",
        "last_commit": {"id": "a" * 40},
        "source": {"path_with_namespace": "ada/tools"},
    },
    "user": {"username": "ada"},
    "labels": [{"title": "minor"}, {"title": "stt"}],
}
REQUEST = PullRequest(
    number=12,
    address="https://forge.example/acme/tools/pull/12",
    title="feat: voices",
    body="",
    base="main",
    head="topic",
    head_commit="a" * 40,
    head_repository="ada/tools",
    author="ada",
    labels=("minor", "stt"),
)


def parsed(event: object) -> PullRequest:
    return parse_event(json.dumps(event).encode(), PATH)


def test_an_event_of_github_tells_of_a_pull_request() -> None:
    assert parsed(GITHUB) == REQUEST


def test_an_event_of_gitlab_tells_of_a_merge_request() -> None:
    request = parsed(GITLAB)

    assert request.address.endswith("/-/merge_requests/12")
    assert (request.number, request.labels, request.base) == (12, ("minor", "stt"), "main")
    assert (request.head_repository, request.author, request.is_open) == ("ada/tools", "ada", True)


def test_what_is_gone_is_empty() -> None:
    lonely = {k: v for k, v in GITHUB["pull_request"].items() if k not in {"user", "labels"}}
    head = {**lonely["head"], "repo": None}
    request = parsed({"pull_request": {**lonely, "head": head, "state": "closed"}})

    assert (request.author, request.labels, request.head_repository) == ("", (), "")
    assert not request.is_open

    bare = {
        k: v for k, v in GITLAB["object_attributes"].items() if k not in {"last_commit", "source"}
    }
    request = parsed({"object_attributes": bare})

    assert (request.author, request.head_commit, request.head_repository) == ("", "", "")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b"<html>", "a web page"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "a list"),
        (b"{}", "something else than a pull request"),
        (b'{"pull_request": []}', "is a list, and should be an object"),
        (b'{"pull_request": {"number": "12"}}', "head is missing"),
        (b'{"object_attributes": {"iid": true}}', "iid"),
        (b" " * (32 * 1024 * 1024 + 1), "more than"),
    ],
)
def test_what_is_no_event_is_refused_with_its_name(data: bytes, problem: str) -> None:
    with pytest.raises(BadProposal, match=problem) as caught:
        parse_event(data, PATH)

    assert caught.value.where == "event.json"


@pytest.mark.property
@given(st.binary())
def test_no_bytes_are_a_bug(data: bytes) -> None:
    with pytest.raises(BadProposal):
        parse_event(data, PATH)
