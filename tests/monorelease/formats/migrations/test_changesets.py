from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import pytest

from monorelease.formats.migrations.changesets import read_changesets
from monorelease.model.bump import Bump
from monorelease.model.migration import Legacy, PendingNote

WORDS = '---\n"@acme/core": minor\nacme-app: patch\n---\n\nVoices are detected.\n'


def legacy(config: object = None, /, **notes: str) -> Legacy:
    """What is read of notes by their names, and of a configuration."""
    files = {PurePosixPath(f".changeset/{n}.md"): t.encode() for n, t in notes.items()}
    if config is not None:
        data = config if isinstance(config, bytes) else json.dumps(config).encode()
        files[PurePosixPath(".changeset/config.json")] = data
    return read_changesets(files)


def settings(config: dict[str, Any]) -> dict[tuple[str, ...], object]:
    return {setting.key: setting.content for setting in legacy(config).settings}


def complaints(config: dict[str, Any]) -> list[str]:
    return [finding.problem for finding in legacy(config).findings]


def test_a_changeset_names_projects_and_bumps() -> None:
    found = legacy(two_red_apes=WORDS)

    assert found.notes == (
        PendingNote(
            path=PurePosixPath(".changeset/two_red_apes.md"),
            names=(("@acme/core", Bump.MINOR), ("acme-app", Bump.PATCH)),
            number="+two_red_apes",
            text="Voices are detected.",
        ),
    )
    assert found.findings == ()


@pytest.mark.parametrize("text", [WORDS.replace("\n", "\r\n"), f"\n \n{WORDS}", f"\ufeff{WORDS}"])
def test_blanks_before_it_and_newlines_of_windows_are_fine(text: str) -> None:
    assert legacy(a=text).notes == legacy(a=WORDS).notes


def test_lines_for_the_changelog_of_changesets_are_taken_out() -> None:
    (note,) = legacy(
        a="---\na: patch\n---\npr: #42\nCommit: 1234abc\nauthor: @ada\n\nIt is freed.\n\nuser: x\n"
    ).notes

    assert (note.number, note.text) == ("42", "It is freed.")


def test_an_empty_changeset_says_that_no_release_is_needed() -> None:
    (note,) = legacy(a="---\n---\n").notes

    assert note.is_for_nobody
    assert note.text == ""


def test_pages_that_are_none_are_left_out_and_go_with_the_rest() -> None:
    found = legacy({}, README="# Changesets", AGENTS="x", a=WORDS)

    assert [note.path.name for note in found.notes] == ["a.md"]
    assert len(found.files) == 4


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("Words.", "there is no front matter", 1),
        ("---\na: patch\n", "the front matter never ends", 1),
        ("---\na: huge\n---\nx", "'huge' is not a bump", 2),
        ("---\n- a\n---\nx", "the front matter is a list", 2),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_line(text: str, problem: str, line: int) -> None:
    (finding,) = legacy(a=text).findings

    assert finding.is_error
    assert finding.problem.startswith(problem)
    assert finding.line == line


def test_every_broken_one_is_found() -> None:
    found = legacy(a="x", b="---\nb: huge\nc: tiny\n---\n", c=WORDS)

    assert len(found.findings) == 3
    assert len(found.notes) == 1


def test_in_pre_mode_nothing_can_be_carried_over() -> None:
    found = read_changesets({PurePosixPath(".changeset/pre.json"): b'{"mode": "pre"}'})

    assert [(f.code, f.is_error) for f in found.findings] == [("in-pre-mode", True)]
    assert "changeset pre exit" in found.findings[0].hint


def test_groups_branches_and_rules_become_settings() -> None:
    config = {
        "fixed": [["@acme/*"], [], "odd"],
        "linked": [["a", "b", 7]],
        "ignore": ["@acme/web"],
        "updateInternalDependencies": "minor",
        "baseBranch": "origin/trunk",
        "___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH": {"updateInternalDependents": "always"},
        "changelog": ["@changesets/changelog-github", {"repo": "acme/tools"}],
    }

    assert settings(config) == {
        ("fixed",): (("@acme/*",),),
        ("linked",): (("a", "b"),),
        ("ignore",): ("@acme/web",),
        ("raise-constraints",): "minor",
        ("dependents",): "always",
        ("publish", "branch"): "trunk",
        ("changelog", "issue-link"): "https://github.com/acme/tools/issues/{issue}",
        ("changelog", "commit-link"): "https://github.com/acme/tools/commit/{commit}",
        ("changelog", "authors"): True,
    }
    assert complaints(config) == []


def test_what_init_writes_needs_no_setting_but_the_branch() -> None:
    written = {
        "$schema": "https://schema.example/config.json",
        "changelog": "@changesets/cli/changelog",
        "commit": False,
        "fixed": [],
        "linked": [],
        "access": "restricted",
        "baseBranch": "main",
        "updateInternalDependencies": "patch",
        "ignore": [],
    }

    assert settings(written) == {("publish", "branch"): "main"}
    assert complaints(written) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("commit", True),
        ("changelog", "./ours.js"),
        ("changelog", ["@changesets/changelog-github", {"repo": "a b"}]),
        ("privatePackages", {"tag": True}),
        ("changedFilePatterns", ["src/**"]),
        ("snapshot", {}),
        ("novelty", 1),
    ],
)
def test_what_has_no_counterpart_is_told(key: str, value: object) -> None:
    (problem,) = complaints({key: value})

    assert problem == f"{key!r} is not carried over"


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"a": 1} x', b"[" * 50_000, b"\xff"], ids=range(6)
)
def test_a_configuration_that_cannot_be_read_is_an_error(data: bytes) -> None:
    (finding,) = legacy(data).findings

    assert finding.code == "settings-unreadable"
    assert finding.is_error


def test_odd_values_are_no_settings() -> None:
    assert settings({"baseBranch": "", "fixed": "x", "ignore": {}}) == {}
