from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.model.breakage import Breakage, BreakageKind
from monorelease.model.bump import Bump
from monorelease.model.channel import Stable
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Fragment
from monorelease.model.tagged import TaggedRelease
from monorelease.planning.api_truth import MOST, Comparison, breakage_text, check_bump
from monorelease.planning.versions import next_version
from values import fragment, member

FILE = PurePosixPath("packages/core/src/core/__init__.py")


def breakage(
    kind: BreakageKind = BreakageKind.REMOVED, name: str = "core.connect", **words: str
) -> Breakage:
    return Breakage(kind=kind, name=name, path=FILE, line=7, **words)


def found(
    since: str,
    target: str,
    *breakages: Breakage,
    fragments: Sequence[Fragment] = (),
    major_on_zero: Bump = Bump.MINOR,
) -> list[Finding]:
    comparison = Comparison(
        member=member("core", since),
        since=TaggedRelease(version=Version(since), tag=f"core-v{since}", commit="c" * 40),
        target=Version(target),
        fragments=fragments,
        breakages=breakages,
    )
    return [*check_bump(comparison, Severity.ERROR, major_on_zero)]


def test_a_breaking_change_under_a_patch_is_told_where_it_is() -> None:
    words = [fragment("1.fix.md", core="patch"), fragment("2.feature.md", core="minor")]

    assert found("1.2.0", "1.3.0", breakage(), fragments=words) == [
        Finding(
            code="api-breaks",
            problem="core.connect is gone, and core goes from 1.2.0 to 1.3.0",
            hint="keep the old way working beside the new one, or write `core: major` in "
            "changes/2.feature.md",
            path=FILE,
            line=7,
        )
    ]


@pytest.mark.parametrize(
    ("since", "target", "major_on_zero", "is_told"),
    [
        ("1.2.0", "2.0.0", Bump.MINOR, False),
        ("1.2.0", "2.0.1", Bump.MINOR, False),
        ("1.2.0", "1.2.0", Bump.MINOR, True),
        ("0.2.0", "0.2.1", Bump.MINOR, True),
        ("0.2.0", "0.3.0", Bump.MINOR, False),
        ("0.2.0", "0.3.0", Bump.MAJOR, True),
        ("0.2.0", "1.0.0", Bump.MAJOR, False),
    ],
)
def test_what_counts_is_the_version(
    since: str, target: str, major_on_zero: Bump, *, is_told: bool
) -> None:
    assert bool(found(since, target, breakage(), major_on_zero=major_on_zero)) is is_told


def test_the_hint_names_the_bump_that_fits() -> None:
    (minor,) = found("0.2.0", "0.2.1", breakage(), fragments=[fragment(core="patch")])
    (unsaid,) = found("1.0.0", "1.0.1", breakage())

    assert "write `core: minor` in changes/1.fix.md" in minor.hint
    assert unsaid.hint.endswith("say what breaks: monorelease add --major core")


def test_where_nothing_is_released_that_is_said() -> None:
    (one,) = found("1.2.0", "1.2.0", breakage(), fragments=[fragment(core="none")])

    assert one.problem == "core.connect is gone, and no release of core is pending"


def test_after_many_the_rest_is_counted() -> None:
    many = [breakage(name=f"core.f{number}") for number in range(MOST + 3)]

    told = found("1.2.0", "1.2.1", *many)

    assert len(told) == MOST
    assert told[-1].problem.endswith("(3 more like this in core)")
    assert "more like" not in found("1.2.0", "1.2.1", *many[:MOST])[-1].problem


def test_a_major_that_breaks_nothing_is_warned_of() -> None:
    words = [fragment("1.fix.md", core="patch"), fragment("2.breaking.md", core="major")]

    (warning,) = found("1.2.0", "2.0.0", fragments=words)

    assert (warning.code, warning.severity) == ("api-major-breaks-nothing", Severity.WARNING)
    assert (str(warning.path), warning.line) == ("changes/2.breaking.md", 2)
    assert "core-v1.2.0" in warning.problem


def test_a_major_that_breaks_something_is_in_order() -> None:
    assert found("1.2.0", "2.0.0", breakage(), fragments=[fragment(core="major")]) == []


def test_who_is_carried_to_a_major_says_nothing_and_hears_nothing() -> None:
    other = fragment("2.breaking.md", app="major", core="patch")

    assert found("1.2.0", "2.0.0", fragments=[other]) == []
    assert found("1.2.0", "1.2.1", fragments=[fragment(core="major")]) == []


@pytest.mark.parametrize(
    ("kind", "words", "text"),
    [
        (BreakageKind.REMOVED, {}, "core.connect is gone"),
        (
            BreakageKind.BASE_REMOVED,
            {"before": "ValueError"},
            "core.connect is no longer a ValueError",
        ),
        (
            BreakageKind.KIND_CHANGED,
            {"before": "class", "after": "function"},
            "core.connect was a class and is a function",
        ),
        (
            BreakageKind.PARAMETER_REMOVED,
            {"before": "retries"},
            "core.connect() no longer takes 'retries'",
        ),
        (
            BreakageKind.PARAMETER_RENAMED,
            {"before": "wait", "after": "timeout"},
            "core.connect() takes 'timeout' where it took 'wait'",
        ),
        (
            BreakageKind.PARAMETER_ADDED,
            {"after": "url"},
            "core.connect() demands 'url', which is new",
        ),
        (
            BreakageKind.PARAMETER_REQUIRED,
            {"before": "url"},
            "core.connect() demands 'url', which had a default",
        ),
        (
            BreakageKind.PARAMETER_KIND,
            {"before": "url", "after": "keyword-only"},
            "core.connect() takes 'url' as keyword-only alone",
        ),
        (BreakageKind.PARAMETERS_MOVED, {}, "core.connect() takes its arguments in another order"),
    ],
)
def test_each_kind_has_words(kind: BreakageKind, words: dict[str, str], text: str) -> None:
    assert breakage_text(breakage(kind, **words)) == text


@pytest.mark.property
@given(
    st.sampled_from(["0.0.3", "0.4.2", "1.0.0", "1.2.3", "2026.11.3", "1!2.0"]),
    st.sampled_from([Bump.PATCH, Bump.MINOR, Bump.MAJOR]),
    st.sampled_from([Bump.MINOR, Bump.MAJOR]),
)
def test_a_breaking_change_may_go_out_as_what_the_hint_says_and_as_nothing_less(
    since: str, bump: Bump, major_on_zero: Bump
) -> None:
    version = Version(since)
    needed = major_on_zero if version.major == 0 else Bump.MAJOR

    target = next_version(version, bump, channel=Stable(), major_on_zero=major_on_zero)

    told = found(since, str(target), breakage(), major_on_zero=major_on_zero)
    reached = major_on_zero if bump is Bump.MAJOR and version.major == 0 else bump
    assert bool(told) is (reached < needed)
