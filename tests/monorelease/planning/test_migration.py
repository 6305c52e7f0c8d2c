from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.bump import Bump
from monorelease.model.config import DEFAULT_CATEGORIES
from monorelease.model.finding import Finding
from monorelease.model.intent import Intent
from monorelease.model.migration import Carried, Legacy, PendingNote, Setting, Tool
from monorelease.planning.foreign_names import NameBook
from monorelease.planning.migration import Ground, carry_over
from values import member, named, workspace

CORE, APP = named("acme-core"), named("acme-app")
PATH = PurePosixPath("news/1.fix.md")
GROUND = Ground(
    workspace=workspace(member("acme-core"), member("acme-app")),
    categories=DEFAULT_CATEGORIES,
    book=NameBook(said={"@acme/web": None, "web-*": None}, listed={}),
    located={PATH: (CORE, APP)},
)


def note(
    *names: tuple[str, Bump | None], kind: str = "", text: str = "It.", number: str = ""
) -> PendingNote:
    return PendingNote(path=PATH, names=names, kind=kind, text=text, number=number)


def carried(*notes: PendingNote, settings: tuple[Setting, ...] = ()) -> Carried:
    return carry_over(Legacy(tool=Tool.CHANGIE, notes=notes, settings=settings), GROUND)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_note_becomes_a_fragment() -> None:
    found = carried(note(("acme-core", Bump.MINOR), ("@acme/app", Bump.PATCH), number="7"))

    intent = Intent(
        bumps={CORE: Bump.MINOR, APP: Bump.PATCH}, category="feature", id="7", text="It."
    )
    assert found.intents == ((intent, (PATH,)),)
    assert found.renamed == {"@acme/app": APP}
    assert found.findings == ()


def test_a_note_without_names_is_about_whom_its_place_tells() -> None:
    ((intent, _),) = carried(note(kind="Security")).intents

    assert intent.bumps == {CORE: Bump.PATCH, APP: Bump.PATCH}
    assert intent.category == "security"


def test_the_kind_of_the_other_tool_says_how_far_unless_it_knows_itself() -> None:
    kind = PendingNote(path=PATH, kind="Changed", bump=Bump.MAJOR, text="It.")

    assert set(carried(note(kind="Changed")).intents[0][0].bumps.values()) == {Bump.MINOR}
    assert set(carried(kind).intents[0][0].bumps.values()) == {Bump.MAJOR}


def test_one_member_under_two_names_moves_as_far_as_the_further() -> None:
    found = carried(note(("acme-core", Bump.PATCH), ("core", Bump.MINOR)))

    assert found.intents[0][0].bumps == {CORE: Bump.MINOR}


def test_notes_that_say_the_same_are_one_fragment() -> None:
    one, other = note(("acme-core", None), kind="fix"), note(("acme-app", None), kind="fix")
    different = note(("acme-app", None), kind="fix", text="Else.")
    found = carried(one, other, different)

    assert [(set(i.bumps), len(paths)) for i, paths in found.intents] == [
        ({CORE, APP}, 2),
        ({APP}, 1),
    ]


def test_notes_about_different_issues_stay_apart() -> None:
    one, other = note(kind="fix", number="1"), note(kind="fix", number="2")

    assert len(carried(one, other).intents) == 2


def test_two_that_say_nothing_stay_apart() -> None:
    empty = [
        PendingNote(path=PATH, is_for_nobody=True, number=f"+{word}") for word in ("one", "two")
    ]

    found = carried(*empty)

    assert [(i.id, i.category, i.bumps) for i, _ in found.intents] == [
        ("+one", "misc", {}),
        ("+two", "misc", {}),
    ]


def test_a_name_that_means_nobody_is_an_error_with_a_way_out() -> None:
    (finding,) = carried(note(("@acme/cors", None), ("acme-core", None))).findings

    assert finding.is_error
    assert "'@acme/cors'" in finding.problem
    assert "--map '@acme/cors=" in finding.hint


def test_all_errors_are_found_at_once() -> None:
    nowhere = PendingNote(path=PurePosixPath("news/2.fix.md"), kind="fix", text="It.")
    found = carried(note(("x-y-z", None)), nowhere, note(("q-q-q", None)))

    assert codes(found.findings) == ["unknown-project", "note-about-nobody", "unknown-project"]
    assert found.intents == ()


def test_what_somebody_says_is_nobody_here_is_passed_over() -> None:
    found = carried(note(("@acme/web", Bump.MAJOR)))

    assert (found.intents, found.findings) == ((), ())


def test_an_unknown_kind_is_a_patch_and_is_told() -> None:
    found = carried(note(kind="Sprouted"))

    assert set(found.intents[0][0].bumps.values()) == {Bump.PATCH}
    assert codes(found.findings) == ["unknown-kind"]
    assert not found.findings[0].is_error


def test_a_note_that_moves_somebody_needs_words() -> None:
    assert codes(carried(note(kind="fix", text="")).findings) == ["note-without-words"]
    assert carried(note(kind="fix", text="")).intents == ()


def test_one_that_moves_nobody_needs_none() -> None:
    ((intent, _),) = carried(note(kind="misc", text="")).intents

    assert intent.bumps == {CORE: Bump.NONE, APP: Bump.NONE}


def test_settings_speak_of_members_afterwards() -> None:
    settings = (
        Setting(key=("fixed",), content=(("@acme/*", "@acme/web"), ("@acme/core",)), names=True),
        Setting(key=("ignore",), content=("@acme/app", "gone", "web-*"), names=True),
        Setting(key=("linked",), content=(("gone",),), names=True),
        Setting(key=("linked",), content="odd", names=True),
        Setting(key=("tag",), content="{name}-{version}"),
    )
    found = carried(settings=settings)

    assert [(s.key, s.content) for s in found.settings] == [
        (("fixed",), ((CORE, APP),)),
        (("ignore",), (APP,)),
        (("tag",), "{name}-{version}"),
    ]
    assert codes(found.findings) == ["setting-about-nobody", "setting-about-nobody"]


def test_findings_of_the_reader_are_kept_and_told_once() -> None:
    known = Finding(code="x", problem="p", hint="h")
    legacy = Legacy(tool=Tool.SCRIV, findings=(known, known))

    assert carry_over(legacy, GROUND).findings == (known,)


words = st.sampled_from(["acme-core", "@acme/app", "@acme/web", "nobody-at-all"])
bumps = st.none() | st.sampled_from(Bump)
notes = st.lists(
    st.builds(
        PendingNote,
        path=st.sampled_from([PATH, PurePosixPath("news/2.fix.md")]),
        names=st.lists(st.tuples(words, bumps), max_size=3).map(tuple),
        is_for_nobody=st.booleans(),
        kind=st.sampled_from(["", "fix", "Added", "Sprouted"]),
        bump=bumps,
        number=st.sampled_from(["", "1", "+a"]),
        text=st.sampled_from(["", "One.", "Two."]),
    ),
    max_size=5,
)


@pytest.mark.property
@given(notes)
def test_no_note_gets_lost_without_a_word(pending: list[PendingNote]) -> None:
    found = carried(*pending)

    told = {path for _, paths in found.intents for path in paths}
    complained = {finding.path for finding in found.findings}
    for each in pending:
        is_nobody = bool(each.names) and {word for word, _ in each.names} == {"@acme/web"}
        assert each.path in told | complained or is_nobody
    known = {category.directory for category in DEFAULT_CATEGORIES}
    assert all(intent.category in known for intent, _ in found.intents)
    assert all(
        intent.text or not max(intent.bumps.values(), default=0) for intent, _ in found.intents
    )
