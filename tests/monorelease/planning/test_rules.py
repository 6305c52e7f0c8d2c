from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest
from packaging.version import Version

from monorelease.model.channel import Channel, Label, Prerelease, Stable
from monorelease.model.config import Config, DependentsPolicy
from monorelease.model.fragment import Fragment
from monorelease.model.plan import (
    Cause,
    ChangedBy,
    Follows,
    GroupKind,
    Requested,
    Scope,
    TiedTo,
)
from monorelease.model.workspace import DependencyKind, Member, Workspace
from monorelease.planning.plan import plan_release
from values import fragment, member, named, requires

RUNTIME, EXTRA, BUILD, GROUP = DependencyKind
DEFAULTS = Config()
ALWAYS = Config(dependents=DependentsPolicy.ALWAYS)
FINAL = Stable()


def causes(
    members: Sequence[Member],
    *fragments: Fragment,
    config: Config = DEFAULTS,
    channel: Channel = FINAL,
    **versions: str,
) -> dict[str, tuple[Cause, ...]]:
    """Of every member that is released."""
    plan = plan_release(
        Workspace(members=tuple(members)),
        fragments,
        config,
        channel,
        scope=Scope(versions={named(n): Version(v) for n, v in versions.items()}),
    )
    return {release.name: release.causes for release in plan.releases}


def changed_by(name: str = "1.fix.md") -> ChangedBy:
    return ChangedBy(fragment=PurePosixPath("changes", name))


def follows(on: str, constraint: str, table: str = "project.dependencies") -> Follows:
    return Follows(on=named(on), constraint=constraint, table=table)


def tied(partner: str, kind: GroupKind = GroupKind.FIXED) -> TiedTo:
    return TiedTo(kind=kind, partner=named(partner))


def test_every_reason_is_told_the_strongest_kind_first() -> None:
    members = [member("core"), member("app", "1.0.0", requires("core", "==1.0.0")), member("big")]
    said = fragment("1.fix.md", core="patch", app="patch"), fragment("2.fix.md", app="patch")

    told = causes(
        members,
        *said,
        fragment("3.fix.md", big="minor"),
        config=Config(linked=(("app", "big"),)),
        app="1.0.1",
    )

    assert told["app"] == (
        Requested(version=Version("1.0.1")),
        changed_by("1.fix.md"),
        changed_by("2.fix.md"),
        follows("core", "==1.0.0"),
        tied("big", GroupKind.LINKED),
    )


def test_a_fragment_that_says_none_is_no_cause() -> None:
    told = causes([member("a")], fragment("1.fix.md", a="none"), fragment("2.fix.md", a="patch"))

    assert told == {"a": (changed_by("2.fix.md"),)}


# ── dependents ──────────────────────────────────────────────────────────────────────────


def test_a_dependency_is_one_cause_however_often_it_is_required() -> None:
    """Named by the first requirement that makes the member follow."""
    app = member(
        "app",
        "1.0.0",
        requires("core", ">=1"),
        requires("core", "==1.0.0", EXTRA),
        requires("core", "<1.0.1", BUILD),
    )

    told = causes([member("core"), app], fragment(core="patch"))

    assert told["app"] == (follows("core", "==1.0.0", "project.optional-dependencies.more"),)


def test_every_dependency_that_leaves_its_range_is_a_cause() -> None:
    app = member("app", "1.0.0", requires("b", "==1.0.0"), requires("a", " <1.0.1 "))

    told = causes([member("a"), member("b"), app], fragment(a="patch", b="patch"))

    assert told["app"] == (follows("b", "==1.0.0"), follows("a", "<1.0.1"))


@pytest.mark.parametrize(
    ("kind", "constraint", "is_followed"),
    [
        (RUNTIME, "", True),
        (RUNTIME, ">=1,<2", True),
        (EXTRA, ">=1,<2", True),
        (BUILD, None, True),
        (GROUP, ">=1,<2", False),
        (RUNTIME, ">=9", False),
    ],
)
def test_where_dependents_always_follow_published_ranges_that_held_count(
    kind: DependencyKind,
    constraint: str | None,
    is_followed: bool,  # noqa: FBT001 - a table
) -> None:
    members = [member("core"), member("app", "1.0.0", requires("core", constraint, kind))]

    told = causes(members, fragment(core="patch"), config=ALWAYS)

    assert ("app" in told) is is_followed


