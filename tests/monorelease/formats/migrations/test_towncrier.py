from __future__ import annotations

import tomllib
from pathlib import PurePosixPath

import pytest

from monorelease.formats.migrations.towncrier import NewsProject, parse_project, read_news
from monorelease.model.finding import Finding
from monorelease.model.migration import PendingNote

NAMED = "[project]\nname = 'acme'\n[tool.towncrier]\n"
SECTION = "[[tool.towncrier.section]]\n"
MEMBERS = (PurePosixPath("packages/core"), PurePosixPath("packages/app"))


def project(
    text: str = "[tool.towncrier]\n",
    path: str = "pyproject.toml",
    members: tuple[PurePosixPath, ...] = (),
) -> NewsProject:
    found = parse_project(tomllib.loads(text), PurePosixPath(path), members)
    assert found is not None
    return found


def read(found: NewsProject, **files: str) -> tuple[tuple[PendingNote, ...], tuple[Finding, ...]]:
    """What files say, by their names with two underscores for a dot."""
    named = {PurePosixPath("news", n.replace("__", ".")): t.encode() for n, t in files.items()}
    return read_news(found, named)


def one(found: NewsProject, name: str, text: str = "Words.") -> PendingNote:
    notes, findings = read_news(found, {PurePosixPath("news", name): text.encode()})
    assert findings == ()
    (note,) = notes
    return note


@pytest.mark.parametrize(
    ("text", "directories"),
    [
        ("[tool.towncrier]\ndirectory = 'news'\n", ["news"]),
        ("[tool.towncrier]\n", ["newsfragments"]),
        ("[tool.towncrier]\npackage = 'acme'\n", ["acme/newsfragments"]),
        (f"{NAMED}package_dir = 'src'\n", ["src/acme/newsfragments"]),
        (
            f"[tool.towncrier]\ndirectory = 'news'\n{SECTION}path = ''\n{SECTION}path = 'web'\n",
            ["news", "news/web"],
        ),
        ("[tool.towncrier]\ndirectory = '../../etc'\n", []),
        ("[tool.towncrier]\ndirectory = '.'\n", []),
    ],
)  # fmt: skip
def test_news_lie_where_towncrier_looks_for_them(text: str, directories: list[str]) -> None:
    assert [str(place) for place in project(text).directories] == directories


def test_members_may_share_the_configuration_of_the_root() -> None:
    shared = project("[tool.towncrier]\ndirectory = 'news'\n", members=MEMBERS)
    own = project("[tool.towncrier]\n", "packages/core/towncrier.toml", MEMBERS[:1])

    assert [*map(str, shared.directories)] == ["news", "packages/core/news", "packages/app/news"]
    assert [*map(str, own.directories)] == ["packages/core/newsfragments"]


def test_without_a_table_there_is_no_project() -> None:
    assert parse_project({}, PurePosixPath("pyproject.toml")) is None
    assert parse_project({"tool": {"towncrier": []}}, PurePosixPath("x.toml")) is not None


def test_types_are_towncriers_or_ones_own() -> None:
    own = "[[tool.towncrier.type]]\nname = 'Sprouts'\n[[tool.towncrier.type]]\ndirectory = 'x'\n"
    tables = "[tool.towncrier.fragment.y]\n[tool.towncrier.fragment.z]\nname = 'Zs'\n"

    assert list(project().types) == ["feature", "bugfix", "doc", "removal", "misc"]
    assert project(f"[tool.towncrier]\n{own}").types == {"sprouts": "Sprouts", "x": ""}
    assert project(f"{own}{tables}").types == {"y": "y", "z": "Zs"}


@pytest.mark.parametrize(
    ("name", "number", "kind"),
    [
        ("123.feature.md", "123", "feature"),
        ("0012.bugfix.rst", "12", "bugfix"),
        ("#7.doc", "7", "doc"),
        ("000.misc.1.md", "0", "misc"),
        ("+orphan.removal.md", "+orphan", "removal"),
        ("fix-1.2.feature.md", "fix-1.2", "feature"),
        ("a b.feature.md", "", "feature"),
        ("feature.feature.md", "feature", "feature"),
    ],
)
def test_a_name_says_the_issue_and_the_type(name: str, number: str, kind: str) -> None:
    note = one(project(), name)

    assert (note.number, note.kind, note.text) == (number, kind, "Words.")


