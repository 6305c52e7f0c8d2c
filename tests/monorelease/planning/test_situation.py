from __future__ import annotations

import pytest
from packaging.version import Version

from monorelease.errors import ReleaseError, VersionWouldSink
from monorelease.model.bump import Bump
from monorelease.model.channel import Stable
from monorelease.model.config import Config
from monorelease.model.fragment import Fragment
from monorelease.model.plan import Scope
from monorelease.planning.situation import Situation, survey
from values import fragment, member, named, workspace

A, B, C, D = map(named, "abcd")
FOUR = workspace(member("a"), member("b", "1.2.0"), member("c", "0.3.0"), member("d", None))
GROUPED = Config(linked=(("a", "b", "d"),), ignore=("c",))


def seen(*fragments: Fragment, config: Config = GROUPED, **asked: str) -> Situation:
    versions = {named(name): Version(version) for name, version in asked.items()}
    return survey(FOUR, fragments, config, Stable(), Scope(versions=versions))


def test_a_member_moves_from_the_highest_version_of_its_group() -> None:
    situation = seen()

    assert situation.base_of == {A: Version("1.2.0"), B: Version("1.2.0"), C: Version("0.3.0")}
    assert situation.current_of == {A: Version("1.0.0"), B: Version("1.2.0"), C: Version("0.3.0")}


@pytest.mark.parametrize(("name", "may_move"), [(A, True), (C, False), (D, False)])
def test_what_is_ignored_or_has_no_version_may_not_move(name: str, may_move: bool) -> None:  # noqa: FBT001 - a table
    assert seen().may_move(named(name)) is may_move


def test_what_is_held_back_may_not_move() -> None:
    situation = survey(FOUR, (), GROUPED, Stable(), Scope(held=frozenset({A})))

    assert (situation.may_move(A), situation.may_move(B)) == (False, True)


def test_the_strongest_of_several_fragments_counts() -> None:
    said = fragment("1.fix.md", a="patch"), fragment("2.fix.md", a="minor", b="none")
    situation = seen(*said)

    assert situation.own_bump(A) is Bump.MINOR
    assert situation.own_bump(B) is Bump.NONE
    assert situation.named == {A: said}


def test_a_request_counts_as_the_bump_that_it_is() -> None:
    assert seen(a="2.0").own_bump(A) is Bump.MAJOR
    assert seen(fragment(a="major"), a="1.2.1").own_bump(A) is Bump.MAJOR
    assert seen(a="1.2.1").own_bump(A) is Bump.PATCH


def test_a_request_is_made_for_the_whole_group() -> None:
    situation = seen(a="1.3.0")

    assert situation.target(B, {B: Bump.PATCH}) == Version("1.3.0")
    assert situation.reported_bump(B, {B: Bump.PATCH}) is Bump.MINOR


@pytest.mark.parametrize("version", ["1.1.0", "1.2.0", "1.2.0rc1"])
def test_a_request_that_its_group_is_above_already_is_refused(version: str) -> None:
    with pytest.raises(VersionWouldSink) as caught:
        seen(a=version)

    assert caught.value.problem.startswith(f"{version} was asked for, and a (or its group) is at")
    assert caught.value.hint


def test_two_requests_within_a_group_that_goes_to_one_version_are_refused() -> None:
    config = Config(fixed=(("a", "b"),))

    with pytest.raises(ReleaseError, match=r"2\.0"):
        seen(config=config, a="2.0", b="3.0")


def test_only_what_is_asked_for_is_planned_from() -> None:
    said = fragment(a="patch", b="minor")

    situation = survey(FOUR, [said], Config(), Stable(), Scope(only=frozenset({B})))

    assert situation.named == {B: (said,)}
