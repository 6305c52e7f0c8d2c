from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.migrations.scriv import (
    ScrivProject,
    parse_project,
    parse_settings,
    read_notes,
)

ROOT, PATH = PurePosixPath(), PurePosixPath("setup.cfg")
PROJECT = ScrivProject(folder=PurePosixPath("changelog.d"), skipped="README.*")

MARKDOWN = """\
<!--
A new fragment.

-->

<!--
### Removed

- A bullet item.

-->

### Added

- One thing
  in two lines.

  #### A part

- Another <!-- thing.

<a id='x'></a>
### Fixed

Just words.
<!-- one line -->
"""
RST = """\
.. A new fragment.
..
.. Removed
.. -------
..

.. _anchor:

Added
-----

- A ``thing``, |so| to say.

- Another:

  Part
  ====

Security
--------

Closed a hole.
"""


def notes(name: str, text: str) -> list[tuple[str, str]]:
    found, _ = read_notes(PROJECT, {PurePosixPath("changelog.d", name): text.encode()})
    return [(note.kind, note.text) for note in found]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_headings_are_categories_and_items_are_notes(newline: str) -> None:
    assert notes("a.md", MARKDOWN.replace("\n", newline)) == [
        ("Added", "One thing\nin two lines.\n\n#### A part"),
        ("Added", "Another <!-- thing."),
        ("Fixed", "Just words."),
    ]


def test_restructured_text_is_read_and_translated() -> None:
    found, findings = read_notes(PROJECT, {PurePosixPath("changelog.d/a.rst"): RST.encode()})

    assert [(note.kind, note.text) for note in found] == [
        ("Added", "A `thing`, |so| to say."),
        ("Added", "Another:\n\nPart\n===="),
        ("Security", "Closed a hole."),
    ]
    assert [(f.code, f.line) for f in findings] == [("note-needs-a-look", 12)]


def test_words_above_all_headings_have_no_category() -> None:
    assert notes("a.md", "Just words.\n\n- And an item.\n") == [
        ("", "Just words.\n\n- And an item.")
    ]
    assert notes("a.rst", "Just words.") == [("", "Just words.")]


@pytest.mark.parametrize(
    "text", ["", "<!-- all\n\nof it", ".. all of it", "# Added\n\n<!-- x -->\n"]
)
def test_where_all_is_commented_out_there_is_nothing(text: str) -> None:
    assert notes("a.rst" if text.startswith("..") else "a.md", text) == []


def test_a_list_with_words_behind_it_is_one_note() -> None:
    assert notes("a.md", "# Added\n- one\n- two\nlast\n") == [("Added", "- one\n- two\nlast")]


def test_pages_and_other_files_are_none() -> None:
    assert notes("README.md", "x") == []
    assert notes("scriv.ini", "x") == []


@pytest.mark.parametrize(
    ("texts", "settings"),
    [
        ({}, {}),
        ({"setup.cfg": "[metadata]\nname = x\n"}, {}),
        ({"setup.cfg": "[scriv]\nfragment_directory = a\n"}, {"fragment_directory": "a"}),
        ({"tox.ini": "[tool.scriv]\nformat = md\nx = %(y)s\n"}, {"format": "md", "x": "%(y)s"}),
        (
            {
                "setup.cfg": "[scriv]\nformat = rst\n",
                "changelog.d/scriv.ini": "[scriv]\nformat=md\n",
            },
            {"format": "md"},
        ),
    ],
)
def test_settings_stand_in_many_places(texts: dict[str, str], settings: dict[str, str]) -> None:
    found, findings = parse_settings({PurePosixPath(n): text for n, text in texts.items()})

    assert (found, findings) == (settings, ())


def test_a_file_of_settings_that_cannot_be_read_is_told() -> None:
    _, (finding,) = parse_settings({PATH: "scriv = 1"})

    assert finding.code == "settings-unreadable"
    assert finding.path == PATH


def test_the_folder_is_the_configured_one() -> None:
    own = PurePosixPath("packages/core")
    table = {"tool": {"scriv": {"fragment_directory": "news", "skip_fragments": "x*"}}}

    assert str(parse_project(own, {}, {}, PATH).folder) == "packages/core/changelog.d"
    assert parse_project(own, table, {"fragment_directory": "no"}, PATH) == ScrivProject(
        folder=own / "news", skipped="x*"
    )


@pytest.mark.parametrize("value", ["command: rm -rf .", "file: x", "literal: a: b"])
def test_nothing_is_run_to_learn_a_setting(value: str) -> None:
    found = parse_project(ROOT, {}, {"fragment_directory": value}, PATH)

    assert str(found.folder) == "changelog.d"
    assert [finding.code for finding in found.findings] == ["setting-not-carried"]


@pytest.mark.property
@given(st.text(alphabet="#-=. <!>a\n*"), st.sampled_from(["a.md", "a.rst"]))
def test_any_text_is_read(text: str, name: str) -> None:
    for kind, said in notes(name, text):
        assert kind in text
        assert said.strip() == said
