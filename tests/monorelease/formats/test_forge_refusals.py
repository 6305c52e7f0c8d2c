"""A no of any forge is understood: how long it lasts, why it is one, and what can be done."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.forge_refusals import (
    LONGEST,
    Access,
    parse_limit,
    parse_words,
    refusal_hint,
)

ACCESS = Access(variable="A_TOKEN", needs="to write")
NOW = 1_000_000.0

# ── words ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"message": "Not Found", "documentation_url": "https://docs.example"}, "Not Found"),
        (
            {
                "message": "Validation Failed",
                "errors": [{"resource": "Release", "field": "tag_name", "code": "already_exists"}],
            },
            "Validation Failed; tag_name: already_exists",
        ),
        (
            {
                "message": "Validation Failed",
                "errors": [
                    {
                        "resource": "PullRequest",
                        "code": "custom",
                        "message": "No commits between main and x",
                    }
                ],
            },
            "Validation Failed; No commits between main and x",
        ),
        (
            {"message": "Invalid request.", "errors": ["a is short", "b"]},
            "Invalid request.; a is short; b",
        ),
        ({"message": {"base": ["Release already exists"]}}, "base: Release already exists"),
        ({"message": ["Another one exists"]}, "Another one exists"),
        ({"message": {"title": ["is too long", "is odd"]}}, "title: is too long; title: is odd"),
        (
            {"error": "insufficient_scope", "error_description": "needs more", "scope": "api"},
            "insufficient_scope; needs more",
        ),
        ({"error": "404 Not Found"}, "404 Not Found"),
        ({"message": "a", "error": "a"}, "a"),
        ({"errors": [{"code": 7}]}, ""),
        ("just words", "just words"),
        (["a", 7, None, "b"], "a; b"),
        ({"status": "422"}, ""),
        ({"message": "\x1b[31mred\u202e\r\nmore\x00"}, "[31mred more"),
        (7, ""),
    ],
)
def test_the_words_of_each_forge_are_found(answer: object, words: str) -> None:
    assert parse_words(json.dumps(answer).encode()) == words


def test_a_web_page_is_told_and_nothing_is_nothing() -> None:
    assert parse_words(b"<html>go away</html>") == "the answer is a web page, and should be JSON"
    assert parse_words(b"") == ""


def test_many_words_are_cut() -> None:
    words = parse_words(json.dumps({"errors": ["word " * 50, "more " * 50]}).encode())

    assert len(words) <= LONGEST
    assert words.endswith("word; more more more more more more more more more mor…")


def test_many_errors_are_not_all_told() -> None:
    assert parse_words(json.dumps([str(n) for n in range(100)]).encode()) == "0; 1; 2; 3; 4; 5"


@pytest.mark.property
@given(
    answer=st.recursive(
        st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["message", "a"]), inner),
    )
)
def test_words_are_one_short_line_without_surprises(answer: object) -> None:
    words = parse_words(json.dumps(answer).encode())

    assert len(words) <= LONGEST
    assert not words or words.isprintable()
    assert words == words.strip()


# ── limits ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "headers", "body", "seconds"),
    [
        (429, {"retry-after": "5"}, b"", 5.0),
        (429, {"retry-after": " 5 "}, b"", 5.0),
        (403, {"retry-after": "0"}, b"", 1.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000010"}, b"", 11.0),
        (429, {"ratelimit-remaining": "0", "ratelimit-reset": "1000010"}, b"", 11.0),
        (429, {"ratelimit-remaining": "0", "ratelimit-reset": "5"}, b"", 1.0),
        (403, {"retry-after": "3", "x-ratelimit-remaining": "0"}, b"", 3.0),
        (429, {}, b"", 60.0),
        (429, {"retry-after": "soon"}, b"", 60.0),
        (429, {"retry-after": "9" * 12}, b"", 60.0),
        (429, {"retry-after": "Mon, 12 Jan 1970 13:48:00 GMT"}, b"", 80.0),
        (429, {"retry-after": "Mon, 12 Jan 1970 13:26:40 GMT"}, b"", 1.0),
        (429, {"retry-after": "Sun, 11 Jan 1970 13:26:40 GMT"}, b"", 1.0),
        (429, {"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, b"", 60.0),
        (429, {"retry-after": "tomorrow at noon, GMT"}, b"", 60.0),
        (403, {}, b'{"message": "Secondary Rate Limit hit"}', 60.0),
        (403, {"x-ratelimit-remaining": "0"}, b"", None),
        (403, {"x-ratelimit-remaining": "7", "x-ratelimit-reset": "1000010"}, b"", None),
        (403, {}, b'{"message": "No"}', None),
        (503, {"retry-after": "5"}, b"", None),
        (404, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000010"}, b"", None),
    ],
)
def test_a_limit_says_for_how_long(
    status: int, headers: dict[str, str], body: bytes, seconds: float | None
) -> None:
    assert parse_limit(status, headers, body, NOW) == seconds


# ── hints ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "headers", "words", "hint"),
    [
        (401, {}, "", "set A_TOKEN to a token that is valid, and allowed to write"),
        (
            403,
            {"x-accepted-github-permissions": "issues=write; pull_requests=write"},
            "",
            "the token in A_TOKEN needs the permission issues=write; pull_requests=write",
        ),
        (
            403,
            {"x-accepted-oauth-scopes": "repo, public_repo", "x-oauth-scopes": "gist"},
            "",
            "the token in A_TOKEN needs one of the scopes repo, public_repo; it has gist",
        ),
        (
            403,
            {"x-accepted-oauth-scopes": "repo", "x-oauth-scopes": ""},
            "",
            "the token in A_TOKEN needs one of the scopes repo",
        ),
        (
            403,
            {"x-accepted-oauth-scopes": "\x1b[31m", "x-accepted-github-permissions": "a<b>"},
            "",
            "the token in A_TOKEN has to be allowed to write",
        ),
        (403, {}, "", "the token in A_TOKEN has to be allowed to write"),
    ],
)
def test_a_hint_names_the_token_and_what_it_lacks(
    status: int, headers: dict[str, str], words: str, hint: str
) -> None:
    assert refusal_hint(status, headers, words, ACCESS) == hint


def test_a_setting_of_the_repository_is_no_matter_of_the_token() -> None:
    words = "GitHub Actions is not permitted to create or approve pull requests."

    assert "settings for Actions" in refusal_hint(403, {}, words, ACCESS)


@pytest.mark.parametrize(
    ("status", "part"),
    [
        (404, "repository's name"),
        (409, "run the command again"),
        (410, "settings"),
        (422, "own words"),
        (418, "own words"),
    ],
)
def test_every_no_has_a_hint(status: int, part: str) -> None:
    assert part in refusal_hint(status, {}, "", ACCESS)
