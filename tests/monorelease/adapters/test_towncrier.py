"""Towncrier's own output, for all members at once, and the few places where ours differs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from packaging.utils import canonicalize_name
from packaging.version import Version

from monorelease.adapters import towncrier as room
from monorelease.adapters.module import running
from monorelease.adapters.towncrier import render
from monorelease.errors import TowncrierFailed
from monorelease.formats.notes import Note, Section
from monorelease.formats.towncrier_project import lay_out
from monorelease.model.config import Category, Towncrier

DATE = "2026-11-22"
MARKER = "<!-- towncrier release notes start -->"
CATEGORIES = (
    Category(directory="feature", title="Features"),
    Category(directory="fix", title="Fixes"),
    Category(directory="misc", title="Misc", show_content=False),
)
LINK = "[#{issue}](https://forge.example/pull/{issue})"
LOOK = Towncrier(categories=CATEGORIES, issue_format=LINK)
MARKDOWN = MarkdownIt("commonmark").enable("table")


def note(text: str, *issues: str, category: str = "fix") -> Note:
    return Note(issues=issues, category=category, text=text)


def section(*notes: Note, name: str = "agents-core", version: str = "1.0.44") -> Section:
    return Section(name=name, version=Version(version), notes=notes)


def rendered(*sections: Section, look: Towncrier = LOOK, template: str | None = None) -> list[str]:
    named = {canonicalize_name(s.name): s for s in sections}
    return list(render(named, look, template=template, date=DATE).values())


def said(*notes: Note) -> str:
    return rendered(section(*notes))[0]


# ── the contract ────────────────────────────────────────────────────────────────────────


def alone(folder: Path, wanted: Section, look: Towncrier, template: str | None) -> str:
    """What towncrier prints for `wanted` in a project of that alone, set up by its manual."""
    (folder / "news").mkdir(parents=True)
    settings = [
        "[tool.towncrier]",
        f'name = "{wanted.name}"',
        'directory = "news"',
        'filename = "CHANGELOG.md"',
        'underlines = ["", "", ""]',
        "ignore = []",
        f'title_format = "{look.title_format}"',
    ]
    if look.issue_format:
        settings.append(f'issue_format = "{look.issue_format}"')
    if template is not None:
        (folder / "template.md").write_text(template, "utf-8")
        settings.append('template = "template.md"')
    for category in look.categories:
        settings += [
            "[[tool.towncrier.type]]",
            f'directory = "{category.directory}"',
            f'name = "{category.title}"',
            f"showcontent = {str(category.show_content).lower()}",
        ]
    (folder / "towncrier.toml").write_text("\n".join(settings), "utf-8")
    for number, each in enumerate(wanted.notes):
        for issue in each.issues or ("+orphan",):
            path = folder / "news" / f"{issue}.{each.category}.{number}.md"
            path.write_text(each.text + "\n", "utf-8")
    built = subprocess.run(
        [
            *(sys.executable, "-m", "towncrier", "build", "--draft", "--config=towncrier.toml"),
            *(f"--version={wanted.version}", f"--date={DATE}"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    return built.stdout.strip("\n") + "\n"


SECTIONS = (
    section(
        note("Fixed.", "1042"),
        note("Same text.", "9", "10"),
        note("Same text.", "101"),
        note("An orphan.\n\nWith a second paragraph,\nand *emphasis*."),
        note("Another orphan: ünïcode 😀, trailing blanks  \nand a tab\t.", category="feature"),
        note("With items:\n\n- one\n- two", "12"),
        note(
            "Code and words:\n\n```python\nif x:\n\n    y = {{ 7 * 7 }}  # {% raw %}\n```\n\nEnd",
            "13",
        ),
        note("Ten sorts after nine.", "10", category="feature"),
        note("Nine.", "9", category="feature"),
        note("By name.", "gh-77", category="feature"),
        note("Not to be seen.", "5", category="misc"),
        note("An orphan that is seen.", category="misc"),
    ),
    section(note("Hidden.", "6", "7", category="misc"), name="Only.Hidden", version="2!1.0rc1"),
    section(name="nothing", version="0.1"),
    section(note("{{ name }} {# no #} <b>&amp;</b> \\ \" '", "3"), name="agents-plugin-xai"),
)

OWN_TEMPLATE = """
{% macro line(text) %}* {{ text }}{% endmacro %}
{%- set title = versiondata.name ~ "=" ~ versiondata.version ~ "@" ~ versiondata.date %}
{{ header_prefix }}: {{ title }} {{ render_title }} {{ sections | length }}
{% for section, _ in sections.items() %}{% for category, val in definitions.items() %}
{% if category in sections[section] %}
{{ header_prefix }}# {{ definitions[category]['name'] }} {{ issues_by_category[section][category] }}
{% for text, values in sections[section][category].items() %}
{{ line(text | replace("a", "A")) }} -> {{ values | join(';') }}
{% endfor %}
{% endif %}
{% endfor %}{% endfor %}
{% block footer %}{% for section in sections %}[{{ section }}]{% endfor %}{% endblock %}

