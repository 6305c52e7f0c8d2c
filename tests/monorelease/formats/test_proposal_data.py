from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.errors import BadProposal
from monorelease.formats.proposal_data import LARGEST, parse_proposal, proposal_value
from monorelease.formats.proposal_limits import fitted
from monorelease.model.finding import Finding, Severity
from monorelease.model.proposal import Proposal
from proposals import names, proposal, proposals, proposed, said
from rendered import hostile

WHOLE = proposal(
    releases=(proposed("core"), proposed("app", private=True)),
    fragments=(said(core="patch", app="none"), said("changes/2.misc.md")),
    touched=names("core", "app"),
    untold=names("app"),
    notes="- Words,\n  in lines.\n",
    findings=(
        Finding(
            code="unknown-member",
            problem="'cor' is none",
            hint="did you mean 'core'?",
            path=PurePosixPath("changes/1.fix.md"),
            line=2,
        ),
    ),
    elsewhere=(Finding(code="x", problem="P", hint="H", severity=Severity.WARNING),),
    releases_itself=True,
)


def written(**changes: object) -> bytes:
    """The whole proposal as JSON, with some fields changed."""
    return json.dumps(proposal_value(WHOLE) | changes).encode()


def first(field: str, **changes: object) -> dict[str, object]:
    """The whole proposal's list `field`, with its first item changed."""
    items = proposal_value(WHOLE)[field]
    assert isinstance(items, list)
    return {field: [items[0] | changes, *items[1:]]}


def test_it_is_read_as_it_was_written() -> None:
    assert parse_proposal(written()) == WHOLE


@pytest.mark.property
@given(proposals())
def test_whatever_is_proposed_is_read_as_it_was_written(drawn: Proposal) -> None:
    inside = fitted(drawn)

    assert parse_proposal(json.dumps(proposal_value(inside)).encode()) == inside


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"schema": 2}, "its schema is not 1"),
        ({"schema": True}, "True is not a number"),
        ({"more": 1}, "should have no 'more'"),
        ({"head": "main"}, "'main' is not the name of a commit"),
        ({"head": "A" * 40}, "the name of a commit"),
        ({"head": None}, "None is not a text"),
        ({"releases": {}}, "an object is not a list"),
        ({"releases": [1]}, "1 is not an object"),
        (first("releases", name="Core"), "'Core' is not a normalised name"),
        (first("releases", name="a|b"), "a normalised name"),
        (first("releases", name="x" * 3000), "a normalised name"),
        (first("releases", bump="huge"), "'huge' is not a bump"),
        (first("releases", to="1.0.0; rm"), "is not a version"),
        (first("releases", to="1." + "0" * 3000), "is not a version"),
        (first("releases", private=0), "0 is not true or false"),
        (first("releases", why=["\x1b[31m"]), "not one short line"),
        (first("releases", why=["x"] * 21), "more than 20"),
        (first("releases", extra=1), "a release should have no 'extra'"),
        (first("fragments", path="../../etc/passwd"), "not a path in the repository"),
        (first("fragments", path="/etc/passwd"), "not a path in the repository"),
        (first("fragments", path="changes/a\nb.md"), "not a path in the repository"),
        (first("fragments", path="changes//a.md"), "not a path in the repository"),
        (first("fragments", bumps=[]), "a list is not an object"),
        (first("fragments", bumps={"<b>": "patch"}), "not a normalised name"),
        (first("fragments", bumps={f"m{n}": "none" for n in range(5001)}), "more than 5,000"),
        (first("fragments", text="x"), "a fragment should have no 'text'"),
        ({"touched": ["core"] * 5001}, "more than 5,000"),
        ({"untold": [None]}, "None is not a text"),
        ({"notes": "a\x00b"}, "is not notes"),
        ({"notes": "a\u202eb"}, "is not notes"),
        ({"notes": "x" * 200_001}, "is not notes"),
        ({"notes": "\ud800"}, "is not notes"),
        (first("findings", severity="fatal"), "'fatal' is not a severity"),
        (first("findings", code="Not Kebab"), "is not a code"),
        (first("findings", problem="a\nb"), "not one short line"),
        (first("findings", hint="x" * 2001), "not one short line"),
        (first("findings", line=0), "0 is no line"),
        (first("findings", line=10**9), "is no line"),
        (first("findings", line=True), "True is not a number"),
        (first("findings", path=".."), "not a path in the repository"),
        (first("findings", key=[]), "a finding should have no 'key'"),
        ({"elsewhere": [{}] * 201}, "more than 200"),
        ({"directory": ".."}, "not a path in the repository"),
        ({"category": "a/b"}, "'a/b' is not a category"),
        ({"releases_itself": "no"}, "'no' is not true or false"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(BadProposal) as caught:
        parse_proposal(written(**changes))

    assert why in caught.value.problem


@pytest.mark.parametrize("field", sorted(proposal_value(WHOLE)))
def test_no_field_may_be_missing(field: str) -> None:
    value = proposal_value(WHOLE)
    del value[field]

    with pytest.raises(BadProposal, match=f"has no '{field}'"):
        parse_proposal(json.dumps(value).encode())


@pytest.mark.parametrize("data", [b"", b"null", b"[" * 200_000, b" " * (LARGEST + 1), b"\xff"])
def test_what_is_no_proposal_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(BadProposal, match="this is no proposal of a pull request"):
        parse_proposal(data)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(hostile(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.property
@given(
    st.dictionaries(
        st.sampled_from(sorted(proposal_value(WHOLE))) | st.text(), _ANYTHING, max_size=3
    )
)
def test_whatever_somebody_writes_it_is_read_or_refused(changes: dict[str, object]) -> None:
    try:
        read = parse_proposal(written(**changes))
    except BadProposal:
        return
    assert fitted(read) == read


@pytest.mark.property
@given(st.binary())
def test_whatever_bytes_there_are_they_are_refused(data: bytes) -> None:
    with pytest.raises(BadProposal):
        parse_proposal(data)
