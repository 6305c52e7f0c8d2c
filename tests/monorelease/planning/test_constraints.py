from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from packaging.specifiers import Specifier
from packaging.version import Version

from monorelease.model.constraint import Constraint, Dialect
from monorelease.planning.constraints import raise_constraint

PEP440, POETRY = Dialect


def _raised(
    text: str, target: str, dialect: Dialect = PEP440, *, exact: bool = False
) -> str | None:
    return raise_constraint(Constraint.parse(text, dialect), Version(target), exact=exact)


class TestFloors:
    @pytest.mark.parametrize(
        ("before", "target", "after"),
        [
            pytest.param(">=1.0.43,<2", "1.0.44", ">=1.0.44,<2", id="goes-up-to-the-target"),
            pytest.param(">=1.2", "1.3.0", ">=1.3", id="zeros-that-were-not-written-are-not"),
            pytest.param(">=1.2", "1.3.1", ">=1.3.1", id="but-whatever-tells-more-is"),
            pytest.param(">=1.2", "2.0.0", ">=2.0", id="as-many-parts-as-were-written"),
            pytest.param(">=1.2.0.0", "1.3", ">=1.3.0.0", id="even-more-than-the-target-has"),
            pytest.param(">=1.3", "1.3.0", ">=1.3", id="already-there"),
            pytest.param(">=v01.3", "1.3.0", ">=v01.3", id="already-there-in-other-letters"),
            pytest.param(">=v01.2", "1.3.0", ">=1.3", id="other-letters-go-when-it-moves"),
            pytest.param(">=2026.11.3", "2026.12.1", ">=2026.12.1", id="calendar-version"),
            pytest.param(">=9", "1!1.0", ">=1!1", id="epoch"),
            pytest.param(">=1.2", "1.3+local", ">=1.3", id="local-versions-satisfy-the-public-one"),
            pytest.param(">=1.0", "1.1.0.post1", ">=1.1.0.post1", id="post-release"),
            pytest.param(">1.0", "1.3", ">1.0", id="an-exclusive-one-stays"),
            pytest.param(">1.0", "1.0", None, id="an-exclusive-one-never-moves"),
            pytest.param(">=2", "1.5", None, id="never-goes-down"),
            pytest.param(">=1.1", "1.1rc1", None, id="not-even-for-a-pre-release"),
        ],
    )
    def test_a_floor_is_raised_to_the_target(
        self, before: str, target: str, after: str | None
    ) -> None:
        assert _raised(before, target) == after

    @pytest.mark.parametrize(
        ("before", "target", "after"),
        [
            pytest.param(">=1.0.43,<2", "1.1.0rc1", ">=1.1.0rc1,<2", id="becomes-the-floor"),
            pytest.param(">=1.0", "1.1.0rc1", ">=1.1.0rc1", id="spelled-out"),
            pytest.param(">=1.1.0rc1,<2", "1.1.0rc2", ">=1.1.0rc2,<2", id="the-next-one"),
            pytest.param(">=1.1.0rc1,<2", "1.1.0", ">=1.1.0,<2", id="the-final-one"),
            pytest.param(">=1.2,<2", "2.0.0rc1", ">=2.0.0rc1,<3", id="an-end-excludes-its-own"),
        ],
    )
    def test_a_pre_release_is_asked_for_by_its_full_name(
        self, before: str, target: str, after: str
    ) -> None:
        assert _raised(before, target) == after


class TestCompatibleReleases:
    """``~=1.4`` is ``>=1.4,==1.*``: the number of its parts has a meaning."""

    @pytest.mark.parametrize(
        ("before", "target", "after"),
        [
            pytest.param("~=1.4", "1.5.0", "~=1.5", id="two-parts-stay-two"),
            pytest.param("~=1.4", "1.5.2", "~=1.5", id="though-the-floor-is-then-lower"),
            pytest.param("~=1.4", "1.4.2", "~=1.4", id="or-the-same"),
            pytest.param("~=1.4.2", "1.5.0", "~=1.5.0", id="three-parts-stay-three"),
            pytest.param("~=1.4.2", "2.0", "~=2.0.0", id="even-where-the-target-has-two"),
            pytest.param("~=1.4", "1.5.0rc1", "~=1.5rc1", id="pre-release"),
            pytest.param("~=1.4", "1.5.2rc1", "~=1.5", id="pre-release-that-is-not-cut-short"),
            pytest.param("~=1.4.post1", "1.4.2", "~=1.4.post1", id="never-goes-down"),
            pytest.param("~=1.4", "1!1.4", "~=1!1.4", id="epoch"),
        ],
    )
    def test_it_keeps_its_precision(self, before: str, target: str, after: str) -> None:
        assert _raised(before, target) == after


