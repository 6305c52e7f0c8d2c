from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from monorelease.formats.requirements import (
    leading_name,
    split_poetry_range,
    split_reference,
    split_requirement,
)
from monorelease.model.constraint import Dialect


@pytest.mark.parametrize(
    ("literal", "name"),
    [
        ("agents-core>=1", "agents-core"),
        ("  Agents.Core [x]", "agents-core"),
        ("agents_core@ https://pypi.example/x.whl", "agents-core"),
        ("a", "a"),
        ("a-", "a"),
        ("-e file:///agents-core", None),
        ("", None),
        (">=1", None),
    ],
)
def test_a_requirement_begins_with_a_name(literal: str, name: str | None) -> None:
    assert leading_name(literal) == name


@pytest.mark.parametrize(
    ("prefix", "constraint", "suffix"),
    [
        pytest.param("agents-core", ">=1.0,<2", "", id="plain"),
        pytest.param("agents-core[vad] ", ">=1.0,<2", " ; python_version<'3.12'", id="all"),
        pytest.param("agents-core [ vad , all ]", "~=1.4", "", id="blanks-in-extras"),
        pytest.param(" agents-core ", ">= 1.0 , < 2", " ", id="blanks"),
        pytest.param("agents-core (", ">=1,<2", ")", id="parentheses"),
        pytest.param("agents-core( ", ">=1,<2", " ) ; os_name=='nt'", id="parentheses-and-marker"),
        pytest.param("agents-core", "", "", id="bare"),
        pytest.param("agents-core[]", "", "", id="no-extras"),
        pytest.param("agents-core", "", " ; python_version<'3.12'", id="bare-with-marker"),
        pytest.param("agents-core (", "", ")", id="empty-parentheses"),
        pytest.param("agents-core(", "", " )", id="blank-parentheses"),
        pytest.param("agents-core", "==1!2.*,!=1!2.3.post1+local.1", "", id="every-mark"),
        pytest.param("agents-core", "===1.0-odd", ";os_name=='nt'", id="identity"),
        pytest.param("agents-core", ">=1", "; extra=='a;b' or os_name=='(@)'", id="odd-marker"),
    ],
)
def test_a_requirement_is_taken_apart_around_its_constraint(
    prefix: str, constraint: str, suffix: str
) -> None:
    parts = split_requirement(prefix + constraint + suffix)

    assert parts.constraint is not None
    assert (parts.prefix, parts.constraint.text, parts.suffix) == (prefix, constraint, suffix)
    assert parts.constraint.dialect is Dialect.PEP440


@pytest.mark.parametrize(
    "literal",
    [
        "agents-core @ https://pypi.example/agents_core.whl",
        "agents-core[vad]@ file:///${PROJECT_ROOT}/../core ; python_version<'3.12'",
        "agents-core @ {root:uri}/../core",
    ],
)
def test_a_direct_reference_has_no_constraint(literal: str) -> None:
    assert split_requirement(literal) == (literal, None, "")


@pytest.mark.parametrize(
    "literal",
    [
        "agents-core>=one",
        "agents-core>=1.*",
        "agents-core>=1<2",
        "agents-core>=1,,<2",
        "agents-core 1.0",
        "agents-core^1.0",
        "agents-core[vad",
        "agents-core (>=1",
        "agents-core >=1)",
        "agents-core>=1\n",
        "agents-core>=1; python>'3'",
        "agents-core @",
    ],
)
def test_what_is_no_requirement_is_refused(literal: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        split_requirement(literal)


BLANKS = st.sampled_from(["", " ", "\t", "  "])
NAMES = st.sampled_from(["a", "Agents_Core", "a.b-c", "x1"])
EXTRAS = st.sampled_from(["", "[vad]", "[ a_b, c.d ]", "[]", "[a,]"])
CLAUSES = st.sampled_from(
    [">=1", "< 2", "==1.*", "~=1.4", "!=1!2.0", "===x", ">1.0rc1", "<=3+l", "=1", "^1", "~=1", ""]
)
MARKERS = st.sampled_from(["", ";python_version<'3.12'", '; extra == "a;(b)"', ";", ";x"])
REQUIREMENTS = st.builds(
    lambda parts, clauses, around, marker: (
        "".join(parts) + around[0] + ",".join(clauses) + around[1] + marker
    ),
    st.tuples(BLANKS, NAMES, BLANKS, EXTRAS, BLANKS),
    st.lists(st.tuples(BLANKS, CLAUSES, BLANKS).map("".join), max_size=3),
    st.sampled_from([("", ""), ("(", ")"), ("( ", " )"), ("(", ""), ("@ x ", "")]),
    MARKERS,
)


@pytest.mark.property
@given(REQUIREMENTS | st.text(st.sampled_from("a[]()<>=~!@;,. '1")))
def test_what_packaging_reads_is_split_and_what_it_refuses_is_refused(literal: str) -> None:
    try:
        requirement = Requirement(literal)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            split_requirement(literal)
        return
    prefix, constraint, suffix = split_requirement(literal)

    if constraint is None:
        assert requirement.url
        assert prefix + suffix == literal
    else:
        assert prefix + constraint.text + suffix == literal
        assert constraint.alternatives == (requirement.specifier,)
        assert constraint.text == constraint.text.strip()


@pytest.mark.property
@given(REQUIREMENTS)
def test_another_constraint_fits_into_the_place_of_the_old_one(literal: str) -> None:
    try:
        requirement = Requirement(literal)
    except ValueError:
        return
    prefix, constraint, suffix = split_requirement(literal)

    if constraint is not None:
        changed = Requirement(f"{prefix}==7.8{suffix}")
        assert changed.specifier == SpecifierSet("==7.8")
        assert (changed.name, changed.extras, changed.marker) == (
            requirement.name,
            requirement.extras,
            requirement.marker,
        )


def test_a_very_long_run_of_blanks_costs_no_more_than_its_length() -> None:
    literal = f"agents-core >=1{' ' * 50_000}; python_version<'3.12'"

    assert split_requirement(literal).suffix.startswith("  ")


@pytest.mark.parametrize("text", ["^1.2", "~1.2", ">=1,<2 || ^3", "*", ""])
def test_a_range_of_poetry_is_a_constraint_from_end_to_end(text: str) -> None:
    prefix, constraint, suffix = split_poetry_range(f" {text}\t" if text else "")

    assert constraint is not None
    assert (constraint.text, constraint.dialect) == (text, Dialect.POETRY)
    assert (prefix, suffix) == ((" ", "\t") if text else ("", ""))


def test_what_poetry_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        split_poetry_range("newest")


def test_a_reference_is_prefix_from_end_to_end() -> None:
    assert split_reference("../core") == ("../core", None, "")
