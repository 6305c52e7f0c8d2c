from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.errors import UnreadableFile
from monorelease.formats.text import BOM, decode, encode

README = PurePosixPath("packages/agents-core/README.md")


@pytest.mark.property
@given(st.text(st.sampled_from("a é\r\n\ufeff🎈")))
def test_no_byte_is_lost_on_the_way_to_text_and_back(text: str) -> None:
    data = text.encode()

    assert encode(decode(data, README)) == data


def test_newlines_and_a_byte_order_mark_stay_in_the_text() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n", README) == f"{BOM}a\r\nb\rc\n"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"one\ntwo \xe9\n", id="latin-1"),
        pytest.param("one\nt".encode("utf-16"), id="utf-16"),
        pytest.param(b"one\ntw\xc3", id="cut-short"),
    ],
)
def test_what_is_not_utf_8_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(data, README)

    line = 1 if data.startswith(b"\xff") else 2
    assert caught.value.where == f"packages/agents-core/README.md:{line}"
    assert "UTF-8" in caught.value.hint


def test_the_first_wrong_byte_is_named() -> None:
    with pytest.raises(UnreadableFile, match="byte 0xe9 at offset 8"):
        decode(b"one\ntwo \xe9\n", README)
