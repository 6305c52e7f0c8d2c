from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.model.constraint import Constraint, Dialect
from monorelease.model.finding import Finding
from monorelease.model.value import replace
from monorelease.planning.floors import (
    Shortfall,
    Site,
    Supply,
    check_floor,
    check_unborn,
    find_shortfall,
    honest_constraint,
)
from values import member, requires

V = Version
SITE = Site(path=PurePosixPath("packages/app/src/app/__init__.py"), line=3)


def supply(lacking: Mapping[str, set[str]], coming: str | None = None, *unborn: str) -> Supply:
    """One release for each version, with the names that it lacks."""
    by_version = {V(version): names for version, names in lacking.items()}
    needed = {name for names in lacking.values() for name in names} | {*unborn}
    return Supply(
        needs=dict.fromkeys(needed, SITE),
        released=sorted(by_version, reverse=True),
        coming=None if coming is None else V(coming),
        unborn=unborn,
        lacking=by_version.__getitem__,
    )


def shortfall(constraint: str, offer: Supply) -> tuple[str, str] | None:
    found = find_shortfall(Constraint.parse(constraint), offer)
    return None if found is None else (str(found.version), str(found.bound))


def told(constraint: str, offer: Supply) -> Finding | None:
    dependency = requires("core", constraint)
    app = member("app", "2.0", dependency)
    found = [*check_floor(app, dependency, Constraint.parse(constraint), offer)]
    assert len(found) < 2
    return found[0] if found else None


GREW = supply({"1.0": {"core.x"}, "1.1": {"core.x"}, "1.2": set(), "1.3": set()})
WENT_AND_CAME = supply({"1.0": set(), "1.1": {"core.x"}, "1.2": set(), "1.3": set()})


def test_what_has_every_name_is_no_finding() -> None:
    assert told(">=1.2", GREW) is None


@pytest.mark.parametrize(
    ("constraint", "found"),
    [
        (">=1.2", None),
        (">=1.0", ("1.1", "1.2")),
        ("", ("1.1", "1.2")),
        ("==1.0", ("1.0", "1.2")),
        (">=1.0,<1.2", ("1.1", "1.2")),
        (">=1.0,!=1.2", ("1.1", "1.3")),
        (">=2", None),
    ],
)
def test_the_newest_version_that_lacks_a_name_is_found(
    constraint: str, found: tuple[str, str] | None
) -> None:
    assert shortfall(constraint, GREW) == found


def test_a_name_that_went_and_came_back_has_to_stay() -> None:
    assert shortfall(">=1.0", WENT_AND_CAME) == ("1.1", "1.2")
    assert shortfall(">=1.0,!=1.1", WENT_AND_CAME) is None


def test_no_version_is_asked_in_vain() -> None:
    asked: list[Version] = []

    def look(version: Version) -> set[str]:
        asked.append(version)
        return set() if version > V("1.1") else {"core.x"}

    found = find_shortfall(Constraint.parse(">=1.0,<1.3"), replace(GREW, lacking=look))

    assert found is not None
    assert asked == [V("1.2"), V("1.1")]


def test_what_is_coming_is_a_bound_where_no_release_is() -> None:
    offer = supply({"1.0": {"core.x"}, "1.1": {"core.x"}}, "1.2")

    assert shortfall(">=1.0", offer) == ("1.1", "1.2")
    assert shortfall(">=1.0", replace(offer, coming=None)) == ("1.1", "None")


def test_a_floor_that_is_too_low_is_told_with_the_right_one() -> None:
    found = told(">=1.0,<2", GREW)

    assert found == Finding(
        code="floor-too-low",
        problem="app imports core.x in packages/app/src/app/__init__.py:3, and core 1.1, which "
        ">=1.0,<2 allows, does not have it; 1.2 is the first that has",
        hint="write core>=1.2,<2",
        path=PurePosixPath("packages/app/pyproject.toml"),
        key=requires("core", ">=1.0,<2").key,
    )


def test_several_names_are_counted() -> None:
    found = told("", supply({"1.0": {"core.x", "core.y", "core.z"}, "1.1": set()}))

    assert found is not None
    assert "imports core.x (and 2 names more)" in found.problem
    assert "which a requirement without a floor allows" in found.problem
    assert found.hint == "write core>=1.1"


def test_a_name_that_is_about_to_be_released_needs_the_coming_version() -> None:
    found = told(">=1.0", supply({"1.0": {"core.x"}}, "1.1"))

    assert found is not None
    assert found.code == "floor-too-low"
    assert found.hint.startswith("write core>=1.1; 1.1 is about to be released, and a fragment")


