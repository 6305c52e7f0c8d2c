from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.model.version import read_version


@pytest.mark.parametrize("text", ["1.0b2", "v1.0.0-beta.2", " 1.0beta2\n"])
def test_every_spelling_is_read(text: str) -> None:
    assert read_version(text) in {Version("1.0b2"), Version("1.0.0b2")}


@pytest.mark.parametrize(
    "text", ["", "one", "1.0.x", "9" * 256, "9" * 5_000, f"1.0+{'a' * 300}", f"1{' ' * 300}"]
)
def test_what_is_no_version_or_too_long_for_one_is_none(text: str) -> None:
    assert read_version(text) is None


@pytest.mark.property
@given(st.text("0123456789.rc+-v ", max_size=6_000) | st.integers(1, 9_000).map("9".__mul__))
def test_whatever_stands_there_it_is_read_or_it_is_none(text: str) -> None:
    version = read_version(text)

    assert version is None or Version(str(version)) == version
