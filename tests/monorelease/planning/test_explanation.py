from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from packaging.version import Version

from monorelease.model.config import Config, DependentsPolicy
from monorelease.model.fragment import Fragment
from monorelease.model.plan import (
    Cause,
    ChangedBy,
    Follows,
    GroupKind,
    Release,
    ReleasePlan,
    Requested,
    Scope,
    TiedTo,
)
from monorelease.model.workspace import DependencyKind, Member, Workspace
from monorelease.planning.checks import Inspection
from monorelease.planning.explanation import (
    Absence,
    Because,
    GroupRests,
    HeldBack,
    Ignored,
    LeftOut,
    NeverFollows,
    StillAllowed,
    Unnamed,
    Unpublished,
    Unversioned,
    why,
    why_not,
)
from monorelease.planning.plan import plan_release
from values import fragment, member, named, requires, workspace
from workspaces import Input, inputs

DEFAULTS = Config()
EVERYTHING = Scope()
FIRST = ChangedBy(fragment=PurePosixPath("changes/1.fix.md"))


def chain_of(name: str, plan: ReleasePlan) -> tuple[Because, ...]:
    return why(release_of(name, plan), plan)


def release_of(name: str, plan: ReleasePlan) -> Release:
    (found,) = [release for release in plan.releases if release.name == name]
    return found


def absences(
    name: str,
    members: Sequence[Member],
    *fragments: Fragment,
    config: Config = DEFAULTS,
    scope: Scope = EVERYTHING,
) -> tuple[Absence, ...]:
    space = Workspace(members=tuple(members))
    plan = plan_release(space, fragments, config, scope=scope)
    assert named(name) not in plan
    inspection = Inspection(workspace=space, fragments=fragments, config=config, plan=plan)
    return why_not(named(name), inspection, scope)


# ── why ─────────────────────────────────────────────────────────────────────────────────


def told(name: str, plan: ReleasePlan) -> list[tuple[int, str, str, bool]]:
    """The chain in short: depth, whose cause, what it is, and whether a release is behind it."""
    chain = chain_of(name, plan)
    return [(b.depth, b.of, word_for(b.cause), b.release is not None) for b in chain]


def word_for(cause: Cause) -> str:
    match cause:
        case ChangedBy(fragment=path):
            return path.name
        case Follows(on=other) | TiedTo(partner=other):
            return other
        case Requested(version=version):
            return str(version)


def test_the_chain_goes_down_to_the_fragment() -> None:
    space = workspace(
        member("core"),
        member("client", "1.0.0", requires("core", "<2")),
        member("app", "1.0.0", requires("client", "==1.0.0")),
    )
    plan = plan_release(space, [fragment(core="major")], DEFAULTS)

    assert chain_of("app", plan) == (
        Because(
            of=named("app"),
            depth=0,
            cause=Follows(on=named("client"), constraint="==1.0.0", table="project.dependencies"),
            release=release_of("client", plan),
        ),
        Because(
            of=named("client"),
            depth=1,
            cause=Follows(on=named("core"), constraint="<2", table="project.dependencies"),
            release=release_of("core", plan),
        ),
        Because(of=named("core"), depth=2, cause=FIRST, release=None),
    )


def test_a_group_leads_to_the_member_that_moves_it() -> None:
    plan = plan_release(
        workspace(member("core"), member("plugin")),
        [fragment(core="patch")],
        Config(fixed=(("*",),)),
    )

    assert told("plugin", plan) == [(0, "plugin", "core", True), (1, "core", "1.fix.md", False)]


def test_a_request_ends_the_chain() -> None:
    scope = Scope(versions={named("core"): Version("2.0")})
    plan = plan_release(workspace(member("core")), [], DEFAULTS, scope=scope)

    assert told("core", plan) == [(0, "core", "2.0", False)]


def test_a_circle_is_followed_once_round() -> None:
    space = workspace(
        member("a", "1.0.0", requires("b", "==1.0.0")),
        member("b", "1.0.0", requires("a", "==1.0.0")),
    )
    plan = plan_release(space, [fragment(a="patch")], DEFAULTS)

    assert told("b", plan) == [
        (0, "b", "a", True),
        (1, "a", "1.fix.md", False),
        (1, "a", "b", True),
    ]


def test_who_was_explained_above_is_not_explained_again() -> None:
    space = workspace(
        member("core"),
        member("left", "1.0.0", requires("core", "==1.0.0")),
        member("right", "1.0.0", requires("core", "==1.0.0")),
        member("app", "1.0.0", requires("left", "==1.0.0"), requires("right", "==1.0.0")),
    )
    plan = plan_release(space, [fragment(core="patch")], DEFAULTS)

    assert told("app", plan) == [
        (0, "app", "left", True),
        (1, "left", "core", True),
        (2, "core", "1.fix.md", False),
        (0, "app", "right", True),
        (1, "right", "core", True),
    ]


@pytest.mark.property
@given(inputs())
def test_every_member_behind_a_cause_is_explained_once_and_wholly(drawn: Input) -> None:
    plan = plan_release(drawn.workspace, drawn.fragments, drawn.config)

    for release in plan.releases:
        chain = why(release, plan)
        behind = {b.release.name: b.release for b in chain if b.release} | {release.name: release}
        explained = {name: [b.cause for b in chain if b.of == name] for name in behind}
        assert explained == {name: list(other.causes) for name, other in behind.items()}