def test_a_name_in_no_release_needs_one() -> None:
    found = told(">=1.0", supply({"1.0": {"core.x"}}))

    assert found is not None
    assert found.code == "needs-unreleased"
    assert found.hint.endswith("monorelease add --minor core --patch app")


def test_a_constraint_that_cannot_be_raised_is_raised_by_hand() -> None:
    found = told("===1.0", supply({"1.0": {"core.x"}, "1.1": set()}))
    impossible = told(">=1.0,!=1.1", supply({"1.0": {"core.x"}, "1.1": set()}))

    assert found is not None
    assert found.hint == "write core===1.1"
    assert impossible is not None
    assert impossible.hint == "raise the floor to 1.1"


def test_a_name_that_is_nowhere_is_told_at_its_import() -> None:
    dependency = requires("core", ">=1")
    offer = supply({}, None, "core.y", "core.x")

    found = [*check_unborn(member("app", "2.0", dependency), dependency, offer)]

    assert [(f.code, f.path, f.line) for f in found] == [("import-missing", SITE.path, 3)] * 2
    assert found[0].problem == "app imports core.x, and core has no such name"


@pytest.mark.parametrize(
    ("written", "bound", "text"),
    [
        (">=1.2", "1.3.0", ">=1.3"),
        (" >= 1.2, <2 ", "1.3.1", " >= 1.3.1, <2 "),
        ("~=1.2", "1.3.1", "~=1.3"),
        ("~=1.2", "1.2.10", "~=1.2,>=1.2.10"),
        ("<2", "1.3", "<2,>=1.3"),
        ("!=1.3", "1.3", ""),
        ("", "1.3", ">=1.3"),
        ("==1.*", "1.3", "==1.*,>=1.3"),
    ],
)
def test_a_constraint_keeps_its_style(written: str, bound: str, text: str) -> None:
    assert honest_constraint(Constraint.parse(written), V(bound), V("1.2.9")) == text


def test_a_constraint_that_is_long_enough_is_not_made_longer() -> None:
    long = Constraint.parse(",".join(f"!=0.{number}.1" for number in range(410)) + ",<2.0.0")

    assert honest_constraint(long, V("1.3"), V("1.2")) == ""


def test_poetry_is_spoken_with_poetry() -> None:
    caret = Constraint.parse("^1.2", Dialect.POETRY)

    assert honest_constraint(caret, V("1.3.1"), V("1.3.0")) == "^1.3.1"
    either = Constraint.parse("^1 || ^2", Dialect.POETRY)
    assert honest_constraint(either, V("2.1"), V("1.3")) == ""
    assert honest_constraint(Constraint.parse("*", Dialect.POETRY), V("2"), V("1")) == ">=2"


VERSIONS = [V(f"{major}.{minor}") for major in (0, 1, 2) for minor in range(4)]
RANGES = st.sampled_from(
    ["", ">=1.1", ">=0.2,<2", "~=1.1", "==1.*", ">=1,!=1.2", "<2", "==1.1", ">=0.1,<1.2"]
)
HISTORIES = st.lists(st.booleans(), min_size=len(VERSIONS), max_size=len(VERSIONS))


@pytest.mark.property
@given(RANGES, HISTORIES, st.booleans())
def test_a_bound_is_the_lowest_from_which_on_nothing_is_missing(
    text: str,
    has: list[bool],
    coming: bool,  # noqa: FBT001 - hypothesis gives it by its place
) -> None:
    constraint = Constraint.parse(text)
    history = dict(zip(VERSIONS, has, strict=True))
    offer = supply(
        {str(v): set() if there else {"core.x"} for v, there in history.items()},
        "3.0" if coming else None,
    )

    found = find_shortfall(constraint, offer)

    bad = [v for v in VERSIONS if constraint.allows(v) and not history[v]]
    if not bad:
        assert found is None
        return
    assert isinstance(found, Shortfall)
    assert found.version == max(bad)
    later = [v for v in VERSIONS if v > found.version]
    allowed = [v for v in later if constraint.allows(v)]
    if allowed:
        assert found.bound == min(allowed)
    elif found.bound is not None:
        assert found.bound == V("3.0") or all(history[v] for v in later if v >= found.bound)
        assert found.bound > found.version
    else:
        assert not coming


@pytest.mark.property
@given(RANGES, st.sampled_from(VERSIONS), st.sampled_from(VERSIONS))
def test_an_honest_constraint_lets_in_the_bound_and_not_what_is_below(
    text: str, version: Version, bound: Version
) -> None:
    constraint = Constraint.parse(text)
    if version >= bound or not constraint.allows(version):
        return

    honest = honest_constraint(constraint, bound, version)

    if not honest:
        assert f"!={bound}" in text
        return
    assert Constraint.parse(honest).allows(bound)
    assert not Constraint.parse(honest).allows(version)
