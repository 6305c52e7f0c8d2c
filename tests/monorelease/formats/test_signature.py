from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.fragments import format_fragment, parse_fragment
from monorelease.formats.signature import Signature, sign, signature_of
from monorelease.model.bump import Bump
from values import named

SOURCE = "from pull request 12"
CONTENT = format_fragment({named("core"): Bump.PATCH}, "Words.")
SIGNED = sign(CONTENT, SOURCE)


def test_a_fragment_says_of_what_it_was_made() -> None:
    assert signature_of(SIGNED) == Signature(source=SOURCE, is_untouched=True)
    assert SIGNED.splitlines()[1].startswith("# written from pull request 12 [")


def test_a_signed_fragment_reads_like_any_other() -> None:
    path = PurePosixPath("changes/12.fix.md")
    signed, findings = parse_fragment(path, SIGNED.encode(), ["fix"])
    plain, _ = parse_fragment(path, CONTENT.encode(), ["fix"])

    assert findings == ()
    assert signed is not None
    assert plain is not None
    assert signed.text == plain.text
    assert [(e.name, e.bump) for e in signed.entries] == [(e.name, e.bump) for e in plain.entries]


def test_newlines_of_another_system_are_no_edit() -> None:
    assert signature_of(SIGNED.replace("\n", "\r\n")) == signature_of(SIGNED)


@pytest.mark.parametrize(
    "edited",
    [
        SIGNED + "\n",
        SIGNED.replace("patch", "minor"),
        SIGNED.replace("Words", "Wörds"),
    ],
)
def test_a_single_letter_of_a_person_is_seen(edited: str) -> None:
    assert signature_of(edited) == Signature(source=SOURCE, is_untouched=False)


@pytest.mark.parametrize("content", ["", CONTENT, f"{CONTENT}\n{SIGNED.splitlines()[1]}\n", "---"])
def test_a_person_does_not_sign(content: str) -> None:
    assert signature_of(content) is None


@pytest.mark.property
@given(st.text())
def test_any_text_can_be_signed(text: str) -> None:
    content = format_fragment({}, text.encode("utf-8", "replace").decode())

    assert signature_of(sign(content, SOURCE)) == Signature(source=SOURCE, is_untouched=True)
