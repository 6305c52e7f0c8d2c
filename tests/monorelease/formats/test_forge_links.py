from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.forge_links import (
    commit_link,
    comparison_link,
    file_link,
    new_file_link,
    quoted,
    request_link,
)
from monorelease.model.forge import ForgeKind, Site

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GITHUB, GITLAB, FORGEJO = (
    Site(kind=kind, url="https://forge.example", repository="acme/tools") for kind in ForgeKind
)
FRAGMENT = PurePosixPath("changes/1042.fix.md")


def test_a_commit_has_a_page() -> None:
    assert commit_link(GITHUB, COMMIT) == f"https://forge.example/acme/tools/commit/{COMMIT}"
    assert commit_link(GITLAB, COMMIT) == f"https://forge.example/acme/tools/-/commit/{COMMIT}"
    assert commit_link(FORGEJO, COMMIT) == f"https://forge.example/acme/tools/commit/{COMMIT}"


def test_a_pull_request_has_a_page() -> None:
    assert request_link(GITHUB, 12) == "https://forge.example/acme/tools/pull/12"
    assert request_link(GITLAB, 12) == "https://forge.example/acme/tools/-/merge_requests/12"
    assert request_link(FORGEJO, 12) == "https://forge.example/acme/tools/pulls/12"


def test_a_file_has_a_page_at_a_commit_and_on_a_branch() -> None:
    path = PurePosixPath("src/a.py")

    assert file_link(GITHUB, "main", path).endswith("/acme/tools/blob/main/src/a.py")
    assert file_link(GITLAB, "main", path).endswith("/acme/tools/-/blob/main/src/a.py")
    assert file_link(FORGEJO, "main", path).endswith("/acme/tools/src/branch/main/src/a.py")
    assert file_link(FORGEJO, COMMIT, path).endswith(f"/src/commit/{COMMIT}/src/a.py")


def test_a_line_of_markdown_is_shown_as_it_is_written() -> None:
    assert file_link(GITHUB, "main", FRAGMENT, 2).endswith("/1042.fix.md?plain=1#L2")
    assert file_link(GITLAB, "main", FRAGMENT, 2).endswith("/1042.fix.md?plain=1#L2")
    assert file_link(FORGEJO, "main", FRAGMENT, 2).endswith("/1042.fix.md?display=source#L2")
    assert file_link(GITHUB, "main", PurePosixPath("a.toml"), 2).endswith("/a.toml#L2")


def test_branches_are_compared() -> None:
    link = comparison_link(GITLAB, "main", "release/a b")

    assert link == "https://forge.example/acme/tools/-/compare/main...release/a%20b"


@pytest.mark.parametrize(
    ("site", "page", "name", "content"),
    [
        (GITHUB, "/acme/tools/new/fix/leak", "filename", "value"),
        (GITLAB, "/acme/tools/-/new/fix/leak", "file_name", "content"),
        (FORGEJO, "/acme/tools/_new/fix/leak", "filename", "value"),
    ],
)
def test_a_new_file_is_begun_with_its_name_and_its_content(
    site: Site, page: str, name: str, content: str
) -> None:
    text = '---\n"core": patch\n---\n\nA & B + C, 100 %; #1?\n'

    parts = urlsplit(new_file_link(site, "fix/leak", FRAGMENT, text))

    assert parts.path == page
    assert parse_qs(parts.query) == {name: [str(FRAGMENT)], content: [text]}


@pytest.mark.property
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_quoted_is_one_part_of_an_address(text: str) -> None:
    address = quoted(text)

    assert unquote(address) == text
    assert set(address) <= {*"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%"}


def test_a_file_whose_name_is_no_text_has_an_address() -> None:
    assert quoted("caf\udce9") == "caf%E9"
