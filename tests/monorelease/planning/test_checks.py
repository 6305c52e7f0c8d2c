from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest

from monorelease.cli.parser import parse
from monorelease.model.channel import Channel, Snapshot, Stable
from monorelease.model.config import Config, VersionFile
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Fragment
from monorelease.model.value import replace
from monorelease.model.workspace import DependencyKind, VersionFromTags, Workspace
from monorelease.planning.checks import (
    CHECKS,
    Inspection,
    check_release,
    check_touched,
    check_tracked,
)
from monorelease.planning.plan import plan_release
from values import fragment, member, named, requires, workspace

RUNTIME, EXTRA, BUILD, GROUP = DependencyKind
ROOT = PurePosixPath("pyproject.toml")
DEFAULTS = Config()
THREE = workspace(
    member("core"), member("app", "1.0.0", requires("core", ">=1")), member("plugin-a")
)


def found(
    space: Workspace = THREE, *fragments: Fragment, config: Config = DEFAULTS
) -> tuple[Finding, ...]:
    plan = plan_release(space, fragments, config)
    return check_release(Inspection(workspace=space, fragments=fragments, config=config, plan=plan))


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_good_monorepo_has_nothing_to_find() -> None:
    assert found(THREE, fragment(core="major", app="none"), config=Config(fixed=(("*",),))) == ()


# ── fragments ───────────────────────────────────────────────────────────────────────────


def test_a_fragment_that_names_nobody_here_is_shown_the_near_name() -> None:
    assert found(THREE, fragment(core="patch", plugina="none")) == (
        Finding(
            code="unknown-member",
            problem="'plugina' is not a member of this workspace",
            hint="did you mean 'plugin-a'?",
            path=PurePosixPath("changes/1.fix.md"),
            line=3,
        ),
    )


def test_where_no_name_is_near_the_members_are_listed() -> None:
    (finding,) = found(THREE, fragment(zzzzzz="patch"))

    assert finding.hint == "members are core, app and plugin-a"


def test_an_entry_of_an_ignored_member_is_an_error() -> None:
    assert found(THREE, fragment(core="patch"), config=Config(ignore=("co*",))) == (
        Finding(
            code="ignored-member",
            problem="'core' is ignored: nothing would come of this entry",
            hint="take the entry out, or take the member out of `ignore`",
            path=PurePosixPath("changes/1.fix.md"),
            line=2,
        ),
    )


def test_none_may_be_said_of_an_ignored_member() -> None:
    assert found(THREE, fragment(core="none"), config=Config(ignore=("core",))) == ()


# ── configuration ───────────────────────────────────────────────────────────────────────


def test_a_member_of_two_groups_is_an_error_at_the_second() -> None:
    config = Config(fixed=(("core", "app"),), linked=(("plugin-a",), ("*p",)))

    assert found(config=config) == (
        Finding(
            code="group-overlap",
            problem="'app' is in two groups: fixed and linked",
            hint="groups are disjoint: take the member out of one of them",
            path=ROOT,
            key=("tool", "monorelease", "linked", 1),
        ),
    )


def test_two_groups_of_one_kind_overlap_too() -> None:
    (finding,) = found(config=Config(fixed=(("core", "app"), ("plugin-a", "core"))))

    assert finding.problem == "'core' is in two groups: fixed and fixed"
    assert finding.key == ("tool", "monorelease", "fixed", 1)


def test_a_member_named_twice_in_one_group_is_in_one_group() -> None:
    assert found(config=Config(fixed=(("core", "c*", "Core"),))) == ()


def test_a_pattern_that_means_nobody_is_a_warning() -> None:
    assert found(config=Config(linked=(("core", "plugin-aa"),))) == (
        Finding(
            code="pattern-matches-nothing",
            problem="'plugin-aa' matches no member",
            hint="did you mean 'plugin-a'?",
            severity=Severity.WARNING,
            path=ROOT,
            key=("tool", "monorelease", "linked", 0),
        ),
    )


