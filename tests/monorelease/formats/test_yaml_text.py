from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.yaml_text import quoted


@pytest.mark.parametrize(
    ("text", "scalar"),
    [
        ("make test", '"make test"'),
        ('say "hi" \\o/', '"say \\"hi\\" \\\\o/"'),
        ("a\nb", '"a\\u000Ab"'),
        ("\u2028", '"\\u2028"'),
        ("né", '"n\\u00E9"'),
        ("\U0001f600", '"\\U0001F600"'),
        ("yes", '"yes"'),
        ("", '""'),
    ],
)
def test_it_reads_so(text: str, scalar: str) -> None:
    assert quoted(text) == scalar


@pytest.mark.property
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_yaml_reads_what_was_meant(text: str) -> None:
    assert yaml.safe_load(f"a: {quoted(text)} # more\n") == {"a": text}


@pytest.mark.property
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_it_is_one_line_of_plain_characters(text: str) -> None:
    assert all(" " <= character <= "~" for character in quoted(text))
