from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.fragments import format_fragment, parse_fragment
from monorelease.formats.stranger_words import fit, sentence, tame
from monorelease.model.bump import Bump
from values import named

PATH = PurePosixPath("changes/7.fix.md")

hostile = st.lists(
    st.sampled_from(
        [
            *("```", "~~~~", "> ```", "- ```x", "1. ~~~", "```\r"),
            *("<<<<<<< a", "=======", ">>>>>>>", "---", "# b", "<!--"),
            *("a", "", " ", "\x1b[2J", "\u202e", "\ud800", "\r", "\x00"),
        ]
    )
).map("\n".join)


@pytest.mark.property
@given(st.one_of(hostile, st.text()))
def test_whatever_a_stranger_writes_passes_the_check(text: str) -> None:
    words = tame(text)

    content = format_fragment({named("core"): Bump.PATCH}, words or "Words.").encode()
    fragment, findings = parse_fragment(PATH, content, ["fix"])

    assert findings == ()
    assert fragment is not None
    assert tame(fragment.text) == fragment.text


@pytest.mark.property
@given(st.text(alphabet="ab c.`*_[](){}#!?é\n", max_size=300))
def test_harmless_words_stay_as_they_are(text: str) -> None:
    if "```" not in text:
        assert tame(text) == text.strip()


def test_a_mark_that_was_pasted_along_goes() -> None:
    assert sentence("\ufeffread it, and \x1b[1mshout") == "Read it, and [1mshout."


def test_code_that_ends_is_left_alone() -> None:
    assert tame("Run:\n\n```sh\nx\n```\n") == "Run:\n\n```sh\nx\n```"


def test_code_that_never_ends_is_spelled_out() -> None:
    assert tame("a\n```sh\nb") == "a\n\\```sh\nb"


def test_nobody_talks_forever() -> None:
    assert fit("x" * 10_000) == "x" * 4_000 + " …"
    assert tame("x" * 10_000) == "x" * 10_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("add voices", "Add voices."),
        ("don't free it twice", "Don't free it twice."),
        ("`dispose` frees\n  it", "`dispose` frees it."),
        ("iOS is supported!", "iOS is supported!"),
        ("pyproject.toml is read", "pyproject.toml is read."),
        ("snake_case stays", "snake_case stays."),
        ("why?", "Why?"),
        ("see (the guide)", "See (the guide)."),
        ("and so on …", "And so on …"),
        ("", ""),
    ],
)
def test_a_line_becomes_a_sentence(text: str, said: str) -> None:
    assert sentence(text) == said