@pytest.mark.parametrize(
    ("config", "key"),
    [
        pytest.param(Config(fixed=(("gone-*",),)), ("fixed", 0), id="fixed"),
        pytest.param(Config(fixed=(("*", "!gone"),)), ("fixed", 0), id="taken-out"),
        pytest.param(Config(ignore=("gone",)), ("ignore",), id="ignore"),
    ],
)
def test_every_list_of_patterns_is_looked_at(config: Config, key: tuple[str | int, ...]) -> None:
    (finding,) = found(config=config)

    assert (finding.code, finding.is_error) == ("pattern-matches-nothing", False)
    assert finding.key == ("tool", "monorelease", *key)


def test_a_copy_of_a_version_is_kept_for_a_member() -> None:
    files = (VersionFile(path=PurePosixPath("about.py")),)

    assert found(config=Config(version_files={named("cor"): files, named("app"): files})) == (
        Finding(
            code="unknown-member",
            problem="version-files names 'cor', which is not a member",
            hint="did you mean 'core'?",
            path=ROOT,
            key=("tool", "monorelease", "version-files", "cor"),
        ),
    )


# ── requirements between members ────────────────────────────────────────────────────────


def test_a_circle_of_build_requirements_is_an_error_and_named_in_full() -> None:
    to_b = requires("b", "", BUILD)
    space = workspace(
        member("a", "1.0.0", requires("c"), to_b),
        member("b", "1.0.0", requires("c", "", BUILD)),
        member("c", "1.0.0", requires("a", "", BUILD)),
    )

    assert found(space)[0] == Finding(
        code="build-cycle",
        problem="these cannot be built before one another: a → b → c → a",
        hint="break the circle at one of these requirements",
        path=PurePosixPath("packages/a/pyproject.toml"),
        key=to_b.key,
    )


def test_a_circle_of_requirements_is_a_warning() -> None:
    to_b = requires("b")
    space = workspace(member("a", "1.0.0", to_b), member("b", "1.0.0", requires("a")))

    assert found(space) == (
        Finding(
            code="dependency-cycle",
            problem="these require one another: a → b → a",
            hint="break the circle at one of these requirements, or make it an extra",
            severity=Severity.WARNING,
            path=PurePosixPath("packages/a/pyproject.toml"),
            key=to_b.key,
        ),
    )


def test_a_build_circle_is_shown_at_the_build_requirement() -> None:
    at_run_time, to_build = requires("b"), requires("b", "", BUILD)
    space = workspace(
        member("a", "1.0.0", at_run_time, to_build),
        member("b", "1.0.0", requires("a", "", BUILD)),
    )

    (finding,) = found(space)

    assert (finding.code, finding.key) == ("build-cycle", to_build.key)


def test_what_needs_itself_installed_to_be_built_cannot_be_built() -> None:
    """a is built with b, and b is of no use without a."""
    to_build = requires("b", "", BUILD)
    space = workspace(member("b", "1.0.0", requires("a")), member("a", "1.0.0", to_build))

    (finding,) = found(space)

    assert (finding.code, finding.key) == ("build-cycle", to_build.key)
    assert finding.problem == "these cannot be built before one another: a → b → a"


@pytest.mark.parametrize("kind", [EXTRA, GROUP])
def test_a_circle_through_what_is_optional_is_fine(kind: DependencyKind) -> None:
    space = workspace(
        member("a", "1.0.0", requires("b", "", kind)), member("b", "1.0.0", requires("a"))
    )

    assert found(space) == ()


def test_what_is_published_requires_nothing_private() -> None:
    dependency = requires("secret", "", EXTRA)
    space = workspace(member("app", "1.0.0", dependency), member("secret", private=True))

    assert found(space) == (
        Finding(
            code="requires-private",
            problem="app requires secret, which is private: nobody outside could install it",
            hint="move the requirement from project.optional-dependencies.more into a dependency "
            "group, or publish secret",
            severity=Severity.WARNING,
            path=PurePosixPath("packages/app/pyproject.toml"),
            key=dependency.key,
        ),
    )


def test_what_is_private_may_require_what_is_private() -> None:
    space = workspace(
        member("app", "1.0.0", requires("secret"), private=True),
        member("site", "1.0.0", requires("secret", "", GROUP)),
        member("secret", private=True),
    )

    assert found(space) == ()


def test_what_could_not_be_installed_together_is_found_too() -> None:
    space = workspace(member("core"), member("app", "1.0.0", requires("core", "!=1.0.1")))

    assert codes(found(space, fragment(core="patch"))) == ["not-installable"]


