from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from textwrap import dedent

import pytest
from packaging.version import Version

from monorelease.model.config import Config
from monorelease.model.fragment import Fragment, Origin
from monorelease.model.plan import GroupKind, Release, ReleasePlan, Scope
from monorelease.model.workspace import Workspace
from monorelease.planning.explanation import (
    Absence,
    Because,
    GroupRests,
    HeldBack,
    Ignored,
    LeftOut,
    NeverAllowed,
    NeverFollows,
    StillAllowed,
    Unnamed,
    Unpublished,
    Unversioned,
    why,
)
from monorelease.planning.plan import plan_release
from monorelease.reports.explanation import (
    absence_text,
    why_not_text,
    why_not_value,
    why_text,
    why_value,
)
from monorelease.reports.json import json_text
from monorelease.reports.terminal import COLOURS
from values import fragment, member, named, requires, workspace

FIRST = PurePosixPath("changes/1.fix.md")
ORIGIN = Origin(commit="0123456789" * 4, author="Ada Lovelace", pull_request=1042)
CHAIN = workspace(
    member("core"),
    member("client", "1.0.0", requires("core", "<2")),
    member("plugin"),
    member("app", "1.0.0", requires("client", "==1.0.0"), requires("core", "==1.0.0")),
)
WORDS = fragment("1.fix.md", "It is freed.\n\nAnd more.", core="major")


def told(
    name: str, space: Workspace, said: Sequence[Fragment] = (WORDS,), config: Config | None = None
) -> tuple[Release, tuple[Because, ...]]:
    plan = plan_release(space, said, config or Config())
    return released(name, plan), why(released(name, plan), plan)


def released(name: str, plan: ReleasePlan) -> Release:
    (found,) = [release for release in plan.releases if release.name == name]
    return found


def golden(text: str) -> str:
    return dedent(text).lstrip("\n")


# ── why ─────────────────────────────────────────────────────────────────────────────────


def test_each_cause_is_indented_below_its_effect_down_to_the_commit() -> None:
    said = why_text(*told("app", CHAIN), {FIRST: WORDS}, {FIRST: ORIGIN})

    assert said == golden(
        """
        app 1.0.0 → 1.0.1 (patch)
          client 1.0.1 leaves ==1.0.0 (project.dependencies)
            client 1.0.0 → 1.0.1 (patch)
              core 2.0.0 leaves <2 (project.dependencies)
                core 1.0.0 → 2.0.0 (major)
                  changes/1.fix.md
                    It is freed.
                    added by Ada Lovelace in 0123456, #1042
          core 2.0.0 leaves ==1.0.0 (project.dependencies)
        """
    )


def test_a_fragment_without_a_commit_and_a_commit_without_a_number() -> None:
    origin = Origin(commit="f" * 40, author="A", pull_request=None)

    committed = why_text(*told("core", CHAIN), {FIRST: WORDS}, {FIRST: origin})
    uncommitted = why_text(*told("core", CHAIN), {FIRST: WORDS}, {})

    assert committed.splitlines()[-1] == "    added by A in fffffff"
    assert uncommitted.splitlines()[-1] == "    not committed yet"


def test_a_group_and_a_request_are_causes_too() -> None:
    config = Config(fixed=(("core", "plugin"),))
    scope = Scope(versions={named("core"): Version("3.0")})
    plan = plan_release(CHAIN, [], config, scope=scope)
    release = released("plugin", plan)

    assert why_text(release, why(release, plan), {}, {}) == golden(
        """
        plugin 1.0.0 → 3.0 (major)
          with core (fixed group)
            core 1.0.0 → 3.0 (major)
              3.0 was asked for
        """
    )


def test_only_the_title_is_marked() -> None:
    coloured = why_text(*told("core", CHAIN), {FIRST: WORDS}, {}, COLOURS)

    assert coloured.splitlines()[0] == "\x1b[1mcore 1.0.0 → 2.0.0 (major)\x1b[0m"
    assert "\x1b" not in "".join(coloured.splitlines()[1:])


@pytest.mark.parametrize(
    ("text", "author"), [("\x1b[31mred", "A"), ("red", "A\x1b[2J\nerror: forged")]
)
def test_hostile_words_and_authors_do_not_steer(text: str, author: str) -> None:
    said = fragment("1.fix.md", text, core="major")
    origin = Origin(commit="f" * 40, author=author, pull_request=None)

    shown = why_text(*told("core", CHAIN, [said]), {FIRST: said}, {FIRST: origin})

    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 4


def test_a_program_gets_the_same_chain_and_whose_each_cause_is() -> None:
    assert why_value(*told("client", CHAIN), {FIRST: WORDS}, {FIRST: ORIGIN}) == {
        "schema": 1,
        "name": "client",
        "released": True,
        "bump": "patch",
        "from": "1.0.0",
        "to": "1.0.1",
        "because": [
            {
                "of": "client",
                "kind": "dependency",
                "on": "core",
                "constraint": "<2",
                "table": "project.dependencies",
                "leaves": True,
            },
            {
                "of": "core",
                "kind": "fragment",
                "fragment": "changes/1.fix.md",
                "text": "It is freed.\n\nAnd more.",
                "commit": "0123456789" * 4,
                "pull_request": 1042,
            },
        ],
    }


def test_a_program_is_told_that_a_fragment_is_not_committed_yet() -> None:
    value = why_value(*told("core", CHAIN), {FIRST: WORDS}, {})

    assert value["because"] == [
        {
            "of": "core",
            "kind": "fragment",
            "fragment": "changes/1.fix.md",
            "text": "It is freed.\n\nAnd more.",
            "commit": None,
            "pull_request": None,
        }
    ]


