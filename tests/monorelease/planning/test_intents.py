from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.bump import Bump
from monorelease.model.config import DEFAULT_CATEGORIES
from monorelease.model.intent import Intent
from monorelease.model.saying import Saying, ToldCommit
from monorelease.planning.intents import (
    Told,
    bump_said,
    bumps_of,
    intents_of_commits,
    intents_of_request,
)
from values import named

CORE, APP, STT = named("acme-core"), named("acme-app"), named("acme-stt")
NAMES = (CORE, APP, STT)


def commit(name: str, type_: str = "fix", text: str = "It.", *reverts: str) -> ToldCommit:
    """A commit that touches the core."""
    saying = Saying(type=type_, text=text) if type_ else None
    return ToldCommit(name=name, saying=saying, names=(CORE,), reverts=reverts)


def told(*commits: ToldCommit, taken: frozenset[str] = frozenset()) -> Told:
    """What commits come to, the oldest given first."""
    return intents_of_commits(
        commits[::-1], NAMES, DEFAULT_CATEGORIES, frozenset(map(named, taken))
    )


def intents(*commits: ToldCommit) -> list[tuple[str, str]]:
    return [(intent.category, intent.text) for intent in told(*commits).intents]


@pytest.mark.parametrize(
    ("type_", "bump", "category"),
    [
        ("feat", Bump.MINOR, "feature"),
        ("fix", Bump.PATCH, "fix"),
        ("perf", Bump.PATCH, "fix"),
    ],
)
def test_the_type_says_how_far_and_where(type_: str, bump: Bump, category: str) -> None:
    assert told(commit("a", type_)).intents == (
        Intent(bumps={CORE: bump}, category=category, id="", text="It."),
    )


@pytest.mark.parametrize("type_", ["docs", "chore", "ci", "test", "style", "refactor", "build"])
def test_users_notice_nothing_of_other_types(type_: str) -> None:
    found = told(commit("a", type_))

    assert found.intents == ()
    assert [each.name for each in found.silent] == ["a"]


def test_whatever_breaks_users_is_major() -> None:
    saying = Saying(type="refactor", is_breaking=True, text="It.", number=7)
    (intent,) = told(ToldCommit(name="a", saying=saying, names=(CORE,))).intents

    assert intent == Intent(bumps={CORE: Bump.MAJOR}, category="breaking", id="7", text="It.")
    assert bump_said(Saying(type="wip")) is None


def test_who_says_nothing_clear_is_told_of() -> None:
    nowhere = ToldCommit(name="c", saying=None, names=())
    quiet = ToldCommit(name="d", saying=Saying(type="ci", text="It."), names=())
    found = told(commit("a", ""), commit("b", "wip"), nowhere, quiet)

    assert found.intents == ()
    assert [each.name for each in found.unclear] == ["a", "b"]
    assert found.silent == ()


def test_the_oldest_comes_first_and_who_says_the_same_is_joined() -> None:
    other = ToldCommit(
        name="c", saying=Saying(type="fix", text="One.", number=3), names=(APP, CORE)
    )
    found = told(commit("a", text="One."), commit("b", text="Two."), other)

    assert [(intent.text, intent.id) for intent in found.intents] == [("One.", "3"), ("Two.", "")]
    assert found.intents[0].bumps == {CORE: Bump.PATCH, APP: Bump.PATCH}


def test_who_is_taken_is_left_alone() -> None:
    both = ToldCommit(name="a", saying=Saying(type="fix", text="It."), names=(CORE, APP))

    assert told(both, taken=frozenset({"acme-core"})).intents[0].bumps == {APP: Bump.PATCH}
    assert told(commit("a"), taken=frozenset({"acme-core"})).intents == ()


def test_what_is_taken_back_is_not_told() -> None:
    assert intents(commit("aaa"), commit("bbb", "", "", "aa")) == []
    assert told(commit("aaa"), commit("bbb", "", "", "aa")).unclear == ()


def test_what_is_taken_back_twice_is_told() -> None:
    first, second = commit("aaa", text="One."), commit("bbb", "", "", "aaa")

    assert intents(first, second, commit("ccc", "", "", "bbb")) == [("fix", "One.")]


def test_a_revert_of_what_is_not_on_the_branch_is_for_a_person() -> None:
    found = told(commit("a", "revert", "It.", "fff"), commit("b"))

    assert [each.name for each in found.unclear] == ["a"]
    assert len(found.intents) == 1


def test_only_what_came_before_can_be_taken_back() -> None:
    assert intents(commit("a", "fix", "One.", "b"), commit("b", text="Two.")) == [
        ("fix", "One."),
        ("fix", "Two."),
    ]


