from __future__ import annotations

import pytest

from monorelease.model.config import Config
from monorelease.model.plan import ChangedBy, Requested
from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.arrows import Arrow, arrows_of, behind
from monorelease.planning.plan import plan_release
from values import fragment, member, named, requires, workspace


def arrows(space: Workspace, config: Config | None = None) -> tuple[Arrow, ...]:
    plan = plan_release(space, [fragment(core="patch")], config or Config())
    return arrows_of(space, plan, space.names)


def ends(found: tuple[Arrow, ...]) -> list[tuple[str, str]]:
    return [(arrow.start, arrow.end) for arrow in found]


def test_who_requires_is_led_to_and_who_follows_has_the_cause() -> None:
    space = workspace(
        member("core"), member("app", "1.0.0", requires("core", "==1.0.0")), member("free")
    )

    (arrow,) = arrows(space)

    assert (arrow.start, arrow.end) == ("core", "app")
    assert arrow.kinds == {DependencyKind.RUNTIME}
    assert [behind(cause) for cause in arrow.causes] == ["core"]


def test_a_requirement_that_causes_nothing_is_an_arrow_without_causes() -> None:
    space = workspace(member("core"), member("app", "1.0.0", requires("core", ">=1")))

    (arrow,) = arrows(space)

    assert arrow.causes == ()


def test_who_is_only_tied_is_led_to_without_a_requirement() -> None:
    space = workspace(member("core"), member("app"))

    (arrow,) = arrows(space, Config(fixed=(("core", "app"),)))

    assert arrow.kinds == frozenset()
    assert [behind(cause) for cause in arrow.causes] == ["core"]


def test_one_arrow_tells_of_all_requirements_and_all_causes() -> None:
    extra = requires("core", "==1.0.0", DependencyKind.EXTRA)
    space = workspace(member("core"), member("app", "1.0.0", extra, requires("core", "==1.0.0")))

    (arrow,) = arrows(space, Config(fixed=(("core", "app"),)))

    assert arrow.kinds == {DependencyKind.EXTRA, DependencyKind.RUNTIME}
    assert {type(cause).__name__ for cause in arrow.causes} >= {"Follows"}


def test_what_only_a_dependency_group_names_is_no_arrow() -> None:
    group = requires("core", "==1.0.0", DependencyKind.GROUP)

    assert arrows(workspace(member("core"), member("app", "1.0.0", group))) == ()


def test_a_member_that_requires_itself_by_an_extra_is_no_arrow() -> None:
    itself = requires("core", "", DependencyKind.EXTRA)

    assert arrows(workspace(member("core", "1.0.0", itself))) == ()


def test_only_arrows_between_those_that_are_drawn_are_told() -> None:
    space = workspace(
        member("core"),
        member("app", "1.0.0", requires("core", "==1.0.0")),
        member("top", "1.0.0", requires("app", "==1.0.0")),
    )
    plan = plan_release(space, [fragment(core="patch")], Config())

    assert ends(arrows_of(space, plan, space.names)) == [("core", "app"), ("app", "top")]
    assert ends(arrows_of(space, plan, {named("core"), named("top")})) == []
    assert ends(arrows_of(space, plan, {named("app"), named("top")})) == [("app", "top")]


@pytest.mark.parametrize("cause", [ChangedBy, Requested], ids=lambda kind: kind.__name__)
def test_behind_a_fragment_or_a_request_is_nobody(cause: type) -> None:
    values = {"fragment": fragment().path} if cause is ChangedBy else {"version": None}

    assert behind(cause(**values)) is None
