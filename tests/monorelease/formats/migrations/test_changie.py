from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.migrations.changie import ChangieConfig, parse_config, read_changie
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding
from monorelease.model.migration import Legacy, PendingNote

PATH, NOTE = PurePosixPath(".changie.yaml"), PurePosixPath(".changes/unreleased/a.yaml")

CONFIG = """\
changesDir: .changes
unreleasedDir: unreleased
kinds:
  - label: Sprouted
    key: grown
    auto: minor
  - label: Fixed
    auto: patch
  - key: Quiet
    auto: none
  - odd
projects:
  - label: Acme Core
    key: core
    changelog: packages/core/CHANGELOG.md
  - label: App
    key: app
  - label: Lone
    changelog: CHANGELOG.md
"""


def config(text: str = CONFIG) -> ChangieConfig:
    found = parse_config(PATH, text.encode())
    assert isinstance(found, ChangieConfig)
    return found


def legacy(text: str, found: ChangieConfig | None = None) -> Legacy:
    return read_changie(found or config(), {NOTE: text.encode()})


def test_a_file_is_a_note() -> None:
    text = """\
project: core
kind: grown
body: |-
  Two
  lines: "x"
time: 2026-11-22T16:22:43Z
custom:
  Issue: "12"
"""

    assert legacy(text).notes == (
        PendingNote(
            path=NOTE,
            names=(("packages/core", None),),
            kind="Sprouted",
            bump=Bump.MINOR,
            number="12",
            text='Two\nlines: "x"',
        ),
    )


@pytest.mark.parametrize(
    ("project", "name"),
    [
        ("core", "packages/core"),
        ("Acme Core", "packages/core"),
        ("app", "app"),
        ("Lone", "Lone"),
        ("new", "new"),
    ],
)
def test_a_project_is_known_by_its_folder_or_its_name(project: str, name: str) -> None:
    (note,) = legacy(f"project: {project}\nkind: Fixed\nbody: It.\n").notes

    assert note.names == ((name, None),)


@pytest.mark.parametrize(
    ("kind", "label", "bump"),
    [
        ("Sprouted", "Sprouted", Bump.MINOR),
        ("Fixed", "Fixed", Bump.PATCH),
        ("Quiet", "Quiet", Bump.NONE),
        ("Other", "Other", None),
    ],
)
def test_a_kind_says_how_far(kind: str, label: str, bump: Bump | None) -> None:
    (note,) = legacy(f"kind: {kind}\nbody: It.\n").notes

    assert (note.kind, note.bump, note.names) == (label, bump, ())


@pytest.mark.parametrize(
    ("custom", "number"),
    [
        ('{ Issue: "#7" }', "7"),
        ("{ PR: 8 }", "8"),
        ("{ Author: ada, issue number: 9 }", "9"),
        ("{ Issue: none, PR: 3 }", "3"),
        ("{ Author: ada }", ""),
        ("none", ""),
    ],
)
def test_an_issue_may_be_among_its_own_fields(custom: str, number: str) -> None:
    (note,) = legacy(f"kind: Fixed\nbody: It.\ncustom: {custom}\n").notes

    assert note.number == number


def test_a_part_of_a_project_stands_before_the_words() -> None:
    (note,) = legacy("component: cli\nkind: Fixed\nbody: it is freed\n").notes

    assert note.text == "cli: it is freed"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("kind: Fixed\n", "it has no body"),
        ("- a\n", "it is no table"),
        ("a: [\n", "expected the node content"),
        ("a: &x 1\nbody: *x\n", "it has an alias"),
        ("a: \ufffe", "special characters"),
        (f"body: {'x' * 300_000}", "more than 262,144 bytes"),
        ("body: " + "[" * 5_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_note_is_an_error(text: str, problem: str) -> None:
    (finding,) = legacy(text).findings

    assert finding.is_error
    assert problem in finding.problem


def test_other_files_are_none_and_all_others_can_go() -> None:
    files = {NOTE: b"kind: Fixed\nbody: It.\n", NOTE.with_name(".gitkeep"): b""}
    found = read_changie(config(), files)

    assert found.findings == ()
    assert found.files == (NOTE, PATH)


def test_without_settings_the_usual_ones_count() -> None:
    bare = config("a: b\n")

    assert str(bare.folder) == ".changes/unreleased"
    assert str(config("unreleasedDir: next\n").folder) == ".changes/next"
    assert bare.findings == ()


def test_settings_without_a_counterpart_are_told() -> None:
    found = config("components: [a]\nreplacements:\n  - path: x\npost: []\n")

    assert [finding.problem.split()[0] for finding in found.findings] == [
        "components",
        "replacements",
    ]
    assert legacy("kind: x\nbody: y\n", found).findings == found.findings


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"- a", b"{"], ids=["empty", "bytes", "list", "open"]
)
def test_a_configuration_that_cannot_be_read_is_an_error(data: bytes) -> None:
    found = parse_config(PATH, data)

    assert isinstance(found, Finding)
    assert found.code == "settings-unreadable"


@pytest.mark.property
@given(st.binary(max_size=200))
def test_no_bytes_are_a_bug(data: bytes) -> None:
    parse_config(PATH, data)
    read_changie(config(), {NOTE: data})