"""


@pytest.mark.parametrize(
    ("look", "template"),
    [
        (LOOK, None),
        (Towncrier(categories=CATEGORIES), None),
        (Towncrier(categories=CATEGORIES, title_format="{name} {version}"), None),
        (Towncrier(categories=CATEGORIES, title_format=""), None),
        (
            Towncrier(categories=CATEGORIES, issue_format="[{issue}]: https://x.example/{issue}"),
            None,
        ),
        (LOOK, OWN_TEMPLATE),
        (
            Towncrier(categories=CATEGORIES, title_format=""),
            OWN_TEMPLATE + "{% if 1 %}\n{% endif %}\n",
        ),
    ],
    ids=["usual", "plain links", "flat title", "its title", "references", "own", "own title"],
)
def test_each_section_is_byte_for_byte_what_towncrier_prints_for_it_alone(
    look: Towncrier, template: str | None, tmp_path: Path
) -> None:
    expected = [
        alone(tmp_path / str(number), each, look, template) for number, each in enumerate(SECTIONS)
    ]

    assert rendered(*SECTIONS, look=look, template=template) == expected


def test_nobody_has_no_sections() -> None:
    assert render({}, LOOK, template=None, date=DATE) == {}


def test_sections_keep_their_order_and_names() -> None:
    wanted = {canonicalize_name(s.name): s for s in reversed(SECTIONS)}

    assert list(render(wanted, LOOK, template=None, date=DATE)) == list(wanted)


# ── what towncrier breaks ───────────────────────────────────────────────────────────────

NEXT = note("The next entry.", "9999")
AFTER = "\n## 1.0.43 - 2026-01-01\n\n- Old\n"


def blocks(text: str) -> Sequence[str]:
    return [token.type for token in MARKDOWN.parse(text)]


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("Try:\n\n```python\nx = 1\n```", "fence"),
        ("Try:\n\n~~~\nx = 1\n~~~", "fence"),
        ("Compare:\n\n| a | b |\n|---|---|\n| 1 | 2 |", "table_open"),
        ("They said:\n\n> No.\n> Never.", "blockquote_open"),
        ("Try:\n\n    x = 1", "code_block"),
        ("Steps:\n\n- One\n\n  ```\n  x = 1\n  ```", "fence"),
    ],
    ids=["backticks", "tildes", "table", "quote", "indented", "in a list"],
)
def test_a_link_behind_a_block_is_a_paragraph_of_its_own(text: str, block: str) -> None:
    page = said(note(text, "1042"), NEXT) + AFTER

    assert blocks(page).count(block) == 1
    inline = [token.content for token in MARKDOWN.parse(page) if token.type == "inline"]
    assert "([#1042](https://forge.example/pull/1042))" in inline
    assert inline[-2:] == ["1.0.43 - 2026-01-01", "Old"], "what follows is not swallowed"
    assert "\x02" not in page


def test_towncrier_alone_still_breaks_them(tmp_path: Path) -> None:
    """When this fails, towncrier has been mended, and so could be our mending."""
    broken = section(note("Try:\n\n```python\nx = 1\n```", "1042"), NEXT)

    assert "```([#1042]" in alone(tmp_path, broken, LOOK, None).replace(" ", "")


def test_a_template_without_links_behind_the_text_leaves_no_traces() -> None:
    template = "{% for t in sections[''].fix %}\n- {{ t }}\n{% endfor %}\n"

    (page,) = rendered(
        section(note("Try:\n\n```\nx\n```", "1"), note("Then.", "2")), template=template
    )

    assert page == "## 1.0.44 - 2026-11-22\n- Try:\n\n  ```\n  x\n  ```\n- Then.\n"


TEXTS = st.sampled_from(["Alpha.", "Beta.", "Gamma.", "Try:\n\n```\nx\n```", "Delta\n\n> quote"])
NOTES = st.lists(
    st.builds(lambda text, issue: note(text, *issue), TEXTS, st.sampled_from([(), ("1",), ("2",)])),
    max_size=8,
)


@pytest.mark.property
@settings(max_examples=6, deadline=None)
@given(st.lists(NOTES, min_size=1, max_size=6))
def test_the_order_of_the_notes_does_not_matter(drawn: list[list[Note]]) -> None:
    one_way = [section(*notes, name=f"m{n}") for n, notes in enumerate(drawn)]
    another = [section(*reversed(notes), name=f"m{n}") for n, notes in enumerate(drawn)]

    assert rendered(*one_way) == rendered(*another)


def test_entries_with_equal_links_are_in_the_order_of_their_texts() -> None:
    texts = ["Gamma.", "Alpha.", "Beta."]

    page = said(*(note(text, "1042") for text in texts), note("First.", "7"))

    found = [line[2:].split(" ")[0] for line in page.splitlines() if line.startswith("- ")]
    assert found == ["First.", "Alpha.", "Beta.", "Gamma."]


# ── hostile text ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("{% raw %} {% endfor %}", "{% raw %} {% endfor %}"),
        ("{# gone? #}", "{# gone? #}"),
        ("\x1e0\x1e", "0"),
        ("\x02 (x)", "(x)"),
        ("\x1b[31mred\x1b[0m \x9b31m\x07", "[31mred[0m 31m"),
        (f"See {MARKER}.", f"See &lt;{MARKER[1:]}."),
        ("a\r\nb\rc", "a\n  b\n  c"),
        ("lone \ud800 half", "lone  half"),
    ],
)
def test_text_stays_text(text: str, expected: str) -> None:
    assert f"- {expected} ([#1](https://forge.example/pull/1))\n" in said(note(text, "1"))


@pytest.mark.parametrize(
    "text", ["---", "# Big\n\n## 1.0.0", f"x\n\n{MARKER}", "- - -", "1. x\n---"]
)
def test_no_text_gets_out_of_its_entry(text: str) -> None:
    page = MARKDOWN.parse(said(note(text, "1"), NEXT) + AFTER)

    outside = [token.tag for token in page if token.level == 0 and token.nesting >= 0]
    assert outside == ["h2", "h3", "ul", "h2", "ul"]


def test_names_and_titles_are_not_evaluated() -> None:
    look = Towncrier(
        categories=(Category(directory="fix", title='{{ 1 + 1 }} "\x1e'),),
        title_format="## {{{{ 2 }}}} {name} {version}",
        issue_format='{{{{ 3 }}}}"{issue}',
    )

    (page,) = rendered(section(note("x", "4"), name='a"{{ 5 }}'), look=look)

    assert page == ('## {{ 2 }} a"{{ 5 }} 1.0.44\n\n### {{ 1 + 1 }} "\n\n- x ({{ 3 }}"4)\n')


# ── failures ────────────────────────────────────────────────────────────────────────────


def failure(
    template: str | None, *notes: Note, path: str | None = "changes/template.md"
) -> TowncrierFailed:
    look = Towncrier(categories=CATEGORIES, template=path)
    with pytest.raises(TowncrierFailed) as failed:
        rendered(section(*notes), look=look, template=template)
    return failed.value


def test_a_broken_template_is_named_with_its_line() -> None:
    problem = failure("fine\n{% fro x in y %}\n", note("x", "1"))

    assert problem.where == "changes/template.md:2"
    assert "unknown tag 'fro'" in problem.problem
    assert problem.hint


def test_a_template_that_fails_is_named_with_its_line() -> None:
    problem = failure("fine\nfine\n{{ nobody.knows }}\n", note("x", "1"))

    assert problem.where == "changes/template.md:3"
    assert "'nobody' is undefined" in problem.problem


def test_a_template_that_ends_the_loop_is_refused() -> None:
    assert "something else" in failure("{% endfor %}{% for x in [1, 2] %}\x1e", note("x")).problem


def test_an_unknown_category_is_not_passed_over() -> None:
    problem = failure(None, note("x", "1", category="typo"), path=None)

    assert "Invalid news fragment name: 1.typo.0" in problem.problem
    assert problem.where == ""
    assert "Traceback" not in problem.problem


def test_a_template_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS", 0.5)

    problem = failure("{% for x in range(10 ** 12) %}{% endfor %}", note("x"))

    assert "took longer" in problem.problem


def test_no_room_for_the_scratch_folder_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))

    problem = failure(None, note("x"))

    assert "No such file or directory" in problem.problem
    assert problem.where.startswith(str(tmp_path / "gone"))
    assert "TMPDIR" in problem.hint


def test_nothing_in_the_scratch_folder_is_imported(tmp_path: Path) -> None:
    """A fragment called ``click.fix.0`` is no module; but the guard is not left to that."""
    files = lay_out([section(note("x"))], LOOK, "fine")
    room._write({**files, "click.py": "raise SystemExit('imported')"}, tmp_path)

    words = ["build", "--draft", "--config=towncrier.toml", "--dir=.", "--version=0"]
    with running("towncrier", [*words, f"--date={DATE}"], tmp_path) as run:
        ended = run.wait(60)

    assert ended.status == 0
    assert "imported" not in ended.output + ended.complaint
