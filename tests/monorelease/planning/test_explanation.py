from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from packaging.version import Version

from monorelease.model.config import Config, DependentsPolicy
from monorelease.model.fragment import Fragment
from monorelease.model.plan import (
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


def test_the_chain_goes_down_to_the_fragment() -> None:
    space = workspace(
        member("core"),
        member("client", "1.0.0", requires("core", "<2")),
        member("app", "1.0.0", requires("client", "==1.0.0")),
    )
    plan = plan_release(space, [fragment(core="major")], DEFAULTS)
    of_client = Follows(on=named("core"), constraint="<2", table="project.dependencies")
    of_app = Follows(on=named("client"), constraint="==1.0.0", table="project.dependencies")

    (because,) = chain_of("app", plan)

    assert (because.cause, because.release) == (of_app, release_of("client", plan))
    (because,) = because.deeper
    assert (because.cause, because.release) == (of_client, release_of("core", plan))
    assert because.deeper == (Because(cause=FIRST, release=None),)


def test_a_group_leads_to_the_member_that_moves_it() -> None:
    space = workspace(member("core"), member("plugin"))
    plan = plan_release(space, [fragment(core="patch")], Config(fixed=(("*",),)))

    assert chain_of("plugin", plan) == (
        Because(
            cause=TiedTo(kind=GroupKind.FIXED, partner=named("core")),
            release=release_of("core", plan),
            deeper=(Because(cause=FIRST, release=None),),
        ),
    )


def test_a_request_ends_the_chain() -> None:
    scope = Scope(versions={named("core"): Version("2.0")})
    plan = plan_release(workspace(member("core")), [], DEFAULTS, scope=scope)

    assert chain_of("core", plan) == (
        Because(cause=Requested(version=Version("2.0")), release=None),
    )


def test_a_circle_is_followed_once_round() -> None:
    space = workspace(
        member("a", "1.0.0", requires("b", "==1.0.0")),
        member("b", "1.0.0", requires("a", "==1.0.0")),
    )
    plan = plan_release(space, [fragment(a="patch")], DEFAULTS)

    (because,) = chain_of("b", plan)

    words, back = because.deeper
    assert words.cause == FIRST
    assert (back.release, back.deeper) == (release_of("b", plan), ())


def test_who_was_explained_above_is_not_explained_again() -> None:
    space = workspace(
        member("core"),
        member("left", "1.0.0", requires("core", "==1.0.0")),
        member("right", "1.0.0", requires("core", "==1.0.0")),
        member("app", "1.0.0", requires("left", "==1.0.0"), requires("right", "==1.0.0")),
    )
    plan = plan_release(space, [fragment(core="patch")], DEFAULTS)

    left, right = chain_of("app", plan)

    assert left.deeper[0].deeper == (Because(cause=FIRST, release=None),)
    assert (right.deeper[0].release, right.deeper[0].deeper) == (release_of("core", plan), ())


@pytest.mark.property
@given(inputs())
def test_every_chain_ends_at_a_fragment_or_where_it_was_before(drawn: Input) -> None:
    plan = plan_release(drawn.workspace, drawn.fragments, drawn.config)

    for release in plan.releases:
        explained = {release.name}
        ahead = list(why(release, plan))
        causes = [because.cause for because in ahead]
        assert causes == list(release.causes)
        while ahead:
            because = ahead.pop(0)
            if because.release is None:
                assert isinstance(because.cause, ChangedBy)
            elif because.deeper:
                assert because.release.name not in explained
                explained.add(because.release.name)
                ahead[:0] = because.deeper


def test_a_chain_longer_than_the_stack_is_told() -> None:
    followers = (
        member(f"m{n}", "1.0.0", requires(f"m{n - 1}", "==1.0.0")) for n in range(1, 3_000)
    )
    plan = plan_release(workspace(member("m0"), *followers), [fragment(m0="patch")], DEFAULTS)

    because, *rest = chain_of("m2999", plan)

    depth = 1
    while because.deeper:
        depth, (because, *rest) = depth + 1, because.deeper
    assert (depth, because.cause, rest) == (3_000, FIRST, [])


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

    reasons = absences("app", [member("core"), member("app")], fragment(app="patch"), scope=scope)

    assert len(reasons) == 1
    assert not isinstance(reasons[0], Unnamed)


def test_dependents_never_follow_here() -> None:
    """The range is left, and there is a reason beside that no fragment names the member."""
    members = [member("core"), member("app", "1.0.0", requires("core", "<1.1"))]
    config = Config(dependents=DependentsPolicy.NEVER)

    unnamed, *others = absences("app", members, fragment(core="minor"), config=config)

    assert unnamed == Unnamed(none_in=())
    assert others