class TestPins:
    @pytest.mark.parametrize(
        ("before", "target", "after"),
        [
            pytest.param("==1.4.2", "1.5.0", "==1.5.0", id="goes-to-the-target"),
            pytest.param("==1.4", "1.5.0", "==1.5", id="at-the-precision-written"),
            pytest.param("==1.4", "1.5.1", "==1.5.1", id="or-more"),
            pytest.param("==1.4.2", "1.5.0rc1", "==1.5.0rc1", id="pre-release"),
            pytest.param("==1.4.0", "1.4", "==1.4.0", id="zeros-make-no-difference"),
            pytest.param("==2.0", "1.5", "==1.5", id="goes-down-as-well"),
            pytest.param("==1.4+abc", "1.5+def", "==1.5", id="local-versions-satisfy-public-pins"),
            pytest.param("===1.4", "1.4.0", "===1.4.0", id="identity-goes-by-letters"),
            pytest.param("===1.4+abc", "1.5+def", "===1.5+def", id="all-letters"),
            pytest.param("==1.4.*", "1.5.2", "==1.5.*", id="wildcard-stays-a-wildcard"),
            pytest.param("==1.*", "2.0", "==2.*", id="of-the-same-precision"),
            pytest.param("==1.*", "1.7", "==1.*", id="and-moves-only-when-it-must"),
            pytest.param("==1.4.2.*", "1.5", "==1.5.0.*", id="wildcard-longer-than-the-target"),
            pytest.param("==1.*", "2.0.0rc1", "==2.*", id="wildcard-and-pre-release"),
            pytest.param("==1.*", "1!2.0", "==1!2.*", id="wildcard-and-epoch"),
        ],
    )
    def test_a_pin_follows_the_target(self, before: str, target: str, after: str) -> None:
        assert _raised(before, target) == after


class TestUpperEnds:
    @pytest.mark.parametrize(
        ("before", "target", "after"),
        [
            pytest.param("<2", "1.9", "<2", id="stays-while-it-can"),
            pytest.param("<2", "2.1.0", "<3", id="the-only-part"),
            pytest.param("<1.5", "1.6.2", "<1.7", id="the-last-part"),
            pytest.param("<2.0.0", "2.1.0", "<3.0.0", id="zeros-are-only-padding"),
            pytest.param("<1.5.0", "1.6.2", "<1.7.0", id="after-any-part"),
            pytest.param("<1.5.3", "1.6.2", "<1.6.3", id="third-part"),
            pytest.param("<1.5.3", "2", "<2.0.1", id="more-parts-than-the-target"),
            pytest.param("<0.5", "1.0.0", "<1.1", id="beyond-zero"),
            pytest.param("<0.0", "0.1", "<1.0", id="all-zeros"),
            pytest.param("<2", "1!0.5", "<1!1", id="epoch"),
            pytest.param("<2", "2.0.0rc1", "<3", id="pre-release-of-the-end"),
            pytest.param("<2.dev0", "2.1", "<3.dev0", id="goes-on-excluding-pre-releases"),
            pytest.param("<2.0a0", "2.1", "<3.0a0", id="likewise"),
            pytest.param("<2.0.post1", "2.1", "<3.0", id="a-post-release-is-no-style"),
            pytest.param("<=1.5", "1.4", "<=1.5", id="inclusive-stays-while-it-can"),
            pytest.param("<=1.5", "1.6.0", "<=1.6", id="inclusive-goes-to-the-target"),
            pytest.param("<=1.5", "1.6.2", "<=1.6.2", id="inclusive-with-more-parts"),
            pytest.param("<=1.5", "1.6.0rc1", "<=1.6.0rc1", id="inclusive-and-pre-release"),
            pytest.param(">=1.2,<2", "2.1.0", ">=2.1,<3", id="with-a-floor"),
        ],
    )
    def test_an_end_moves_only_when_it_must(self, before: str, target: str, after: str) -> None:
        assert _raised(before, target) == after