# ── all of them ─────────────────────────────────────────────────────────────────────────


def test_everything_is_found_at_once() -> None:
    space = workspace(
        member("a", "1.0.0", requires("b", "", BUILD), requires("c", ">=9")),
        member("b", "1.0.0", requires("a", "", BUILD)),
        member("c", "1.0.0", requires("d"), private=True),
        member("d", "1.0.0", requires("c")),
    )
    config = Config(
        fixed=(("a",), ("a", "gone")),
        ignore=("c", "lost"),
        version_files={named("x"): ()},
    )

    assert codes(found(space, fragment(c="patch", nobody="patch"), config=config)) == [
        "ignored-member",
        "unknown-member",
        "group-overlap",
        "pattern-matches-nothing",
        "pattern-matches-nothing",
        "unknown-member",
        "dependency-cycle",
        "build-cycle",
        "requires-private",
        "requires-private",
        "excludes-current",
    ]


def test_every_check_is_run() -> None:
    from monorelease.planning import checks

    over_all = [name for name in vars(checks) if name.startswith("check_")]

    elsewhere = {"check_release", "check_installable", "check_touched", "check_tracked"}
    assert {check.__name__ for check in CHECKS} == set(over_all) - elsewhere


# ── what a change touches ───────────────────────────────────────────────────────────────

TOUCHED = {
    named("core"): PurePosixPath("packages/core/a.py"),
    named("app"): PurePosixPath("packages/app/b.py"),
}


def test_a_touched_member_that_no_fragment_names_is_an_error() -> None:
    (finding,) = check_touched(TOUCHED, [fragment(core="patch")], THREE, DEFAULTS)

    assert (finding.code, finding.is_error) == ("missing-fragment", True)
    assert finding.problem == "app was changed, and no fragment of this change names it"
    assert finding.path == PurePosixPath("packages/app/b.py")


def test_the_hint_is_a_command_that_there_is() -> None:
    (finding,) = check_touched(TOUCHED, [fragment(core="patch")], THREE, DEFAULTS)

    command = finding.hint.partition("monorelease ")[2].partition(" (")[0].split()
    arguments, _ = parse(command)
    assert vars(arguments)["patch"] == ["app"]


@pytest.mark.parametrize(
    ("fragments", "config"),
    [
        pytest.param([fragment(core="minor", app="none")], DEFAULTS, id="named-none"),
        pytest.param([fragment(core="patch"), fragment(app="patch")], DEFAULTS, id="named-each"),
        pytest.param([fragment()], DEFAULTS, id="an-empty-fragment-speaks-for-all"),
        pytest.param([fragment(core="patch")], Config(ignore=("app",)), id="ignored"),
    ],
)
def test_nothing_is_missing_where_all_is_said(fragments: list[Fragment], config: Config) -> None:
    assert list(check_touched(TOUCHED, fragments, THREE, config)) == []


def test_every_touched_member_is_told() -> None:
    findings = list(check_touched(TOUCHED, [], THREE, DEFAULTS))

    assert [finding.path for finding in findings] == list(TOUCHED.values())


def test_a_changelog_that_git_ignores_is_an_error() -> None:
    paths = [PurePosixPath("b/NEWS.md"), PurePosixPath("a/NEWS.md")]

    first, second = check_tracked(paths)

    assert first == Finding(
        code="changelog-ignored",
        problem="git ignores this changelog: the notes would be lost",
        hint="take it out of .gitignore (a line `!NEWS.md` does)",
        path=PurePosixPath("a/NEWS.md"),
    )
    assert second.path == PurePosixPath("b/NEWS.md")


def test_a_member_whose_version_is_a_tag_has_no_snapshot() -> None:
    tagged = replace(member("core"), version_source=VersionFromTags())
    members = workspace(tagged, member("app"))
    said = (fragment(core="patch", app="patch"),)

    def codes(channel: Channel) -> list[str]:
        made = plan_release(members, said, Config(), channel)
        inspection = Inspection(workspace=members, fragments=said, config=Config(), plan=made)
        return [finding.code for finding in check_release(inspection)]

    assert codes(Snapshot(stamp=1)) == ["snapshot-of-tags"]
    assert codes(Stable()) == []
