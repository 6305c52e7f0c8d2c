from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier
from packaging.version import Version

from monorelease.model.constraint import Constraint, Dialect


@pytest.mark.parametrize(
    ("text", "allowed", "refused"),
    [
        pytest.param("", "0.0.1.dev1", None, id="empty-allows-any"),
        pytest.param("  ", "1.0", None, id="blank-allows-any"),
        pytest.param(">=1.0.43,<2", "1.0.44", "2.0", id="floor-and-end"),
        pytest.param(" >= 1.2 , < 2 ", "1.2", "1.1", id="blanks-anywhere"),
        pytest.param("~=1.4", "1.9", "2.0", id="compatible"),
        pytest.param("==1.4.*", "1.4.2", "1.5", id="wildcard"),
        pytest.param("===1.0", "1.0", "1.0.0", id="identity-compares-letters"),
        pytest.param("!=1.3", "1.2", "1.3.0", id="exclusion"),
        pytest.param("<2", "1.9rc1", "2.0rc1", id="an-end-excludes-its-own-pre-releases"),
        pytest.param(">=1!1.0", "1!1.0", "9", id="epoch"),
        pytest.param("==1.0", "1.0+local", "1.0.post1", id="a-pin-allows-its-local-versions"),
    ],
)
def test_a_specifier_set_is_read_as_the_standard_says(
    text: str, allowed: str, refused: str | None
) -> None:
    constraint = Constraint.parse(text)

    assert constraint.text == text
    assert constraint.allows(Version(allowed))
    assert refused is None or not constraint.allows(Version(refused))


@pytest.mark.parametrize("version", ["1.3.0rc1", "1.3.0.dev20261122101500", "1.2.post1"])
def test_a_range_allows_pre_releases_between_its_ends(version: str) -> None:
    """Whether an installer takes one unasked is not this question."""
    assert Constraint.parse(">=1.2,<2").allows(Version(version))


@pytest.mark.parametrize(
    ("text", "allowed", "refused"),
    [
        pytest.param("^1.2", "1.9", "2.0", id="caret"),
        pytest.param("^0.4.2", "0.4.9", "0.5.0", id="caret-on-zero"),
        pytest.param("^1 || ^3", "3.1", "2.0", id="alternatives"),
        pytest.param("1.2.3", "1.2.3", "1.2.4", id="exact"),
    ],
)
def test_poetrys_grammar_is_read_on_request(text: str, allowed: str, refused: str) -> None:
    constraint = Constraint.parse(text, Dialect.POETRY)

    assert (constraint.text, constraint.dialect) == (text, Dialect.POETRY)
    assert constraint.allows(Version(allowed))
    assert not constraint.allows(Version(refused))
    with pytest.raises(InvalidSpecifier):
        Constraint.parse(text)


@pytest.mark.parametrize("dialect", Dialect)
def test_a_number_beyond_all_reason_is_refused(dialect: Dialect) -> None:
    with pytest.raises(InvalidSpecifier, match="longer than"):
        Constraint.parse(">=" + "9" * 5_000, dialect)


@pytest.mark.property
@given(
    st.one_of(st.text(), st.text(alphabet="=~!<>^*.,| 019avrcdepost+")), st.sampled_from(Dialect)
)
def test_whatever_is_no_constraint_is_refused_in_one_way(text: str, dialect: Dialect) -> None:
    try:
        constraint = Constraint.parse(text, dialect)
    except InvalidSpecifier:
        return

    assert constraint.text == text
    constraint.allows(Version("1.0"))
