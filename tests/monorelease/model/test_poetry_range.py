"""Poetry's documentation, "Dependency specification", by its own examples and some more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from monorelease.model.poetry_range import breaking_part, parse_range, split_alternatives


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        pytest.param("^1.2.3", ">=1.2.3,<2", id="caret-allows-up-to-the-next-major"),
        pytest.param("^1.2", ">=1.2,<2", id="caret-of-two-parts"),
        pytest.param("^1", ">=1,<2", id="caret-of-one-part"),
        pytest.param("^0.2.3", ">=0.2.3,<0.3", id="caret-on-zero-allows-up-to-the-next-minor"),
        pytest.param("^0.0.3", ">=0.0.3,<0.0.4", id="caret-on-zero-zero-allows-no-other-patch"),
        pytest.param("^0.0", ">=0.0,<0.1", id="caret-of-two-zeros"),
        pytest.param("^0", ">=0,<1", id="caret-of-a-zero"),
        pytest.param("^0.0.0.4", ">=0.0.0.4,<0.0.1", id="caret-looks-at-three-parts-only"),
        pytest.param("^1.2rc1", ">=1.2rc1,<2", id="caret-of-a-pre-release"),
        pytest.param("^1!1.2", ">=1!1.2,<1!2", id="caret-keeps-the-epoch"),
        pytest.param("~1.2.3", ">=1.2.3,<1.3", id="tilde-of-three-parts"),
        pytest.param("~1.2", ">=1.2,<1.3", id="tilde-of-two-parts"),
        pytest.param("~1", ">=1,<2", id="tilde-of-one-part"),
        pytest.param("~1.2.3.4", ">=1.2.3.4,<1.3", id="tilde-of-four-parts"),
        pytest.param("~=1.4.2", "~=1.4.2", id="compatible-is-PEP-440s"),
        pytest.param("1.*", "==1.*", id="bare-wildcard"),
        pytest.param("==1.2.*", "==1.2.*", id="wildcard"),
        pytest.param("!=1.2.*", "!=1.2.*", id="excluded-wildcard"),
        pytest.param("1.2.3", "==1.2.3", id="bare-version-is-exact"),
        pytest.param("=1.2.3", "==1.2.3", id="single-equals-is-exact"),
        pytest.param("*", "", id="star-allows-any"),
        pytest.param("* <2", "<2", id="star-beside-another"),
        pytest.param(">= 1.2, <1.5", ">=1.2,<1.5", id="comma"),
        pytest.param(">=1.2 <1.5 !=1.3", ">=1.2,<1.5,!=1.3", id="blanks"),
        pytest.param(" ^ 1.2 ", ">=1.2,<2", id="blanks-around"),
        pytest.param("  ", "", id="blank"),
    ],
)
def test_a_range_means_what_poetry_says(text: str, meaning: str) -> None:
    (allowed,) = parse_range(text)

    expected = SpecifierSet(meaning)
    for version in _LADDER:
        assert allowed.contains(version, prereleases=True) is expected.contains(
            version, prereleases=True
        ), version


@pytest.mark.parametrize("bars", ["||", "|", " || "])
def test_alternatives_are_told_apart(bars: str) -> None:
    first, second = parse_range(f"^1.2{bars}^3")

    assert first.contains("1.9")
    assert not first.contains("3.1")
    assert second.contains("3.1")


@pytest.mark.parametrize(
    "text",
    [
        "^1.*", "~*", "^", ">=", "=", "==", "===", "=>1", "x", "dev", "1.2 ||", "|| 1", "||",
        "^1 || , ", "1.2 - 1.4", "^1.2+local", ">1.*", "~=1", "**", "1.*.*", "<>1.2", "latest",
    ],
)  # fmt: skip
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(InvalidSpecifier):
        parse_range(text)


@pytest.mark.property
@given(st.text(alphabet="^1 |,<"))
def test_alternatives_and_bars_put_together_are_the_text(text: str) -> None:
    parts = split_alternatives(text)

    assert "".join(parts) == text
    assert all("|" not in part for part in parts[::2])
    assert set(parts[1::2]) <= {"|", "||"}


@pytest.mark.parametrize(
    ("version", "part"),
    [("1.2.3", 0), ("0.2.3", 1), ("0.0.3", 2), ("0.0", 1), ("0", 0), ("0.0.0", 2), ("0.0.0.4", 2)],
)
def test_the_first_part_that_is_not_zero_breaks(version: str, part: int) -> None:
    assert breaking_part(Version(version)) == part


_RELEASES = (
    *("0", "0.0.3", "0.0.4", "0.1", "0.2.2", "0.2.3", "0.3", "1", "1.2", "1.2.3", "1.2.3.4"),
    *("1.2.4", "1.3", "1.4.2", "1.5", "2", "3"),
)
_LADDER = tuple(
    Version(f"{epoch}{release}{suffix}")
    for epoch in ("", "1!")
    for release in _RELEASES
    for suffix in (".dev1", "a1", "rc1", "", ".post1")
)