@pytest.mark.parametrize(
    ("filename", "name", "said"),
    [
        ("NEWS.rst", "1.misc.rst", "`x`"),
        ("NEWS.rst", "1.misc", "`x`"),
        ("NEWS.rst", "1.misc.md", "``x``"),
        ("NEWS.rst", "1.misc.txt", "``x``"),
        ("NEWS.md", "1.misc", "``x``"),
        ("NEWS.md", "1.misc.rst", "`x`"),
    ],
)
def test_restructured_text_becomes_markdown(filename: str, name: str, said: str) -> None:
    found = project(f"[tool.towncrier]\nfilename = '{filename}'\n")

    assert one(found, name, "``x``").text == said


def test_what_cannot_be_translated_is_told_with_its_line() -> None:
    notes, findings = read(project(), **{"1__misc__rst": "One\n|two|\n"})

    assert notes[0].text == "One\n|two|"
    assert [(f.code, f.line, str(f.path)) for f in findings] == [
        ("note-needs-a-look", 2, "news/1.misc.rst")
    ]


def test_what_is_no_news_is_told_or_known() -> None:
    found = project("[tool.towncrier]\ntemplate = 'news/T.md'\nignore = ['Notes.txt']\n")
    notes, findings = read(
        found, README__md="x", T__md="x", notes__txt="x", x__md="y", **{"1__fix__md": "z"}
    )

    assert notes == ()
    assert [(f.code, str(f.path)) for f in findings] == [
        ("not-a-note", "news/1.fix.md"),
        ("not-a-note", "news/x.md"),
    ]
    assert "feature, bugfix, doc, removal, misc" in findings[0].problem


def test_fragments_of_our_own_are_left_alone() -> None:
    ours, broken = "---\ncore: patch\n---\nWords.\n", "---\ncore: [\nWords.\n"
    notes, _ = read(project(), **{"1__misc__md": ours, "2__misc__md": broken, "3__misc__rst": ours})

    assert [note.path.name for note in notes] == ["2.misc.md", "3.misc.rst"]


def test_settings_without_a_counterpart_are_told() -> None:
    found = project(
        f"[tool.towncrier]\nsingle_file = false\npackage_dir = 'src'\n{SECTION}path = 'a'\n"
    )
    assert found.changelog == ""

    assert {finding.problem.split()[0] for finding in found.findings} == {
        "single_file",
        "package_dir",
        "section",
        "filename",
    }


def test_a_changelog_in_markdown_can_be_gone_on_with() -> None:
    found = project("[tool.towncrier]\nfilename = 'docs/NEWS.md'\n")

    assert (found.changelog, found.is_rst, found.findings) == ("docs/NEWS.md", False, ())


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("template = 'news/look.rst'", "in Markdown"),
        ("template = 'towncrier:default.rst'", None),
        ("template = 'news/look.md'", None),
        (
            "issue_format = '`gh-{issue} <https://x.example/{issue}>`__'",
            "issue_format = '[gh-{issue}](https://x.example/{issue})'",
        ),
        ("issue_format = '[#{issue}](https://x.example/{issue})'", None),
    ],
)
def test_what_still_counts_and_writes_no_markdown_is_told(line: str, words: str | None) -> None:
    findings = project(f"[tool.towncrier]\nfilename = 'NEWS.md'\n{line}\n").findings

    assert [f.code for f in findings] == ([] if words is None else ["setting-needs-a-look"])
    assert all(words is not None and words in finding.hint for finding in findings)


def test_odd_tables_are_looked_over() -> None:
    odd = project("[tool.towncrier]\ntype = 1\nsection = [1]\nignore = 1\ndirectory = 'n'\n")

    assert next(iter(odd.types)) == "feature"
    assert [*map(str, odd.directories)] == ["n"]
