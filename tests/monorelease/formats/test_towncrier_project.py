"""What towncrier is given, and what is made of its answer, without towncrier."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.errors import TowncrierFailed
from monorelease.formats.notes import Note, Section
from monorelease.formats.towncrier_project import lay_out, read_back
from monorelease.model.config import DEFAULT_CATEGORIES, Category, Towncrier
from monorelease.model.value import replace

LOOK = Towncrier(categories=DEFAULT_CATEGORIES)


def section(*notes: Note, name: str = "agents-core") -> Section:
    return Section(name=name, version=Version("1.0.44"), notes=notes)


def note(text: str = "Fixed.", *issues: str, category: str = "fix") -> Note:
    return Note(issues=issues, category=category, text=text)


def settings(look: Towncrier, *sections: Section) -> dict[str, object]:
    files = lay_out(sections or (section(note()),), look, "")
    table: dict[str, object] = tomllib.loads(files["towncrier.toml"])["tool"]["towncrier"]
    return table


def test_members_that_say_the_same_share_a_folder() -> None:
    files = lay_out([section(note()), section(note(), name="b"), section()], LOOK, "")

    assert sorted(files) == ["changes/0/+.fix.0", "template.md", "towncrier.toml"]


def test_a_note_with_several_issues_is_a_file_for_each() -> None:
    files = lay_out([section(note("Fixed.", "1", "2"))], LOOK, "")

    assert files["changes/0/1.fix.0"] == files["changes/0/2.fix.1"] == "Fixed."


def test_a_number_is_never_taken_for_a_category() -> None:
    look = Towncrier(categories=(Category(directory="0", title="Zero"),))

    assert "changes/0/7.0.1" in lay_out([section(note("x", "7", category="0"))], look, "")


@pytest.mark.parametrize(
    ("text", "written"),
    [("---", "\\---"), ("* * *\nWords.", "\\* * *\nWords."), ("--- no", "--- no"), ("-", "-")],
)
def test_a_text_that_would_be_a_rule_is_kept_from_it(text: str, written: str) -> None:
    """Behind the mark of an entry it would take that for a part of itself."""
    assert lay_out([section(note(text, "1"))], LOOK, "")["changes/0/1.fix.0"].startswith(written)


@pytest.mark.parametrize("name", ["../../etc", "a/b", "a\\b", "a\nb", "a\x00b", "C:x"])
def test_no_file_leaves_its_folder(name: str) -> None:
    for hostile in (note("x", name), note("x", "1", category=name)):
        with pytest.raises(TowncrierFailed):
            lay_out([section(hostile)], LOOK, "")


HOSTILE = '"\\\n\t]]\x1e\x02\x00{{ 7 }} [[tool.towncrier.section]] é😀'


def test_settings_are_text_and_nothing_else() -> None:
    look = Towncrier(
        categories=(Category(directory="fix", title=HOSTILE, show_content=False),),
        issue_format=HOSTILE,
    )

    table = settings(look, section(note(), name=HOSTILE))

    harmless = '"\\\n\t]]{{ 7 }} [[tool.towncrier.section]] é😀'
    assert table["type"] == [{"directory": "fix", "name": harmless, "showcontent": False}]
    assert table["issue_format"] == harmless
    assert table["section"] == [{"name": f"0 1.0.44 {harmless}", "path": "0"}]
    assert table["ignore"] == []


@pytest.mark.property
@given(st.text(), st.text(), st.text(min_size=1))
def test_settings_can_always_be_read(name: str, title: str, issue_format: str) -> None:
    look = Towncrier(
        categories=(Category(directory="fix", title=title),), issue_format=issue_format
    )

    settings(look, section(note(), name=name))


@pytest.mark.parametrize(
    ("title_format", "template", "expected"),
    [
        ("## {version}", None, '"##"'),
        ("{version}", None, '""'),
        ("Intro\n### {version}", None, '"###"'),
        ("## {version}", "notes.MD", '"##"'),
        ("## {version}", "notes.md.j2", '"#"'),
        ("", None, "header_prefix"),
    ],
)
def test_headings_are_as_deep_as_towncrier_makes_them(
    title_format: str, template: str | None, expected: str
) -> None:
    look = Towncrier(categories=(), title_format=title_format, template=template)

    assert f"header_prefix = {expected} -" in lay_out([], look, "")["template.md"]


def test_errors_name_the_lines_of_the_repositorys_template() -> None:
    wrapped = lay_out([], LOOK, "first\nsecond\n")["template.md"]

    assert wrapped.split("\n")[0].endswith("first")
    assert wrapped.split("\n")[1].startswith("second")


# ── the answer ──────────────────────────────────────────────────────────────────────────


def test_an_answer_is_a_title_and_a_text_for_each_section() -> None:
    look = Towncrier(categories=(), title_format="## {name} {version} ({project_date})")

    printed = "\x1e0\x1e\n- a\n\n\n\x1e1\x1e\n- b  \n\n\n\n"

    assert read_back(printed, [section(), section(name="B")], look, "2026-11-22") == (
        "## agents-core 1.0.44 (2026-11-22)\n\n- a\n",
        "## B 1.0.44 (2026-11-22)\n\n- b  \n",
    )


def test_a_title_may_be_the_templates_business() -> None:
    look = Towncrier(categories=(), title_format="")

    assert read_back("\x1e0\x1e\n\n# B 1\n\n- a\n", [section()], look, "") == ("# B 1\n\n- a\n",)


@pytest.mark.parametrize("printed", ["", "oops", "x\x1e0\x1e", "\x1e0\x1ea\x1e1\x1eb", "\x1e1\x1e"])
def test_an_answer_to_another_question_is_refused(printed: str) -> None:
    with pytest.raises(TowncrierFailed):
        read_back(printed, [section()], LOOK, "2026-11-22")


@pytest.mark.parametrize("title_format", ["{nonsense}", "{", "{version.x}", "{0}", "{name!z}"])
def test_a_title_that_cannot_be_filled_in_is_a_problem_with_a_hint(title_format: str) -> None:
    look = Towncrier(categories=(), title_format=title_format)

    with pytest.raises(TowncrierFailed) as failed:
        read_back("\x1e0\x1e", [section()], look, "2026-11-22")

    assert "{project_date}" in failed.value.hint


def test_without_a_marker_no_text_is_taken_for_it() -> None:
    marker = "<!-- towncrier release notes start -->"
    look = replace(LOOK, start_string="")

    files = lay_out([section(note(marker))], look, "")

    assert files["changes/0/+.fix.0"].startswith(marker)