class TestTheRestOfTheText:
    @pytest.mark.parametrize(
        ("before", "target", "after"),
        [
            pytest.param("", "2.0", "", id="nothing-stays-nothing"),
            pytest.param("  ", "2.0", "  ", id="blank-stays-blank"),
            pytest.param("!=1.3", "1.4", "!=1.3", id="exclusions-stay"),
            pytest.param("!=1.3", "1.3.0", None, id="so-what-is-excluded-is-refused"),
            pytest.param(">=1.0,!=1.4.*", "1.4.1", None, id="excluded-by-wildcard"),
            pytest.param(
                " >= 1.2 ,  < v2.00,!=1.04 ", "1.3", " >= 1.3 ,  < v2.00,!=1.04 ", id="blanks"
            ),
            pytest.param("<2,>=1.2", "1.3", "<2,>=1.3", id="order"),
            pytest.param(">=1.2,<2,", "2.0", ">=2.0,<3,", id="stray-comma"),
        ],
    )
    def test_it_is_left_alone(self, before: str, target: str, after: str | None) -> None:
        assert _raised(before, target) == after


class TestPoetry:
    @pytest.mark.parametrize(
        ("before", "target", "after"),
        [
            pytest.param("^1.2", "1.3.0", "^1.3", id="caret-keeps-its-precision"),
            pytest.param("^1.2", "1.3.1", "^1.3.1", id="caret-is-a-floor"),
            pytest.param("^1.2", "2.0.0rc1", "^2.0.0rc1", id="caret-and-pre-release"),
            pytest.param("^0.4.2", "0.5.0", "^0.5.0", id="caret-on-zero"),
            pytest.param("^0.4", "1.0.0", "^1.0", id="caret-leaves-zero"),
            pytest.param("^0.0.3", "0.1.0", "^0.1.0", id="caret-on-zero-zero"),
            pytest.param("^0", "0.5.0", "^0", id="a-caret-of-zeros-is-not-narrowed"),
            pytest.param("^0.0", "0.0.5", "^0.0", id="nor-of-two"),
            pytest.param("^0", "1.2.3", "^1.2.3", id="until-zero-is-over"),
            pytest.param("^1.0", "1!0.1.1", "^1!0.1.1", id="caret-and-epoch"),
            pytest.param("^2", "1.5", None, id="caret-never-goes-down"),
            pytest.param("~1.2", "1.3.1", "~1.3.1", id="tilde-is-a-floor"),
            pytest.param("~1.2", "2.0.0", "~2.0", id="tilde-keeps-its-precision"),
            pytest.param("~1", "1.5.2", "~1", id="a-tilde-of-one-part-is-not-narrowed"),
            pytest.param("~1", "2.1.0", "~2", id="and-keeps-its-one-part"),
            pytest.param("1.*", "2.3", "2.*", id="bare-wildcard"),
            pytest.param("1.2.3", "1.3", "1.3.0", id="bare-version"),
            pytest.param("=1.2.3", "1.3", "=1.3.0", id="single-equals"),
            pytest.param("*", "5.0", "*", id="star"),
            pytest.param(">=1.2  <2", "2.1", ">=2.1  <3", id="blanks-between"),
            pytest.param(" ^ 1.2 ", "1.3", " ^ 1.3 ", id="blanks-around"),
            pytest.param("~=1.4", "1.5.2", "~=1.5", id="compatible"),
        ],
    )
    def test_its_operators_keep_their_style(
        self, before: str, target: str, after: str | None
    ) -> None:
        assert _raised(before, target, POETRY) == after

    @pytest.mark.parametrize(
        ("before", "target", "after"),
        [
            pytest.param("^1 || ^2", "2.3", "^1 || ^2.3", id="the-one-that-allows-it"),
            pytest.param("^2|^1", "2.3", "^2.3|^1", id="wherever-it-stands"),
            pytest.param(">=1 || >=2", "2.3", ">=1 || >=2.3", id="the-last-of-several"),
            pytest.param("^1 || ^2", "3.0", "^1 || ^3", id="else-the-last"),
            pytest.param("^1 || ^4", "3.0", None, id="which-never-goes-down"),
        ],
    )
    def test_one_alternative_is_raised(self, before: str, target: str, after: str | None) -> None:
        assert _raised(before, target, POETRY) == after


