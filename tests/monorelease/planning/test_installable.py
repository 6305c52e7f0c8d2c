from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.model.config import Config, DependentsPolicy
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Fragment
from monorelease.model.plan import Scope
from monorelease.model.workspace import DependencyKind, Member
from monorelease.planning.installable import check_installable
from monorelease.planning.plan import plan_release
from values import fragment, member, named, requires, workspace

RUNTIME, EXTRA, BUILD, GROUP = DependencyKind
NEVER = Config(dependents=DependentsPolicy.NEVER)
NOTHING = Fragment(
    path=PurePosixPath("changes/0.misc.md"), id="0", category="misc", entries=(), text=""
)


def found(*members: Member, said: Fragment = NOTHING, config: Config = NEVER) -> list[Finding]:
    space = workspace(*members)
    return list(check_installable(space, plan_release(space, [said], config)))


def test_a_constraint_that_a_release_leaves_is_shown_with_both_ways_out() -> None:
    dependency = requires("core", ">=1,<2")

    assert found(
        member("core", "1.4.0"), member("app", "1.0.0", dependency), said=fragment(core="major")
    ) == [
        Finding(
            code="not-installable",
            problem="app requires core >=1,<2, and core would become 2.0.0",
            hint="widen the constraint here, or let app be released in the same wave",
            path=PurePosixPath("packages/app/pyproject.toml"),
            key=dependency.key,
        )
    ]


def test_a_constraint_that_excludes_the_current_version_is_told_from_one_that_is_left() -> None:
    dependency = requires("core", ">=9")

    assert found(
        member("core", "1.4.0"), member("app", "1.0.0", dependency), said=fragment(app="patch")
    ) == [
        Finding(
            code="excludes-current",
            problem="app requires core >=9, and core is at 1.4.0 in this very repository",
            hint="widen the constraint until it admits the version in this repository",
            path=PurePosixPath("packages/app/pyproject.toml"),
            key=dependency.key,
        )
    ]


@pytest.mark.parametrize(
    ("released", "severity"),
    [
        pytest.param("app", Severity.ERROR, id="its-owner-is-released"),
        pytest.param("core", Severity.ERROR, id="what-it-is-on-is-released"),
        pytest.param("other", Severity.WARNING, id="neither-is"),
    ],
)
def test_only_a_release_that_it_concerns_is_stopped(released: str, severity: Severity) -> None:
    (finding,) = found(
        member("core"),
        member("app", "1.0.0", requires("core", ">=9")),
        member("other"),
        said=fragment(**{released: "patch"}),
    )

    assert finding.severity is severity


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        (RUNTIME, Severity.ERROR),
        (EXTRA, Severity.ERROR),
        (BUILD, Severity.ERROR),
        (GROUP, Severity.WARNING),
    ],
)
def test_what_nobody_installs_stops_nothing(kind: DependencyKind, severity: Severity) -> None:
    (finding,) = found(
        member("core"),
        member("app", "1.0.0", requires("core", "!=1.0.1", kind)),
        said=fragment(core="patch", app="patch"),
    )

    assert (finding.code, finding.severity) == ("not-installable", severity)


def test_several_requirements_on_one_member_are_each_looked_at() -> None:
    """Entries for one name are split by markers: the one that holds hides none."""
    app = member(
        "app",
        "1.0.0",
        requires("core", None),
        requires("core", ">=1"),
        requires("core", "==1.0.0"),
        requires("core", "<1.0.1", EXTRA),
    )

    findings = found(member("core"), app, said=fragment(core="patch"))

    assert [finding.key for finding in findings] == [d.key for d in app.dependencies[2:]]


def test_what_is_rewritten_counts_as_it_will_read() -> None:
    members = member("core"), member("app", "1.0.0", requires("core", "<2"))

    assert found(*members, said=fragment(core="major"), config=Config()) == []


def test_an_exclusion_of_the_new_version_cannot_be_rewritten_and_is_refused() -> None:
    members = member("core"), member("app", "1.0.0", requires("core", "!=1.0.1"))

    (finding,) = found(*members, said=fragment(core="patch"), config=Config())

    assert (finding.code, finding.is_error) == ("not-installable", True)


def test_a_member_without_a_version_cannot_be_judged() -> None:
    members = member("core", None), member("app", "1.0.0", requires("core", ">=9"))

    assert found(*members, said=fragment(app="patch")) == []


def test_a_pre_release_in_the_repository_is_admitted_by_a_range_around_it() -> None:
    members = member("core", "1.1.0rc1"), member("app", "1.0.0", requires("core", ">=1,<2"))

    assert found(*members, said=fragment(app="patch")) == []


def test_a_held_back_member_is_told_how_to_come_along() -> None:
    space = workspace(member("core"), member("app", "1.0.0", requires("core", "<2")))
    scope = Scope(held=frozenset({named("app")}))
    plan = plan_release(space, [fragment(core="major")], Config(), scope=scope)

    (finding,) = check_installable(space, plan)

    assert finding.hint == "widen the constraint here, or let app be released in the same wave"


def test_a_final_release_needs_no_pre_release() -> None:
    dependency = requires("core", ">=1.1.0rc1,<2")
    core, app = member("core", "1.1.0rc1"), member("app", "1.0.0", dependency)

    (finding,) = found(core, app, said=fragment(app="patch"))

    assert (finding.code, finding.is_error, finding.key) == (
        "requires-prerelease",
        True,
        dependency.key,
    )
    assert found(core, app, said=fragment(app="patch", core="minor")) == []


def test_a_constraint_that_cannot_be_rewritten_is_said_to_be_one() -> None:
    dependency = requires("core", "!=1.1.0")

    (finding,) = found(
        member("core", "1.0.0"),
        member("app", "1.0.0", dependency),
        said=fragment(app="patch", core="minor"),
    )

    assert finding.code == "not-installable"
    assert "rewritten" in finding.hint