@pytest.mark.parametrize(
    ("scope", "touched", "bumps"),
    [
        ("", (CORE, APP), {CORE: Bump.MAJOR, APP: Bump.MAJOR}),
        ("core", (CORE, APP), {CORE: Bump.MAJOR, APP: Bump.PATCH}),
        ("Acme_Core", (CORE, APP), {CORE: Bump.MAJOR, APP: Bump.PATCH}),
        ("core, app", (CORE, APP, STT), {CORE: Bump.MAJOR, APP: Bump.MAJOR, STT: Bump.PATCH}),
        ("core/app", (CORE, APP), {CORE: Bump.MAJOR, APP: Bump.MAJOR}),
        ("stt", (CORE,), {CORE: Bump.MAJOR}),
        ("stt", (), {STT: Bump.MAJOR}),
        ("parser", (), {}),
        ("", (), {}),
    ],
)
def test_a_scope_is_a_hint(scope: str, touched: tuple[str, ...], bumps: dict[str, Bump]) -> None:
    saying = Saying(type="feat", scope=scope, is_breaking=True, text="It.")

    assert bumps_of(saying, Bump.MAJOR, tuple(map(named, touched)), NAMES) == bumps


def test_a_scope_that_may_mean_two_means_nobody() -> None:
    names = (named("a-core"), named("b-core"))

    assert bumps_of(Saying(scope="core", text="It."), Bump.PATCH, (), names) == {}


@pytest.mark.parametrize(
    ("saying", "labelled", "bumps", "category"),
    [
        (Saying(type="feat", text="It."), None, {CORE: Bump.MINOR}, "feature"),
        (Saying(type="feat", text="It."), Bump.PATCH, {CORE: Bump.PATCH}, "fix"),
        (Saying(text="It."), None, {CORE: Bump.PATCH}, "fix"),
        (Saying(text="It."), Bump.MAJOR, {CORE: Bump.MAJOR}, "breaking"),
    ],
)
def test_a_pull_request_speaks_by_its_label_then_by_its_title(
    saying: Saying, labelled: Bump | None, bumps: dict[str, Bump], category: str
) -> None:
    (intent,) = intents_of_request(saying, labelled, (CORE,), DEFAULT_CATEGORIES)

    assert (intent.bumps, intent.category, intent.text) == (bumps, category, "It.")


@pytest.mark.parametrize(
    ("saying", "labelled"), [(Saying(type="chore", text="It.", number=4), None), (
        Saying(type="feat", text="It.", number=4), Bump.NONE)],
)  # fmt: skip
def test_a_pull_request_that_needs_no_release_says_so(
    saying: Saying, labelled: Bump | None
) -> None:
    assert intents_of_request(saying, labelled, (CORE,), DEFAULT_CATEGORIES) == (
        Intent(bumps={}, category="misc", id="4", text=""),
    )
    assert intents_of_request(saying, labelled, (), DEFAULT_CATEGORIES) == ()


def test_readers_of_a_member_that_is_only_adapted_are_told_apart() -> None:
    """What breaks the users of the scope breaks nobody else's."""
    saying = Saying(type="feat", scope="core", is_breaking=True, text="It.", number=7)
    apart = (
        Intent(bumps={CORE: Bump.MAJOR}, category="breaking", id="7", text="It."),
        Intent(bumps={APP: Bump.PATCH}, category="misc", id="7", text="It."),
    )
    logged = ToldCommit(name="a", saying=saying, names=(CORE, APP))

    assert intents_of_request(saying, None, (CORE, APP), DEFAULT_CATEGORIES) == apart
    assert told(logged).intents == apart
    assert told(logged, taken=frozenset({"acme-core"})).intents == apart[1:]


sayings = st.builds(
    Saying,
    type=st.sampled_from(["feat", "fix", "chore", "wip", "revert"]),
    scope=st.sampled_from(["", "core", "app", "x"]),
    is_breaking=st.booleans(),
    text=st.sampled_from(["One.", "Two."]),
)
commits = st.lists(
    st.builds(
        ToldCommit,
        name=st.integers(0, 9).map(str),
        saying=st.none() | sayings,
        names=st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
        reverts=st.lists(st.integers(0, 9).map(str), max_size=1).map(tuple),
    ),
    max_size=8,
    unique_by=lambda each: each.name,
)


@pytest.mark.property
@given(commits, st.frozensets(st.sampled_from(NAMES)))
def test_nobody_is_forgotten_and_nobody_is_told_who_is_taken(
    history: list[ToldCommit], taken: frozenset[str]
) -> None:
    found = intents_of_commits(history, NAMES, DEFAULT_CATEGORIES, frozenset(map(named, taken)))

    said = {name for intent in found.intents for name in intent.bumps}
    assert said.isdisjoint(taken)
    assert len({(i.category, i.text) for i in found.intents}) == len(found.intents)
    assert all(intent.bumps for intent in found.intents)
    if not any(each.reverts for each in history):
        open_names = {n for each in (*found.silent, *found.unclear) for n in each.names}
        touched = {name for each in history for name in each.names}
        assert touched - taken <= said | open_names
