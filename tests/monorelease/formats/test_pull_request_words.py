from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.pull_request_words import Block, blocks_in, bumps_labelled
from monorelease.model.bump import Bump

FRAGMENT = "---\ncore: patch\n---\n\nWords."


def test_a_block_is_a_fragment_in_the_body() -> None:
    body = f"Hello.\r\n\r\n```changes\r\n{FRAGMENT}\r\n```\r\nBye.\r\n"

    assert blocks_in(body) == (Block(category="", content=FRAGMENT, line=3),)


def test_a_word_behind_it_is_the_category() -> None:
    (block,) = blocks_in(f"~~~~ changes security x\n{FRAGMENT}\n~~~~")

    assert block.category == "security"


def test_several_blocks_are_several_fragments() -> None:
    body = f"```changes\n{FRAGMENT}\n```\n```py\nx\n```\n```changes doc\n{FRAGMENT}\n```"

    assert [(block.category, block.line) for block in blocks_in(body)] == [("", 1), ("doc", 11)]


def test_a_longer_fence_holds_code() -> None:
    (block,) = blocks_in("````changes\na\n```py\nb\n```\n````")

    assert block.content == "a\n```py\nb\n```"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "No block.",
        f"<!--\n```changes\n{FRAGMENT}\n```\n-->",
        f"<!-- never closed\n```changes\n{FRAGMENT}\n```\n",
        "```changes\n<!-- say here what changed -->\n\n```",
        f"```changes\n{FRAGMENT}\n",
        f"````md\n```changes\n{FRAGMENT}\n```\n````",
        f"```changeset\n{FRAGMENT}\n```",
        f"    ```changes\n    {FRAGMENT}\n    ```",
    ],
)
def test_what_is_commented_out_open_or_quoted_is_no_block(body: str) -> None:
    assert blocks_in(body) == ()


def test_comments_within_a_block_go_and_lines_are_still_counted() -> None:
    blocks = blocks_in(f"<!--\ntwo\n-->\n```changes\n<!-- x -->{FRAGMENT}\n```")

    assert blocks == (Block(category="", content=FRAGMENT, line=4),)


def test_nobody_needs_more_than_fifty_blocks() -> None:
    assert len(blocks_in(f"```changes\n{FRAGMENT}\n```\n" * 60)) == 50


@pytest.mark.parametrize(
    ("label", "bump"),
    [
        ("patch", Bump.PATCH),
        ("bump: minor", Bump.MINOR),
        ("semver:major", Bump.MAJOR),
        ("Release/Minor", Bump.MINOR),
        ("breaking-change", Bump.MAJOR),
        ("release: none", Bump.NONE),
        ("no release", Bump.NONE),
        ("skip-changelog", Bump.NONE),
    ],
)
def test_labels_say_the_bump(label: str, bump: Bump) -> None:
    assert bumps_labelled(["stt", label]) == {bump}


@pytest.mark.parametrize("label", ["none", "minor issue", "patchwork", "release", "", "bump"])
def test_other_labels_say_nothing(label: str) -> None:
    assert bumps_labelled([label]) == frozenset()


@pytest.mark.property
@given(st.text(alphabet="`~ -changes<!->\n:core patch"))
def test_any_body_is_read(body: str) -> None:
    for block in blocks_in(body):
        assert body.replace("\r\n", "\n").split("\n")[block.line - 1].lstrip()[:1] in {
            "`",
            "~",
            "<",
        }
