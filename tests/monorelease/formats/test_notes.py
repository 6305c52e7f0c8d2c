"""What changelogs say, before towncrier has seen it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from monorelease.formats.notes import Note, layout_of, notes_of
from monorelease.model.bump import Bump
from monorelease.model.channel import Stable
from monorelease.model.config import Category, ChangelogConfig, Config, Towncrier
from monorelease.model.constraint import Constraint
from monorelease.model.fragment import Entry, Fragment, Origin
from monorelease.model.plan import (
    Cause,
    ChangedBy,
    ConstraintUpdate,
    Follows,
    GroupKind,
    Release,
    ReleasePlan,
    Requested,
    TiedTo,
)
from monorelease.model.workspace import Dependency, DependencyKind, Member, Workspace

CORE, OPENAI, XAI, TEST = (
    canonicalize_name(name)
    for name in ("agents-core", "agents-plugin-openai", "agents-plugin-xai", "agents-plugins-test")
)
WRITTEN = {CORE: "agents-core", OPENAI: "agents.plugin.openai", XAI: "Agents-Plugin-XAI"}
DISPOSE = "The job process now disposes of its native resources before it exits. It waits for it."
FROM = Version("1.0.43")
TO = Version("1.0.44")


def fragment(
    file: str, text: str = DISPOSE, bumps: Mapping[NormalizedName, Bump] | None = None
) -> Fragment:
    id_, category, *_ = file.split(".")
    wanted = {CORE: Bump.PATCH} if bumps is None else bumps
    entries = (Entry(name=name, bump=bump, line=2) for name, bump in wanted.items())
    return Fragment(
        path=PurePosixPath("changes", file),
        id=id_,
        category=category,
        entries=tuple(entries),
        text=text,
    )


def release(
    name: NormalizedName,
    causes: Sequence[Cause] = (),
    fragments: Sequence[Fragment] = (),
    raised: Sequence[tuple[NormalizedName, DependencyKind]] = (),
) -> Release:
    return Release(
        name=name,
        path=PurePosixPath("packages", name),
        bump=Bump.PATCH,
        current=FROM,
        target=TO,
        private=False,
        causes=(*(ChangedBy(fragment=f.path) for f in fragments), *causes),
        fragments=tuple(f.path for f in fragments),
        constraints=tuple(
            ConstraintUpdate(
                member=name,
                dependency=Dependency(
                    on=on,
                    kind=kind,
                    table=kind.value,
                    key=(number,),
                    prefix=on,
                    constraint=Constraint(
                        text=">=1.0.43,<2", alternatives=(SpecifierSet(">=1.0.43,<2"),)
                    ),
                    suffix="",
                ),
                before=">=1.0.43,<2",
                after=">=1.0.44,<2",
            )
            for number, (on, kind) in enumerate(raised)
        ),
    )


def written(
    *releases: Release,
    fragments: Sequence[Fragment] = (),
    origins: Mapping[PurePosixPath, Origin] | None = None,
    config: Config | None = None,
) -> dict[NormalizedName, tuple[Note, ...]]:
    members = (
        Member(
            name=r.name,
            written_name=WRITTEN.get(r.name, r.name),
            path=r.path,
            version=FROM,
            version_source=None,
        )
        for r in releases
    )
    return notes_of(
        ReleasePlan(channel=Stable(), releases=releases),
        fragments,
        origins or {},
        config or Config(),
        Workspace(members=tuple(members)),
    )


def only(notes: Sequence[Note]) -> Note:
    (note,) = notes
    return note


def core_and(
    *dependents: Release, of: Sequence[Fragment]
) -> dict[NormalizedName, tuple[Note, ...]]:
    return written(release(CORE, fragments=of), *dependents, fragments=of)


# ── a fragment's own entry ──────────────────────────────────────────────────────────────


def test_a_fragment_gives_its_whole_text_to_each_member_that_it_names() -> None:
    both = fragment("1042.fix.md", bumps={CORE: Bump.MINOR, OPENAI: Bump.PATCH})

    notes = written(
        release(CORE, fragments=[both]), release(OPENAI, fragments=[both]), fragments=[both]
    )

    said = Note(issues=("1042",), category="fix", text=DISPOSE)
    assert notes == {CORE: (said,), OPENAI: (said,)}


def test_fragments_that_the_plan_does_not_use_are_passed_over() -> None:
    used, unused = fragment("1.fix.md"), fragment("2.fix.md", "Something else.")

    notes = written(release(CORE, fragments=[used]), fragments=[used, unused])

    assert [note.issues for note in notes[CORE]] == [("1",)]


def test_a_fragment_says_where_it_came_from_and_who_wrote_it() -> None:
    orphan = fragment("+dispose.fix.md", "Fixed.")
    origin = Origin(commit="0123456789", author="Ada", pull_request=None)

    notes = written(
        release(CORE, fragments=[orphan]),
        fragments=[orphan],
        origins={orphan.path: origin},
        config=Config(changelog=ChangelogConfig(authors=True)),
    )

    assert only(notes[CORE]) == Note(category="fix", text="Fixed. Thanks Ada! (`0123456`)")


# ── dependents ──────────────────────────────────────────────────────────────────────────

RUNTIME, EXTRA, GROUP = DependencyKind.RUNTIME, DependencyKind.EXTRA, DependencyKind.GROUP


def test_a_dependent_gets_one_line_that_says_what_changed() -> None:
    notes = core_and(release(OPENAI, raised=[(CORE, RUNTIME)]), of=[fragment("1042.fix.md")])

    assert only(notes[OPENAI]) == Note(
        issues=("1042",),
        category="dependencies",
        text="Updated `agents-core` to 1.0.44: "
        "The job process now disposes of its native resources before it exits.",
    )


def test_dependents_of_the_same_news_say_the_same() -> None:
    raised = [(CORE, RUNTIME)]

    notes = core_and(
        release(OPENAI, raised=raised), release(XAI, raised=raised), of=[fragment("1.fix.md")]
    )

    assert only(notes[OPENAI]) == only(notes[XAI])


def test_a_dependency_that_is_named_twice_is_told_once() -> None:
    dependent = release(
        OPENAI,
        causes=[Follows(on=CORE, constraint="==1.0.43", table="runtime")],
        raised=[(CORE, EXTRA), (CORE, RUNTIME)],
    )

    notes = core_and(dependent, of=[fragment("1.fix.md", "Fixed.")])

    assert only(notes[OPENAI]).text == "Updated `agents-core` to 1.0.44: Fixed."


def test_who_follows_without_a_rewritten_constraint_says_so_too() -> None:
    follows = Follows(on=CORE, constraint="", table="project.dependencies")

    notes = core_and(release(OPENAI, causes=[follows]), of=[fragment("1.fix.md", "Fixed.")])

    assert only(notes[OPENAI]).text == "Updated `agents-core` to 1.0.44: Fixed."


def test_several_dependencies_share_the_line_and_news_come_first() -> None:
    core = fragment("1.fix.md", "Fixed. And more.")

    notes = core_and(
        release(OPENAI, raised=[(CORE, RUNTIME)]),
        release(XAI, raised=[(OPENAI, RUNTIME), (CORE, RUNTIME)]),
        of=[core],
    )

    assert only(notes[XAI]) == Note(
        issues=("1",),
        category="dependencies",
        text="Updated `agents-core` to 1.0.44 (Fixed) and `agents.plugin.openai` to 1.0.44.",
    )


def test_a_change_of_two_dependencies_is_told_once() -> None:
    both = fragment("1.fix.md", "Fixed.", {CORE: Bump.PATCH, OPENAI: Bump.PATCH})

    notes = written(
        release(CORE, fragments=[both]),
        release(OPENAI, fragments=[both]),
        release(XAI, raised=[(CORE, RUNTIME), (OPENAI, RUNTIME)]),
        fragments=[both],
    )

    assert only(notes[XAI]).text == (
        "Updated `agents-core` to 1.0.44 (Fixed) and `agents.plugin.openai` to 1.0.44."
    )


def test_a_members_own_change_is_not_told_again_as_its_dependencys() -> None:
    both = fragment("1.fix.md", "Fixed.", {CORE: Bump.PATCH, OPENAI: Bump.PATCH})

    notes = written(
        release(CORE, fragments=[both]),
        release(OPENAI, fragments=[both], raised=[(CORE, RUNTIME)]),
        fragments=[both],
    )

    assert notes[OPENAI] == (
        Note(issues=("1",), category="fix", text="Fixed."),
        Note(category="dependencies", text="Updated `agents-core` to 1.0.44."),
    )


def test_the_strongest_change_is_told_first() -> None:
    bumps = [Bump.PATCH, Bump.MAJOR, Bump.MINOR]
    changes = [
        fragment(f"{number}.fix.md", f"Change {number}.", {CORE: bump})
        for number, bump in enumerate(bumps)
    ]

    notes = core_and(release(OPENAI, raised=[(CORE, RUNTIME)]), of=changes)

    assert only(notes[OPENAI]).text == (
        "Updated `agents-core` to 1.0.44: Change 1. Change 2. Change 0."
    )
    assert only(notes[OPENAI]).issues == ("0", "1", "2")


def test_dependency_groups_are_nobodys_news() -> None:
    tied = TiedTo(kind=GroupKind.FIXED, partner=CORE)

    notes = core_and(
        release(TEST, causes=[tied]),
        release(OPENAI, causes=[tied], raised=[(TEST, GROUP)]),
        of=[fragment("1.fix.md")],
    )

    assert only(notes[OPENAI]).category == "released-with"


def test_hidden_changes_of_a_dependency_stay_hidden() -> None:
    look = Towncrier(
        categories=(Category(directory="misc", title="Misc", show_content=False),),
    )
    hidden = fragment("1.misc.md", "Internal.")

    notes = written(
        release(CORE, fragments=[hidden]),
        release(OPENAI, raised=[(CORE, RUNTIME)]),
        fragments=[hidden],
        config=Config(towncrier=look),
    )

    assert only(notes[OPENAI]) == Note(
        category="dependencies", text="Updated `agents-core` to 1.0.44."
    )


@pytest.mark.parametrize("directory", ["dependency", "dependencies", "deps", "Deps"])
def test_the_line_goes_where_the_repository_keeps_such_lines(directory: str) -> None:
    fixes = Category(directory="fix", title="Fixes")
    theirs = Category(directory=directory, title="Deps", show_content=False)
    config = Config(towncrier=Towncrier(categories=(fixes, theirs)))
    fixed = fragment("1.fix.md", "Fixed.")

    notes = written(
        release(CORE, fragments=[fixed]),
        release(OPENAI, raised=[(CORE, RUNTIME)]),
        fragments=[fixed],
        config=config,
    )

    line = only(notes[OPENAI])
    assert line.category == directory
    assert line.text.endswith("Fixed.")
    assert line.issues == (), "towncrier would show these alone"
    assert layout_of(config, notes).categories == (fixes, theirs)


# ── company ─────────────────────────────────────────────────────────────────────────────


def test_a_group_member_without_news_says_with_whom_it_was_released() -> None:
    tied = TiedTo(kind=GroupKind.FIXED, partner=CORE)

    notes = core_and(release(TEST, causes=[tied]), of=[fragment("1.fix.md")])

    assert only(notes[TEST]) == Note(
        category="released-with",
        text="Released together with `agents-core` 1.0.44; no changes of its own.",
    )


def test_a_version_that_was_asked_for_is_a_reason_by_itself() -> None:
    notes = written(release(CORE, causes=[Requested(version=TO)]))

    assert only(notes[CORE]).text == "Version set to 1.0.44."


def test_a_member_with_news_of_its_own_says_nothing_of_its_company() -> None:
    fixed = fragment("1.fix.md", "Fixed.")
    causes: list[Cause] = [Requested(version=TO), TiedTo(kind=GroupKind.LINKED, partner=OPENAI)]

    notes = written(
        release(CORE, causes=causes, fragments=[fixed]), release(OPENAI), fragments=[fixed]
    )

    assert only(notes[CORE]).text == "Fixed."


# ── order, layout ───────────────────────────────────────────────────────────────────────


@pytest.mark.property
@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=2, max_size=6), st.randoms())
def test_the_order_of_the_fragments_does_not_matter(
    texts: list[str], chance: random.Random
) -> None:
    one_way = [fragment(f"1042.fix.{n}.md", text) for n, text in enumerate(texts)]
    another = chance.sample(one_way, len(one_way))

    assert core_and(release(OPENAI, raised=[(CORE, RUNTIME)]), of=one_way) == core_and(
        release(OPENAI, raised=[(CORE, RUNTIME)]), of=another
    )


def test_categories_are_added_only_where_they_are_used() -> None:
    config = Config()
    plain_release = core_and(of=[fragment("1.fix.md")])
    wave = core_and(release(OPENAI, raised=[(CORE, RUNTIME)]), of=[fragment("1.fix.md")])

    assert layout_of(config, plain_release).categories == config.towncrier.categories
    assert [c.title for c in layout_of(config, wave).categories][-2:] == [
        "Other changes",
        "Dependencies",
    ]


@pytest.mark.parametrize(
    ("theirs", "link", "expected"),
    [
        (None, "", None),
        (None, "https://x.example/(i)/{issue}", "[#{issue}](https://x.example/%28i%29/{issue})"),
        ("gh-{issue}", "https://x.example/{issue}", "gh-{issue}"),
    ],
    ids=["plain", "link", "the repository's own"],
)
def test_issues_link_as_the_repository_says(
    theirs: str | None, link: str, expected: str | None
) -> None:
    config = Config(
        changelog=ChangelogConfig(issue_link=link),
        towncrier=Towncrier(categories=(), issue_format=theirs),
    )

    assert layout_of(config, {}).issue_format == expected
