"""What GitLab would carry out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.gitlab_orders import without_orders


def is_order(text: str) -> bool:
    """Whether a line of it is one, as GitLab looks for them: outside of code or not."""
    return re.search(r"^/[a-z]", text.replace("\r", ""), re.MULTILINE | re.IGNORECASE) is not None


@pytest.mark.parametrize(
    "text",
    [
        "/merge",
        "words\n/label ~bug\nwords",
        "\r/close",
        "\n\r\r/Close\r\n",
        "```\n/approve\n```",
        "<b>\n/merge\n</b>",
    ],
)
def test_orders_become_words(text: str) -> None:
    assert is_order(text)
    assert not is_order(without_orders(text))


@pytest.mark.parametrize("text", ["", "a/merge", " /merge", "> /merge", "//x", "/ x", "1\r\n2"])
def test_what_is_no_order_stays_as_it_is(text: str) -> None:
    assert without_orders(text) == text


@pytest.mark.property
@given(st.text(alphabet="/a\r\n \u200b`<>"))
def test_nothing_that_is_sent_is_an_order_and_doing_it_again_changes_nothing(text: str) -> None:
    sent = without_orders(text)

    assert not is_order(sent)
    assert without_orders(sent) == sent
    assert [sign for sign in sent if sign not in "\r\u200b"] == [
        sign for sign in text if sign not in "\r\u200b"
    ]