# ── why not ─────────────────────────────────────────────────────────────────────────────

CORE = named("core")
ABSENCES: list[tuple[Absence, str]] = [
    (Ignored(), "the configuration ignores it"),
    (HeldBack(), "--except holds it back"),
    (Unversioned(), "it has no version that could move"),
    (Unnamed(none_in=()), "no fragment names it"),
    (
        Unnamed(none_in=(fragment("1.fix.md"), fragment("2.fix.md"))),
        "only `none` is said of it: changes/1.fix.md, changes/2.fix.md",
    ),
    (
        LeftOut(fragments=(fragment("1.fix.md"), fragment("2.fix.md"))),
        "--only leaves its fragments out of this wave: changes/1.fix.md, changes/2.fix.md",
    ),
    (
        NeverFollows(on=CORE, constraint="<2"),
        "core leaves <2, and `dependents` says not to follow",
    ),
    (
        NeverAllowed(on=CORE, current=Version("1.0"), constraint=">=9"),
        "core 1.0 was outside >=9 before already",
    ),
    (
        StillAllowed(on=CORE, target=Version("1.1"), constraint="<2", table="project.dependencies"),
        "core 1.1 stays inside <2 (project.dependencies)",
    ),
    (
        StillAllowed(on=CORE, target=Version("1.1"), constraint="", table="project.dependencies"),
        "core 1.1 stays inside any version (project.dependencies)",
    ),
    (
        Unpublished(on=CORE, table="dependency-groups.test"),
        "core is released, and only dependency-groups.test, which nobody installs, names it",
    ),
    (GroupRests(kind=GroupKind.FIXED), "its fixed group does not take it along"),
    (GroupRests(kind=GroupKind.LINKED), "its linked group does not take it along"),
]


@pytest.mark.parametrize(("absence", "words"), ABSENCES)
def test_each_reason_is_a_sentence(absence: Absence, words: str) -> None:
    assert absence_text(absence) == words


def test_every_reason_is_told() -> None:
    absences: list[Absence] = [Ignored(), HeldBack()]

    assert why_not_text("app", absences) == golden(
        """
        app is not released
          the configuration ignores it
          --except holds it back
        """
    )
    assert why_not_value("app", absences) == {
        "schema": 1,
        "name": "app",
        "released": False,
        "because": ["the configuration ignores it", "--except holds it back"],
    }


@pytest.mark.parametrize(
    "absence",
    [
        Unnamed(none_in=(fragment("1\x1b[31m.fix.md"),)),
        LeftOut(fragments=(fragment("1\x1b[31m.fix.md"),)),
        NeverFollows(on=CORE, constraint=">=1,\r<2"),
        StillAllowed(on=CORE, target=Version("1"), constraint=">=1,\r<2", table="t"),
        StillAllowed(on=CORE, target=Version("1"), constraint="", table="\x1b[31m"),
        Unpublished(on=CORE, table="\x1b[31m"),
    ],
    ids=["none", "only", "never", "constraint", "table", "group"],
)
def test_hostile_reasons_do_not_steer(absence: Absence) -> None:
    assert absence_text(absence).isprintable()


# ── long chains ─────────────────────────────────────────────────────────────────────────


def test_a_chain_of_thousands_is_told_to_its_end() -> None:
    names = [f"m{number}" for number in range(3_000)]
    links = zip(names[1:], names, strict=False)
    chained = (member(name, "1.0.0", requires(on, "==1.0.0")) for name, on in links)
    said = fragment("1.fix.md", m0="patch")
    release, chain = told(names[-1], workspace(member("m0"), *chained), [said])

    lines = why_text(release, chain, {FIRST: said}, {FIRST: ORIGIN}).splitlines()
    value = json.loads(json_text(why_value(release, chain, {FIRST: said}, {FIRST: ORIGIN})))

    assert len(lines) == 2 * 3_000 + 2
    assert lines[1] == "  m2998 1.0.1 leaves ==1.0.0 (project.dependencies)"
    assert lines[-1].lstrip() == "added by Ada Lovelace in 0123456, #1042"
    assert max(map(len, lines)) < 200
    assert [each["of"] for each in value["because"]] == names[::-1]


def test_where_history_is_missing_nothing_is_said_of_commits() -> None:
    """A clone without history cannot tell a fragment that is committed from one that is not."""
    said = why_text(*told("core", CHAIN), {FIRST: WORDS}, None)

    assert said.splitlines()[1:] == ["  changes/1.fix.md", "    It is freed."]
    assert why_value(*told("core", CHAIN), {FIRST: WORDS}, None) == why_value(
        *told("core", CHAIN), {FIRST: WORDS}, {}
    )


def test_a_member_that_circles_lead_back_to_is_told_once() -> None:
    space = workspace(
        member("a", "1.0.0", requires("b", "==1.0.0")),
        member("b", "1.0.0", requires("a", "==1.0.0")),
    )
    said = fragment("1.fix.md", a="patch")

    assert why_text(*told("b", space, [said]), {FIRST: said}, None) == golden(
        """
        b 1.0.0 → 1.0.1 (patch)
          a 1.0.1 leaves ==1.0.0 (project.dependencies)
            a 1.0.0 → 1.0.1 (patch)
              changes/1.fix.md
                Words.
              b 1.0.1 leaves ==1.0.0 (project.dependencies)
        """
    )