@pytest.mark.parametrize(("constraint", "leaves"), [(">=1,<2", False), ("==1.0.0", True)])
def test_a_dependent_that_always_follows_is_not_said_to_be_left(
    constraint: str,
    leaves: bool,  # noqa: FBT001 - a table
) -> None:
    members = [member("core"), member("app", "1.0.0", requires("core", constraint))]

    (cause,) = causes(members, fragment(core="patch"), config=ALWAYS)["app"]

    assert isinstance(cause, Follows)
    assert cause.leaves is leaves


def test_a_direct_reference_is_never_left() -> None:
    members = [member("core"), member("app", "1.0.0", requires("core", None))]

    assert list(causes(members, fragment(core="major"))) == ["core"]


# ── from pre-release to final ───────────────────────────────────────────────────────────

CANDIDATE = Prerelease(label=Label.CANDIDATE)


@pytest.mark.parametrize(
    ("core", "app", "channel", "is_followed"),
    [
        pytest.param("2.0.0rc1", "1.0.1rc1", FINAL, True, id="both-become-final"),
        pytest.param("2.0.0rc1", "1.0.1", FINAL, False, id="the-dependent-is-final-already"),
        pytest.param("2.0.0", "1.0.1rc1", FINAL, False, id="the-dependency-was-final"),
        pytest.param("2.0.0rc1", "1.0.1rc1", CANDIDATE, False, id="another-candidate"),
    ],
)
def test_a_pre_released_dependent_becomes_final_with_its_dependency(
    core: str,
    app: str,
    channel: Channel,
    is_followed: bool,  # noqa: FBT001 - a table
) -> None:
    members = [member("core", core), member("app", app, requires("core", ">=2.0.0rc1"))]

    told = causes(members, fragment(core="major"), channel=channel, config=DEFAULTS)

    assert ("app" in told) is is_followed


# ── groups ──────────────────────────────────────────────────────────────────────────────


def test_a_group_names_the_member_with_the_strongest_reason() -> None:
    members = [member("a"), member("b"), member("c")]

    told = causes(members, fragment(a="patch", c="minor"), config=Config(fixed=(("a", "b", "c"),)))

    assert told["a"] == (changed_by(), tied("c"))
    assert told["b"] == (tied("c"),)
    assert told["c"] == (changed_by(),)


def test_who_moves_the_group_itself_from_below_names_the_next() -> None:
    """It goes further than its own bump would take it, and somebody is the reason."""
    members = [member("a", "1.0.0"), member("b", "1.2.0")]

    told = causes(members, fragment(a="minor"), config=Config(fixed=(("a", "b"),)))

    assert told["a"] == (changed_by(), tied("b"))


def test_a_group_that_only_lends_its_version_is_no_cause() -> None:
    """b stays: nobody but the fragment moves a, though it starts from where b is."""
    members = [member("a", "1.0.0"), member("b", "1.2.0")]

    told = causes(members, fragment(a="patch"), config=Config(linked=(("a", "b"),)))

    assert told == {"a": (changed_by(),)}


def test_a_member_that_follows_as_far_as_its_group_goes_needs_no_group() -> None:
    members = [member("core"), member("a", "1.0.0", requires("core", "==1.0.0")), member("b")]

    told = causes(members, fragment(core="patch", b="patch"), config=Config(linked=(("a", "b"),)))

    assert told["a"] == (follows("core", "==1.0.0"),)


def test_a_member_alone_in_its_group_is_tied_to_nobody() -> None:
    assert causes([member("a")], fragment(a="patch"), config=Config(fixed=(("a",),))) == {
        "a": (changed_by(),)
    }


def test_a_held_back_member_is_no_partner() -> None:
    plan = plan_release(
        Workspace(members=(member("a"), member("b"), member("c"))),
        [fragment(a="major", b="patch")],
        Config(fixed=(("*",),)),
        scope=Scope(held=frozenset({named("a")})),
    )

    assert {release.name: release.causes for release in plan.releases} == {
        "b": (changed_by(),),
        "c": (tied("b"),),
    }