class TestExactConstraints:
    """Snapshots are pinned: nobody gets half of one."""

    @pytest.mark.parametrize(
        ("before", "dialect", "after"),
        [
            pytest.param(">=1.0.43,<2", PEP440, "==1.1.dev7", id="range"),
            pytest.param(" >=1.0 , <2 ", PEP440, " ==1.1.dev7 ", id="outer-blanks-stay"),
            pytest.param("", PEP440, "==1.1.dev7", id="nothing-written"),
            pytest.param("!=1.1.dev7", PEP440, "==1.1.dev7", id="excluded"),
            pytest.param("^1 || ^2", POETRY, "==1.1.dev7", id="poetry"),
        ],
    )
    def test_the_target_replaces_all(self, before: str, dialect: Dialect, after: str) -> None:
        assert _raised(before, "1.1.dev7", dialect, exact=True) == after


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A constraint, and the clauses from which it was made, for tests to compare with."""

    constraint: Constraint
    between: tuple[str, ...]
    """The text around the versions: one more than there are versions."""
    operators: tuple[str, ...]
    versions: tuple[str, ...]

    def versions_in(self, text: str) -> tuple[str, ...]:
        """The versions in `text`, which must not differ in anything else."""
        pattern = r"([^\s,|]+)".join(map(re.escape, self.between))
        match = re.fullmatch(pattern, text)
        assert match, text
        return match.groups()


_FLOORS = frozenset({">=", "~=", "^", "~"})
_COMMON = (">=", ">=", "<", "<", "<=", ">", "==", "!=", "~=", "==*", "!=*")
_OPERATORS = {PEP440: (*_COMMON, "==="), POETRY: (*_COMMON, "^", "^", "~", "=", "", "*", "=*")}
_SEPARATORS = {PEP440: (",", ", ", " ,  "), POETRY: (",", ", ", " ", "||", " || ", "|")}

_FORMS = (
    *("{}", "{}", "{}", "v{}", "0{}", "1!{}", "v1!0{}", "{}rc1", "{}-RC.2", "{}a0", "1!{}.c1"),
    *("{}.post1", "{}.dev0", "{}b2.dev1"),
)
"""How somebody may write a version: odd letters, a zero in front, another separator."""


@st.composite
def _clauses(draw: st.DrawFn, dialect: Dialect) -> tuple[str, str]:
    operator = draw(st.sampled_from(_OPERATORS[dialect]))
    least = 2 if operator == "~=" else 1
    release = draw(st.lists(st.integers(0, 3), min_size=least, max_size=4))
    form = "{}.*" if operator.endswith("*") else draw(st.sampled_from(_FORMS))
    return operator.removesuffix("*"), form.format(".".join(map(str, release)))


@st.composite
def _written_constraints(draw: st.DrawFn) -> _Written:
    dialect = draw(st.sampled_from(Dialect))
    clauses = draw(st.lists(_clauses(dialect), min_size=1, max_size=3))
    blank = draw(st.sampled_from(["", "", " ", "  "]))
    separator = draw(st.sampled_from(_SEPARATORS[dialect]))
    between = [operator + (blank if operator else "") for operator, _ in clauses]
    between[1:] = [separator + text for text in between[1:]]
    between = [blank + between[0], *between[1:], blank]
    versions = tuple(version for _, version in clauses)
    text = between[0] + "".join(v + b for v, b in zip(versions, between[1:], strict=True))
    return _Written(
        constraint=Constraint.parse(text, dialect),
        between=tuple(between),
        operators=tuple(operator for operator, _ in clauses),
        versions=versions,
    )


_LATER = tuple(Version(f"{a}.{b}.{c}") for a in range(5) for b in range(5) for c in (0, 3))

_targets = st.builds(
    lambda form, release: Version(form.format(".".join(map(str, release)))),
    st.sampled_from(
        ["{}", "{}", "{}", "1!{}", "{}a1", "{}rc1", "{}rc2", "{}.post1", "{}.dev3", "{}+x"]
    ),
    st.lists(st.integers(0, 4), min_size=1, max_size=4),
)


def _release_of(version: str) -> tuple[int, ...]:
    return Version(version.removesuffix(".*")).release


@pytest.mark.property
@given(_written_constraints(), _targets)
def test_the_result_allows_the_target(written: _Written, target: Version) -> None:
    after = raise_constraint(written.constraint, target)

    assert after is None or Constraint.parse(after, written.constraint.dialect).allows(target)


@pytest.mark.property
@given(_written_constraints(), _targets)
def test_nothing_moves_but_versions_that_have_to(written: _Written, target: Version) -> None:
    after = raise_constraint(written.constraint, target)
    if after is None:
        reject()

    for operator, old, new in zip(
        written.operators, written.versions, written.versions_in(after), strict=True
    ):
        if old == new:
            continue
        assert operator not in {">", "!="}
        assert old.endswith(".*") == new.endswith(".*")
        if operator in _FLOORS:
            assert Version(old) < Version(new) <= target
        else:
            assert not Specifier(
                (operator if len(operator) > 1 or operator == "<" else "==") + old
            ).contains(target, prereleases=True)


@pytest.mark.property
@given(_written_constraints(), _targets)
def test_no_part_that_was_written_is_lost(written: _Written, target: Version) -> None:
    after = raise_constraint(written.constraint, target)
    if after is None:
        reject()

    for operator, old, new in zip(
        written.operators, written.versions, written.versions_in(after), strict=True
    ):
        before, now = len(_release_of(old)), len(_release_of(new))
        if operator in {"~=", "<"} or old.endswith(".*"):
            assert now == before
        elif operator != "===":
            assert now >= before


@pytest.mark.property
@given(_written_constraints(), _targets)
def test_the_floor_admits_nothing_older_than_the_target(written: _Written, target: Version) -> None:
    after = raise_constraint(written.constraint, target)
    if after is None or "|" in written.constraint.text:
        reject()

    for operator, new in zip(written.operators, written.versions_in(after), strict=True):
        if operator == ">=":
            assert Version(new) == Version(target.public)


@pytest.mark.property
@given(_written_constraints(), _targets)
def test_raising_again_changes_nothing(written: _Written, target: Version) -> None:
    once = raise_constraint(written.constraint, target)
    if once is None:
        reject()
    twice = raise_constraint(Constraint.parse(once, written.constraint.dialect), target)

    assert twice == once


@pytest.mark.property
@given(_written_constraints(), _targets)
def test_nothing_is_refused_without_a_reason(written: _Written, target: Version) -> None:
    """The reasons are an exclusion, and a floor above the target."""
    if raise_constraint(written.constraint, target) is not None:
        return

    assert any(
        operator in {">", "!="}
        or (operator in {">=", "~=", "^", "~"} and Version(version) > target)
        for operator, version in zip(written.operators, written.versions, strict=True)
    )


@pytest.mark.property
@given(_written_constraints(), _targets)
def test_what_is_in_range_is_not_narrowed_from_above(written: _Written, target: Version) -> None:
    """What a raised range allowed beyond the target before, it allows now."""
    after = raise_constraint(written.constraint, target)
    if after is None or not written.constraint.allows(target):
        reject()
    raised = Constraint.parse(after, written.constraint.dialect)

    for later in _LATER:
        if later >= target and written.constraint.allows(later):
            assert raised.allows(later), later


@pytest.mark.property
@given(_written_constraints(), _targets)
def test_an_exact_constraint_is_the_target_between_the_old_blanks(
    written: _Written, target: Version
) -> None:
    text = written.constraint.text
    after = raise_constraint(written.constraint, target, exact=True)

    assert after is not None
    assert after.strip() == f"=={target}"
    assert len(after) - len(after.strip()) == len(text) - len(text.strip())
