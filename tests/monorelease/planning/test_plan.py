"""The planner: its properties first, then one example a sentence of the guide."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from monorelease.errors import ReleaseError
from monorelease.model.bump import Bump
from monorelease.model.channel import Channel, Label, Prerelease, Snapshot, Stable
from monorelease.model.config import Config, DependentsPolicy
from monorelease.model.constraint import Constraint
from monorelease.model.fragment import Entry, Fragment
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
from monorelease.model.value import replace
from monorelease.model.workspace import Dependency, DependencyKind, Member, Workspace
from monorelease.planning.groups import matching, resolve_groups
from monorelease.planning.installable import check_installable
from monorelease.planning.plan import plan_release
from workspaces import Input, inputs

DEFAULTS = Config()
CHANNELS = (Stable(), Prerelease(label=Label.CANDIDATE), Snapshot(stamp=20261122101500))


def plan_of(drawn: Input, channel: Channel = CHANNELS[0]) -> ReleasePlan:
    return plan_release(drawn.workspace, drawn.fragments, drawn.config, channel)


# ── properties ──────────────────────────────────────────────────────────────────────────


@pytest.mark.property
@given(inputs(), st.sampled_from(CHANNELS))
def test_every_release_has_a_cause(drawn: Input, channel: Channel) -> None:
    for release in plan_of(drawn, channel).releases:
        assert release.causes, release


@pytest.mark.property
@given(inputs(), st.sampled_from(CHANNELS))
def test_every_cause_is_true(drawn: Input, channel: Channel) -> None:
    plan = plan_of(drawn, channel)

    for release in plan.releases:
        for cause in release.causes:
            match cause:
                case Follows(on=on):
                    assert on in plan
                case TiedTo(partner=partner):
                    assert partner in plan
                    assert partner != release.name
                case ChangedBy(fragment=path):
                    (named,) = [f for f in drawn.fragments if f.path == path]
                    assert (named.bump_of(release.name) or Bump.NONE) > Bump.NONE
                case Requested():
                    pytest.fail("nothing was requested")


@pytest.mark.property
@given(inputs(), st.sampled_from(CHANNELS))
def test_every_release_moves_forward(drawn: Input, channel: Channel) -> None:
    for release in plan_of(drawn, channel).releases:
        assert release.target > release.current
        assert release.bump > Bump.NONE


@pytest.mark.property
@given(inputs())
def test_every_fragment_is_honoured(drawn: Input) -> None:
    plan = plan_of(drawn)
    ignored = matching(drawn.config.ignore, drawn.workspace.names)
    releases = {release.name: release for release in plan.releases}

    for fragment in drawn.fragments:
        for entry in fragment.entries:
            if entry.bump > Bump.NONE and entry.name not in ignored:
                assert fragment.path in releases[entry.name].fragments
                on_zero = drawn.config.major_on_zero
                assert releases[entry.name].bump >= min(entry.bump, on_zero)


@pytest.mark.property
@given(inputs(), st.sampled_from(CHANNELS))
def test_a_fixed_group_goes_to_one_version_or_stays(drawn: Input, channel: Channel) -> None:
    plan = plan_of(drawn, channel)
    ignored = set(matching(drawn.config.ignore, drawn.workspace.names))

    for group in resolve_groups(drawn.config, drawn.workspace.names):
        if group.kind is GroupKind.FIXED:
            released = {name: plan.targets.get(name) for name in set(group.members) - ignored}
            assert len(set(released.values())) <= 1


@pytest.mark.property
@given(inputs(), st.sampled_from(CHANNELS))
def test_the_released_of_a_linked_group_share_a_version(drawn: Input, channel: Channel) -> None:
    plan = plan_of(drawn, channel)

    for group in resolve_groups(drawn.config, drawn.workspace.names):
        targets = {plan.targets[name] for name in group.members if name in plan}
        assert len(targets) <= 1


@pytest.mark.property
@given(inputs(), st.sampled_from(CHANNELS))
def test_what_left_a_range_that_held_is_followed(drawn: Input, channel: Channel) -> None:
    """Nobody who could be installed with the old set is left out of the new one."""
    drawn = drawn._replace(config=replace(drawn.config, dependents=DependentsPolicy.OUT_OF_RANGE))
    plan = plan_of(drawn, channel)
    ignored = matching(drawn.config.ignore, drawn.workspace.names)

    for member in drawn.workspace:
        for dependency in member.dependencies:
            current = drawn.workspace[dependency.on].version
            target = plan.targets.get(dependency.on)
            assert current is not None
            leaves = target and dependency.allows(current) and not dependency.allows(target)
            if leaves and dependency.is_published and member.name not in ignored:
                assert member.name in plan


@pytest.mark.property
@given(inputs(), st.sampled_from(CHANNELS))
def test_what_is_released_together_installs_together(drawn: Input, channel: Channel) -> None:
    """Or the check says so: no plan passes it with a constraint that its versions leave."""
    plan = plan_of(drawn, channel)
    findings = tuple(check_installable(drawn.workspace, plan))
    updates = {
        (update.member, update.dependency.key): update
        for release in plan.releases
        for update in release.constraints
    }

    for release in plan.releases:
        for dependency in drawn.workspace[release.name].dependencies:
            target = plan.targets.get(dependency.on)
            if target is None or not dependency.is_published:
                continue
            update = updates.get((release.name, dependency.key))
            text = update.after if update else dependency.constraint.text  # type: ignore[union-attr]
            if not Constraint.parse(text).allows(target):
                path = drawn.workspace[release.name].manifest
                assert any(f.is_error and f.path == path for f in findings)


@pytest.mark.property
@given(inputs(), st.randoms(use_true_random=False))
def test_the_order_of_fragments_does_not_matter(drawn: Input, random: object) -> None:
    shuffled = list(drawn.fragments)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    other = plan_release(drawn.workspace, shuffled, drawn.config)

    plan = plan_of(drawn)
    assert [(r.name, r.target, r.bump, r.constraints) for r in other.releases] == [
        (r.name, r.target, r.bump, r.constraints) for r in plan.releases
    ]


@pytest.mark.property
@given(inputs())
def test_another_fragment_never_lowers_a_bump(drawn: Input) -> None:
    fewer = plan_release(drawn.workspace, drawn.fragments[:-1], drawn.config)
    bumps = {release.name: release.bump for release in plan_of(drawn).releases}

    for release in fewer.releases:
        assert bumps.get(release.name, Bump.PATCH) >= release.bump


@pytest.mark.property
@given(inputs())
def test_after_the_plan_is_applied_nothing_is_left(drawn: Input) -> None:
    plan = plan_of(drawn)

    again = plan_release(applied(drawn.workspace, plan), (), drawn.config)

    assert again.releases == ()


@pytest.mark.property
@given(inputs(), st.sampled_from(CHANNELS))
def test_members_outside_the_plan_are_not_touched(drawn: Input, channel: Channel) -> None:
    """Except where nobody who installs a release would see it: groups, ignored members."""
    plan = plan_of(drawn, channel)
    ignored = matching(drawn.config.ignore, drawn.workspace.names)

    for update in plan.followers:
        assert update.member not in plan
        assert not update.dependency.is_published or update.member in ignored
    for release in plan.releases:
        assert all(update.dependency.on in plan for update in release.constraints)
        assert all(update.member == release.name for update in release.constraints)


@pytest.mark.property
@given(inputs(), st.sampled_from(["m0", "m1"]))
def test_a_member_that_is_held_back_stays(drawn: Input, name: str) -> None:
    held = frozenset({canonicalize_name(name)})

    plan = plan_release(drawn.workspace, drawn.fragments, drawn.config, scope=Scope(held=held))

    assert name not in {release.name for release in plan.releases}


@pytest.mark.property
@given(inputs())
@example(Input(Workspace(members=()), (), Config()))
def test_directly_named_members_come_first(drawn: Input) -> None:
    plan = plan_of(drawn)
    is_indirect = [not release.fragments for release in plan.releases]
    order = [drawn.workspace.names.index(release.name) for release in plan.releases]

    assert is_indirect == sorted(is_indirect)
    direct = is_indirect.count(False)
    assert order[:direct] == sorted(order[:direct])
    assert order[direct:] == sorted(order[direct:])


def applied(workspace: Workspace, plan: ReleasePlan) -> Workspace:
    updates = {
        (update.member, update.dependency.key): update.after
        for update in (*(u for r in plan.releases for u in r.constraints), *plan.followers)
    }

    def renewed(member: Member, dependency: Dependency) -> Dependency:
        after = updates.get((member.name, dependency.key))
        new = dependency.constraint if after is None else Constraint.parse(after)
        return replace(dependency, constraint=new)

    return Workspace(
        members=tuple(
            replace(
                member,
                version=plan.targets.get(member.name, member.version),
                dependencies=tuple(renewed(member, d) for d in member.dependencies),
            )
            for member in workspace
        )
    )


# ── examples ────────────────────────────────────────────────────────────────────────────


def named(text: str) -> NormalizedName:
    return canonicalize_name(text)


def requirement(on: str, constraint: str, kind: DependencyKind) -> Dependency:
    return Dependency(
        on=named(on),
        kind=kind,
        table=f"project.{kind.value}",
        key=("project", kind.value, on, constraint),
        prefix=on,
        constraint=Constraint.parse(constraint),
        suffix="",
    )


def member(
    name: str,
    version: str = "1.0.0",
    kind: DependencyKind = DependencyKind.RUNTIME,
    **requires: str,
) -> Member:
    return Member(
        name=named(name),
        written_name=name,
        path=PurePosixPath("packages", name),
        version=Version(version),
        version_source=None,
        dependencies=tuple(
            requirement(on, constraint, kind) for on, constraint in requires.items()
        ),
    )


def fragment(path: str = "1.fix.md", **bumps: str) -> Fragment:
    return Fragment(
        path=PurePosixPath("changes", path),
        id=path.split(".", 1)[0],
        category="fix",
        entries=tuple(
            Entry(name=named(name), bump=Bump.from_word(word), line=line)
            for line, (name, word) in enumerate(bumps.items(), 2)
        ),
        text="Words.",
    )


def plan(
    members: list[Member],
    fragments: list[Fragment],
    config: Config = DEFAULTS,
    channel: Channel = CHANNELS[0],
    **scope: object,
) -> dict[str, Release]:
    made = plan_release(
        Workspace(members=tuple(members)),
        fragments,
        config,
        channel,
        scope=Scope(**scope),  # type: ignore[arg-type]
    )
    return {release.name: release for release in made.releases}


def targets(releases: dict[str, Release]) -> dict[str, str]:
    return {name: str(release.target) for name, release in releases.items()}


def test_several_fragments_never_add_up() -> None:
    made = plan([member("a")], [fragment(f"{n}.fix.md", a="minor") for n in range(3)])

    assert targets(made) == {"a": "1.1.0"}


def test_none_says_no_release() -> None:
    assert plan([member("a")], [fragment(a="none")]) == {}


def test_a_dependent_whose_range_still_holds_stays() -> None:
    made = plan([member("a"), member("b", a=">=1,<2")], [fragment(a="minor")])

    assert targets(made) == {"a": "1.1.0"}


def test_a_dependent_whose_range_is_left_is_patched_and_on_and_on() -> None:
    made = plan(
        [member("a"), member("b", "2.1.0", a=">=1,<2"), member("c", b="==2.1.0")],
        [fragment(a="major")],
    )

    assert targets(made) == {"a": "2.0.0", "b": "2.1.1", "c": "1.0.1"}
    assert made["c"].causes == (
        Follows(on=named("b"), constraint="==2.1.0", table="project.runtime"),
    )
    (update,) = made["b"].constraints
    assert (update.before, update.after) == (">=1,<2", ">=2,<3")


def test_a_dependent_tied_by_a_group_alone_is_edited_and_not_released() -> None:
    made = plan_release(
        Workspace(members=(member("a"), member("b", kind=DependencyKind.GROUP, a="<2"))),
        [fragment(a="major")],
        Config(),
    )

    assert [release.name for release in made.releases] == ["a"]
    assert [(u.member, u.after) for u in made.followers] == [("b", "<3")]


@pytest.mark.parametrize(
    "kind", [DependencyKind.RUNTIME, DependencyKind.EXTRA, DependencyKind.BUILD]
)
def test_what_users_meet_releases_the_dependent(kind: DependencyKind) -> None:
    made = plan([member("a"), member("b", kind=kind, a="==1.0.0")], [fragment(a="patch")])

    assert targets(made) == {"a": "1.0.1", "b": "1.0.1"}


def test_dependents_always_follows_inside_the_range_too() -> None:
    config = Config(dependents=DependentsPolicy.ALWAYS)

    made = plan([member("a"), member("b", a=">=1")], [fragment(a="patch")], config)

    assert targets(made) == {"a": "1.0.1", "b": "1.0.1"}


def test_dependents_never_leaves_them_and_the_set_is_refused() -> None:
    config = Config(dependents=DependentsPolicy.NEVER)
    workspace = Workspace(members=(member("a"), member("b", a="<2")))

    made = plan_release(workspace, [fragment(a="major")], config)

    assert [release.name for release in made.releases] == ["a"]
    (finding,) = check_installable(workspace, made)
    assert finding.code == "not-installable"
    assert finding.is_error
    assert finding.path == PurePosixPath("packages/b/pyproject.toml")


def test_a_range_that_excluded_the_old_version_is_not_followed_and_is_refused() -> None:
    workspace = Workspace(members=(member("a"), member("b", a=">=9")))

    made = plan_release(workspace, [fragment(a="patch")], Config())

    assert [release.name for release in made.releases] == ["a"]
    (finding,) = check_installable(workspace, made)
    assert (finding.code, finding.is_error) == ("excludes-current", True)


def test_a_constraint_that_no_release_concerns_is_only_warned_of() -> None:
    workspace = Workspace(members=(member("a"), member("b", a=">=9"), member("c")))

    made = plan_release(workspace, [fragment(c="patch")], Config())

    (finding,) = check_installable(workspace, made)
    assert (finding.code, finding.is_error) == ("excludes-current", False)


def test_a_fixed_group_takes_the_highest_version_and_the_strongest_bump() -> None:
    config = Config(fixed=(("a", "b", "c"),))

    made = plan(
        [member("a"), member("b", "1.2.0"), member("c", "1.1.0")],
        [fragment(a="patch", c="minor")],
        config,
    )

    assert targets(made) == {"a": "1.3.0", "b": "1.3.0", "c": "1.3.0"}
    assert [str(release.current) for release in made.values()] == ["1.0.0", "1.1.0", "1.2.0"]
    assert made["b"].causes == (TiedTo(kind=GroupKind.FIXED, partner=named("c")),)


def test_a_linked_group_moves_only_those_that_are_released() -> None:
    config = Config(linked=(("a", "b", "c"),))

    made = plan(
        [member("a", "1.2.0"), member("b"), member("c")],
        [fragment(b="patch", c="minor")],
        config,
    )

    assert targets(made) == {"b": "1.3.0", "c": "1.3.0"}


def test_one_fragment_moves_the_whole_group_and_says_with_whom() -> None:
    config = Config(fixed=(("core", "plugin-*"),))
    members = [member("core"), member("plugin-a", core=">=1,<2"), member("plugin-b")]

    made = plan(members, [fragment(core="patch")], config)

    assert targets(made) == dict.fromkeys(("core", "plugin-a", "plugin-b"), "1.0.1")
    assert made["core"].causes == (ChangedBy(fragment=PurePosixPath("changes/1.fix.md")),)
    assert made["plugin-a"].causes == (TiedTo(kind=GroupKind.FIXED, partner=named("core")),)
    assert [update.after for update in made["plugin-a"].constraints] == [">=1.0.1,<2"]


def test_a_group_settles_before_dependents_are_judged() -> None:
    """`!=1.0.1` would be left by the patch, and holds the minor that a group makes of it."""
    config = Config(linked=(("a", "b"),))
    members = [member("a"), member("b"), member("c", a="!=1.0.1")]

    made = plan(members, [fragment(a="patch", b="minor")], config)

    assert targets(made) == {"a": "1.1.0", "b": "1.1.0"}


def test_an_ignored_member_is_not_released_and_its_constraint_follows() -> None:
    workspace = Workspace(members=(member("a"), member("b", a="<2")))

    made = plan_release(workspace, [fragment(a="major")], Config(ignore=("b",)))

    assert [release.name for release in made.releases] == ["a"]
    assert [update.after for update in made.followers] == ["<3"]
    assert list(check_installable(workspace, made)) == []


@pytest.mark.parametrize(
    ("threshold", "after"),
    [(Bump.PATCH, ">=1.1,<2"), (Bump.MINOR, ">=1.1,<2"), (Bump.MAJOR, None), (None, None)],
)
def test_a_constraint_that_holds_is_raised_from_the_configured_bump(
    threshold: Bump | None, after: str | None
) -> None:
    config = Config(raise_constraints=threshold)

    made = plan([member("a"), member("b", a=">=1,<2")], [fragment(a="minor", b="patch")], config)

    assert [u.after for u in made["b"].constraints] == ([after] if after else [])


@pytest.mark.parametrize(
    ("on_zero", "target", "bump"),
    [(Bump.MINOR, "0.5.0", Bump.MINOR), (Bump.MAJOR, "1.0.0", Bump.MAJOR)],
)
def test_a_breaking_change_on_zero_graduates_only_where_the_owner_says_so(
    on_zero: Bump, target: str, bump: Bump
) -> None:
    made = plan([member("a", "0.4.2")], [fragment(a="major")], Config(major_on_zero=on_zero))

    assert (str(made["a"].target), made["a"].bump) == (target, bump)


def test_a_requested_version_is_taken_as_it_is() -> None:
    made = plan([member("a", "0.4.2")], [], versions={named("a"): Version("1.0.0")})

    assert targets(made) == {"a": "1.0.0"}
    assert made["a"].causes == (Requested(version=Version("1.0.0")),)
    assert made["a"].bump is Bump.MAJOR


def test_a_requested_version_takes_a_fixed_group_along() -> None:
    config = Config(fixed=(("a", "b"),))

    made = plan([member("a"), member("b")], [], config, versions={named("a"): Version("3.0")})

    assert targets(made) == {"a": "3.0", "b": "3.0"}


@pytest.mark.parametrize("version", ["1.0.0", "0.9"])
def test_a_requested_version_that_does_not_move_forward_is_refused(version: str) -> None:
    with pytest.raises(ReleaseError, match=r"1\.0\.0"):
        plan([member("a")], [], versions={named("a"): Version(version)})


def test_only_plans_from_the_fragments_of_the_named_and_takes_dependents_along() -> None:
    members = [member("a"), member("b", a="==1.0.0"), member("c")]

    made = plan(members, [fragment(a="patch", c="minor")], only=frozenset({named("a")}))

    assert targets(made) == {"a": "1.0.1", "b": "1.0.1"}


def test_a_held_back_member_that_could_not_be_installed_is_refused() -> None:
    workspace = Workspace(members=(member("a"), member("b", a="<2")))
    scope = Scope(held=frozenset({named("b")}))

    made = plan_release(workspace, [fragment(a="major")], Config(), scope=scope)

    (finding,) = check_installable(workspace, made)
    assert finding.code == "not-installable"


def test_pre_releases_count_and_become_final() -> None:
    candidate = Prerelease(label=Label.CANDIDATE)
    words = [fragment(a="minor")]

    first = plan([member("a")], words, channel=candidate)
    second = plan([member("a", "1.1.0rc1")], words, channel=candidate)
    final = plan([member("a", "1.1.0rc2")], words)

    assert [*targets(first).values(), *targets(second).values(), *targets(final).values()] == [
        "1.1.0rc1",
        "1.1.0rc2",
        "1.1.0",
    ]


def test_a_pre_release_inside_the_range_drags_nobody_along() -> None:
    candidate = Prerelease(label=Label.CANDIDATE)

    made = plan([member("a"), member("b", a=">=1,<2")], [fragment(a="minor")], channel=candidate)

    assert targets(made) == {"a": "1.1.0rc1"}


def test_a_dependent_pre_released_for_a_pre_release_becomes_final_with_it() -> None:
    members = [member("a", "2.0.0rc1"), member("b", "1.0.1rc1", a=">=2.0.0rc1,<3")]

    made = plan(members, [fragment(a="major")])

    assert targets(made) == {"a": "2.0.0", "b": "1.0.1"}


def test_a_snapshot_pins_its_siblings_exactly() -> None:
    members = [member("a"), member("b", a=">=1,<2")]

    made = plan(members, [fragment(a="patch", b="patch")], channel=Snapshot(stamp=7))

    assert targets(made) == {"a": "1.0.1.dev7", "b": "1.0.1.dev7"}
    assert [update.after for update in made["b"].constraints] == ["==1.0.1.dev7"]


def test_a_circle_through_extras_is_fine() -> None:
    members = [
        member("a", kind=DependencyKind.EXTRA, b="==1.0.0"),
        member("b", a="==1.0.0"),
    ]

    made = plan(members, [fragment(a="patch")])

    assert targets(made) == {"a": "1.0.1", "b": "1.0.1"}


def test_a_member_without_a_version_is_never_released() -> None:
    unversioned = replace(member("a"), version=None)

    assert plan([unversioned], [fragment(a="patch")]) == {}


def test_a_group_of_members_without_versions_moves_nobody() -> None:
    unversioned = [replace(member(name), version=None) for name in ("a", "b")]

    assert plan(unversioned, [fragment(a="patch")], Config(fixed=(("a", "b"),))) == {}


def test_only_brings_the_words_of_a_pre_release_that_becomes_final() -> None:
    members = [
        member("core", "1.1.0rc1"),
        member("app", "2.0.0rc1", core=">=1.1.0rc1,<2"),
        member("other"),
    ]
    words = [
        fragment("1.fix.md", core="minor"),
        fragment("2.fix.md", app="major"),
        fragment("3.fix.md", other="patch"),
    ]

    made = plan(members, words, only=frozenset({named("core")}))

    assert targets(made) == {"core": "1.1.0", "app": "2.0.0"}
    assert made["app"].fragments == (PurePosixPath("changes/2.fix.md"),)
