from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName, canonicalize_name

from monorelease.model.config import Config
from monorelease.model.plan import Group, GroupKind
from monorelease.planning.groups import matching, resolve_groups
from values import named

NAMES = tuple(
    map(named, ["core", "foo-bar", "plugin-a", "plugin-b", "plugin-test", "test-plugin-a"])
)
PATTERNS = st.sampled_from(
    ["*", "plugin-*", "!plugin-test", "*-a", "core", "Foo_Bar", "!*-a", "nobody", "?ore"]
)
GROUPS = st.lists(st.lists(PATTERNS, min_size=1, max_size=4).map(tuple), max_size=4).map(tuple)

# ── matching ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        pytest.param(["core"], "core", id="a-name"),
        pytest.param(["ore"], "", id="a-part-of-a-name-is-nobody"),
        pytest.param(["plugin-*"], "plugin-a plugin-b plugin-test", id="a-glob"),
        pytest.param(["plugin-?"], "plugin-a plugin-b", id="one-character"),
        pytest.param(["plugin-[!a]*"], "plugin-b plugin-test", id="all-but-one-character"),
        pytest.param(["plugin-b", "core"], "core plugin-b", id="the-names-order-counts"),
        pytest.param(["core", "*"], " ".join(NAMES), id="nobody-comes-twice"),
        pytest.param([], "", id="no-patterns"),
    ],
)
def test_a_pattern_is_a_name_or_a_glob(patterns: list[str], names: str) -> None:
    assert " ".join(matching(patterns, NAMES)) == names


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        pytest.param(["plugin-*", "!plugin-test"], "plugin-a plugin-b", id="out-again"),
        pytest.param(["plugin-*", "!*-a"], "plugin-b plugin-test", id="by-a-glob"),
        pytest.param(["!core"], "", id="alone-it-means-nobody"),
        pytest.param(["plugin-a", "!core"], "plugin-a", id="of-somebody-who-was-not-in"),
        pytest.param(["!plugin-a", "plugin-*"], "plugin-a plugin-b plugin-test", id="too-early"),
        pytest.param(["plugin-*", "!*-a", "plugin-a"], " ".join(NAMES[2:5]), id="and-in-again"),
    ],
)
def test_a_bang_takes_out_what_a_pattern_before_it_had_put_in(
    patterns: list[str], names: str
) -> None:
    assert " ".join(matching(patterns, NAMES)) == names


@pytest.mark.parametrize(
    "pattern", ["foo-bar", "Foo_Bar", "foo.bar", "FOO-*", "foo__bar", "Foo.-Bar", "!core foo_b*"]
)
def test_spelling_does_not_matter(pattern: str) -> None:
    assert matching(pattern.split(), NAMES) == ("foo-bar",)


@pytest.mark.property
@given(st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True))
def test_every_spelling_of_a_name_means_its_member(written: str) -> None:
    name = canonicalize_name(written)

    assert matching([written], [name]) == (name,)
    assert matching(["*", f"!{written}"], [name]) == ()


@pytest.mark.property
@given(st.lists(PATTERNS, max_size=5), st.permutations(NAMES))
def test_names_come_in_their_own_order_and_once(
    patterns: list[str], names: list[NormalizedName]
) -> None:
    found = matching(patterns, names)

    assert list(found) == [name for name in names if name in found]


# ── groups ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.property
@given(GROUPS, GROUPS)
def test_groups_are_disjoint_and_nobody_claimed_is_left_out(
    fixed: tuple[tuple[str, ...], ...], linked: tuple[tuple[str, ...], ...]
) -> None:
    groups = resolve_groups(Config(fixed=fixed, linked=linked), NAMES)

    grouped = [name for group in groups for name in group.members]
    claimed = {name for patterns in (*fixed, *linked) for name in matching(patterns, NAMES)}
    assert sorted(grouped) == sorted(claimed)
    assert all(group.members for group in groups)


def test_fixed_groups_come_first_and_the_first_claim_counts() -> None:
    config = Config(fixed=(("plugin-a", "core"), ("plugin-*",)), linked=(("*-a", "foo-bar"),))

    assert resolve_groups(config, NAMES) == (
        Group(kind=GroupKind.FIXED, members=NAMES[:1] + NAMES[2:3]),
        Group(kind=GroupKind.FIXED, members=NAMES[3:5]),
        Group(kind=GroupKind.LINKED, members=(NAMES[1], NAMES[5])),
    )


def test_a_group_of_nobody_is_none() -> None:
    assert resolve_groups(Config(fixed=(("nobody",),), linked=(("core", "!core"),)), NAMES) == ()
