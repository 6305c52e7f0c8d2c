from __future__ import annotations

from collections.abc import Sequence

import pytest

from monorelease.model.bump import Bump
from monorelease.model.channel import Channel, Snapshot, Stable
from monorelease.model.config import Config
from monorelease.model.fragment import Fragment
from monorelease.model.plan import ReleasePlan
from monorelease.model.workspace import DependencyKind, Member, Workspace
from monorelease.planning.plan import plan_release
from values import fragment, member, requires

DEFAULTS = Config()
FINAL = Stable()


def plan(
    members: Sequence[Member],
    *fragments: Fragment,
    config: Config = DEFAULTS,
    channel: Channel = FINAL,
) -> ReleasePlan:
    return plan_release(Workspace(members=tuple(members)), fragments, config, channel)


def updates(made: ReleasePlan) -> dict[str, list[str]]:
    """How constraints will read, by member: of the released, then of those that stay."""
    found: dict[str, list[str]] = {}
    for update in (*(u for r in made.releases for u in r.constraints), *made.followers):
        found.setdefault(update.member, []).append(update.literal)
    return found


def targets(made: ReleasePlan) -> dict[str, str]:
    return {name: str(version) for name, version in made.targets.items()}


@pytest.mark.parametrize("threshold", [None, Bump.PATCH, Bump.MAJOR])
def test_a_snapshot_pins_its_siblings_whatever_the_configuration_says(
    threshold: Bump | None,
) -> None:
    made = plan(
        [member("core"), member("app", "1.0.0", requires("core", ">=1"))],
        fragment(core="patch", app="patch"),
        config=Config(raise_constraints=threshold),
        channel=Snapshot(stamp=7),
    )

    assert updates(made) == {"app": ["core==1.0.1.dev7"]}


@pytest.mark.parametrize("threshold", [None, Bump.PATCH, Bump.MAJOR])
def test_a_constraint_that_no_longer_holds_is_always_rewritten(threshold: Bump | None) -> None:
    made = plan(
        [member("core"), member("app", "1.0.0", requires("core", "<1.0.1"))],
        fragment(core="patch"),
        config=Config(raise_constraints=threshold),
    )

    assert updates(made) == {"app": ["core<1.0.2"]}


@pytest.mark.parametrize(
    ("constraint", "after"), [(">=1", {}), ("==1.*", {}), ("==1.0.0", {"app": ["core==1.0.1"]})]
)
def test_what_follows_unreleased_is_rewritten_only_where_it_must(
    constraint: str, after: dict[str, list[str]]
) -> None:
    app = member("app", "1.0.0", requires("core", constraint, DependencyKind.GROUP))

    assert updates(plan([member("core"), app], fragment(core="patch"))) == after


def test_every_requirement_on_one_member_is_rewritten() -> None:
    app = member(
        "app",
        "1.0.0",
        requires("core", "==1.0.0"),
        requires("core", None),
        requires("core", "<1.0.1", DependencyKind.EXTRA),
        requires("core", ">=1", DependencyKind.GROUP),
    )

    assert updates(plan([member("core"), app], fragment(core="patch"))) == {
        "app": ["core==1.0.1", "core<1.0.2", "core>=1.0.1"]
    }


def test_a_constraint_that_cannot_be_raised_is_left_as_it_is() -> None:
    members = [member("core"), member("app", "1.0.0", requires("core", "!=1.0.1"))]

    made = plan(members, fragment(core="patch"))

    assert targets(made) == {"core": "1.0.1", "app": "1.0.1"}
    assert updates(made) == {}


def test_a_group_that_a_dependent_pulls_in_pulls_in_others_again() -> None:
    """core takes app along, app its group, the group's tool its own dependent."""
    members = [
        member("core"),
        member("app", "1.0.0", requires("core", "==1.0.0")),
        member("tool", "1.4.0"),
        member("site", "1.0.0", requires("tool", "==1.4.0")),
    ]

    made = plan(members, fragment(core="patch"), config=Config(fixed=(("app", "tool"),)))

    assert targets(made) == {"core": "1.0.1", "app": "1.4.1", "tool": "1.4.1", "site": "1.0.1"}


def test_a_dependent_in_a_group_moves_as_far_as_the_group() -> None:
    members = [
        member("core"),
        member("app", "1.0.0", requires("core", "==1.0.0")),
        member("big"),
    ]

    made = plan(
        members, fragment(core="patch", big="minor"), config=Config(linked=(("app", "big"),))
    )

    assert targets(made) == {"core": "1.0.1", "big": "1.1.0", "app": "1.1.0"}


def test_a_chain_longer_than_the_stack_is_settled() -> None:
    followers = (
        member(f"m{n}", "1.0.0", requires(f"m{n - 1}", "==1.0.0")) for n in range(1, 3_000)
    )

    made = plan([member("m0"), *followers], fragment(m0="patch"))

    assert len(made.releases) == 3_000