@pytest.mark.property
@given(inputs())
def test_every_cause_stands_below_what_it_explains(drawn: Input) -> None:
    plan = plan_release(drawn.workspace, drawn.fragments, drawn.config)

    for release in plan.releases:
        above = [release.name]
        for because in why(release, plan):
            del above[because.depth + 1 :]
            assert above[because.depth] == because.of
            above += [because.release.name] if because.release else []


def test_a_chain_longer_than_the_stack_is_told() -> None:
    followers = (
        member(f"m{n}", "1.0.0", requires(f"m{n - 1}", "==1.0.0")) for n in range(1, 3_000)
    )
    plan = plan_release(workspace(member("m0"), *followers), [fragment(m0="patch")], DEFAULTS)

    chain = told("m2999", plan)

    assert [depth for depth, *_ in chain] == list(range(3_000))
    assert chain[-1] == (2_999, "m0", "1.fix.md", False)


# ── why not ─────────────────────────────────────────────────────────────────────────────


def test_nobody_speaks_of_it() -> None:
    assert absences("app", [member("core"), member("app")], fragment(core="patch")) == (
        Unnamed(none_in=()),
    )


def test_only_none_is_said_of_it() -> None:
    said = [fragment("1.fix.md", core="patch", app="none"), fragment("2.misc.md", app="none")]

    assert absences("app", [member("core"), member("app")], *said) == (
        Unnamed(none_in=tuple(said)),
    )


def test_the_configuration_ignores_it() -> None:
    config = Config(ignore=("app",))

    assert absences("app", [member("app")], config=config) == (Ignored(), Unnamed(none_in=()))
    assert absences("app", [member("app")], fragment(app="patch"), config=config) == (Ignored(),)


def test_the_command_line_holds_it_back() -> None:
    scope = Scope(held=frozenset({named("app")}))

    assert absences("app", [member("app")], fragment(app="patch"), scope=scope) == (HeldBack(),)


def test_it_has_no_version() -> None:
    assert absences("app", [member("app", None)], fragment(app="patch")) == (Unversioned(),)


def test_a_released_dependency_stays_inside_its_range() -> None:
    app = member(
        "app",
        "1.0.0",
        requires("core", ">=1,<2"),
        requires("core", None, DependencyKind.EXTRA),
        requires("idle", "==1.0.0"),
    )

    assert absences("app", [member("core"), app, member("idle")], fragment(core="minor")) == (
        Unnamed(none_in=()),
        StillAllowed(
            on=named("core"),
            target=Version("1.1.0"),
            constraint=">=1,<2",
            table="project.dependencies",
        ),
        StillAllowed(
            on=named("core"),
            target=Version("1.1.0"),
            constraint="",
            table="project.optional-dependencies.more",
        ),
    )


def test_only_a_dependency_group_names_what_is_released() -> None:
    app = member("app", "1.0.0", requires("core", "<1.1", DependencyKind.GROUP))

    assert absences("app", [member("core"), app], fragment(core="minor")) == (
        Unnamed(none_in=()),
        Unpublished(on=named("core"), table="dependency-groups.test"),
    )


def test_its_linked_group_does_not_take_it_along() -> None:
    config = Config(linked=(("*",),))

    assert absences(
        "app", [member("core"), member("app")], fragment(core="patch"), config=config
    ) == (Unnamed(none_in=()), GroupRests(kind=GroupKind.LINKED))


def test_its_fragments_are_left_out_of_this_wave() -> None:
    scope = Scope(only=frozenset({named("core")}))
    said = fragment("1.fix.md", app="patch"), fragment("2.misc.md", app="none")

    assert absences("app", [member("core"), member("app")], *said, scope=scope) == (
        LeftOut(fragments=said[:1]),
    )


LEFT = [member("core"), member("app", "1.0.0", requires("core", "<1.1"))]


def test_dependents_never_follow_here() -> None:
    config = Config(dependents=DependentsPolicy.NEVER)

    assert absences("app", LEFT, fragment(core="minor"), config=config) == (
        Unnamed(none_in=()),
        NeverFollows(on=named("core"), constraint="<1.1"),
    )


@pytest.mark.parametrize(
    ("members", "config", "held"),
    [
        pytest.param(LEFT, DEFAULTS, {"app"}, id="held-back"),
        pytest.param(LEFT, Config(ignore=("app",)), set(), id="ignored"),
        pytest.param(
            [member("core"), member("app", "1.0.0", requires("core", ">=9"))],
            DEFAULTS,
            set(),
            id="was-excluded-before",
        ),
    ],
)
def test_a_policy_is_blamed_only_where_it_is_the_reason(
    members: list[Member], config: Config, held: set[str]
) -> None:
    scope = Scope(held=frozenset(map(named, held)))

    reasons = absences("app", members, fragment(core="minor"), config=config, scope=scope)

    assert not [reason for reason in reasons if isinstance(reason, NeverFollows)]
