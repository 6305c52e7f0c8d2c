from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.clause import parse_clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(" , ", [], id="only-blanks-and-commas"),
        pytest.param(">=1.2", [(">=", "1.2")], id="one"),
        pytest.param(">=1.2,<2", [(">=", "1.2"), ("<", "2")], id="comma"),
        pytest.param(" >= 1.2 ,  < 2 ", [(">=", "1.2"), ("<", "2")], id="blanks-anywhere"),
        pytest.param(">=1.2 <2", [(">=", "1.2"), ("<", "2")], id="blank-between"),
        pytest.param("===1.2", [("===", "1.2")], id="identity"),
        pytest.param("==1.*", [("==", "1.*")], id="wildcard"),
        pytest.param("~=1.4 ~1.4 ^1.4", [("~=", "1.4"), ("~", "1.4"), ("^", "1.4")], id="near"),
        pytest.param("=1.2", [("=", "1.2")], id="single-equals"),
        pytest.param("1.2 *", [("", "1.2"), ("", "*")], id="no-operator"),
        pytest.param("!=1!2.0rc1+a.b", [("!=", "1!2.0rc1+a.b")], id="every-part-of-a-version"),
    ],
)
def test_clauses_are_found_in_order(text: str, clauses: list[tuple[str, str]]) -> None:
    found = parse_clauses(text)

    assert [(c.operator, c.version) for c in found] == clauses


@pytest.mark.property
@given(st.text(alphabet="=~!<>^*., \t\n1v"))
def test_a_clause_knows_where_its_version_stands(text: str) -> None:
    for clause in parse_clauses(text):
        assert text[clause.start : clause.end] == clause.version
        assert text[: clause.start].rstrip().endswith(clause.operator)


@pytest.mark.property
@given(st.text(alphabet="=~!<>^*., \t\n1v"))
def test_nothing_but_blanks_and_commas_is_left_over(text: str) -> None:
    written = "".join(c.operator + c.version for c in parse_clauses(text))

    assert written == "".join(text.replace(",", " ").split())
