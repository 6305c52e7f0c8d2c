"""Pairs of words become entries, or a hint that helps."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.formats.fragment_entries import read_entries
from monorelease.formats.plain_pairs import Pair
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding

PATH = PurePosixPath("changes/1.fix.md")


def judge(*pairs: tuple[str, str]) -> tuple[list[tuple[str, Bump, int]], tuple[Finding, ...]]:
    written = [
        Pair(name=name, word=word, first=line, last=line)
        for line, (name, word) in enumerate(pairs, 2)
    ]
    entries, findings = read_entries(written, PATH)
    assert all(finding.path == PATH and finding.problem.isprintable() for finding in findings)
    return [(entry.name, entry.bump, entry.line) for entry in entries], findings


def test_good_pairs_are_entries_in_their_order() -> None:
    entries, findings = judge(("b", "minor"), ("Acme_Core", "patch"), ("a", "none"), ("9", "major"))

    assert findings == ()
    assert entries == [
        ("b", Bump.MINOR, 2),
        ("acme-core", Bump.PATCH, 3),
        ("a", Bump.NONE, 4),
        ("9", Bump.MAJOR, 5),
    ]


@pytest.mark.parametrize(
    ("name", "word", "code", "problem", "hint"),
    [
        ("a", "pathc", "unknown-bump", "'pathc' is not a bump", "did you mean 'patch'?"),
        ("a", "Patch", "unknown-bump", "'Patch' is not a bump", "did you mean 'patch'?"),
        ("a", "patch\n", "unknown-bump", "'patch\\n' is not a bump", "did you mean 'patch'?"),
        (
            *("a", "fix", "unknown-bump", "'fix' is not a bump"),
            "did you mean 'patch'? the category stands in the file name",
        ),
        (
            *("a", "Feat", "unknown-bump", "'Feat' is not a bump"),
            "did you mean 'minor'? the category stands in the file name",
        ),
        (
            *("a", "breaking", "unknown-bump", "'breaking' is not a bump"),
            "did you mean 'major'? the category stands in the file name",
        ),
        (
            *("patch", "acme-core", "unknown-bump", "'acme-core' is not a bump"),
            "the package comes first: 'acme-core: patch'",
        ),
        (
            *("a", "zzz", "unknown-bump", "'zzz' is not a bump"),
            "the bumps are: none, patch, minor, major",
        ),
        (
            *("a", "", "unknown-bump", "'a' has no bump"),
            "the bumps are: none, patch, minor, major",
        ),
        (
            *(" ", "patch", "empty-name", "there is a bump without a name"),
            "write the name of a package before the colon",
        ),
        (
            *(
                "@acme/core",
                "patch",
                "bad-name",
                "'@acme/core' is not the name of a Python package",
            ),
            "write the name of a package as its pyproject.toml has it",
        ),
        (
            *("a\x1b[31m", "patch", "bad-name", "'a\\x1b[31m' is not the name of a Python package"),
            "write the name of a package as its pyproject.toml has it",
        ),
        (
            *("acme\n", "patch", "bad-name", "'acme\\n' is not the name of a Python package"),
            "write the name of a package as its pyproject.toml has it",
        ),
        (
            # U+017F, which is an s to those who ignore case
            *("\u017f", "patch", "bad-name", "'\u017f' is not the name of a Python package"),
            "write the name of a package as its pyproject.toml has it",
        ),
    ],
)
def test_a_bad_pair_is_no_entry(name: str, word: str, code: str, problem: str, hint: str) -> None:
    entries, (finding,) = judge((name, word))

    assert entries == []
    assert (finding.code, finding.problem, finding.hint) == (code, problem, hint)
    assert finding.line == 2


def test_one_package_has_one_entry_however_it_is_spelled() -> None:
    entries, findings = judge(
        ("acme-core", "patch"), ("b", "minor"), ("Acme.Core", "major"), ("acme-core", "patch")
    )

    assert entries == [("acme-core", Bump.PATCH, 2), ("b", Bump.MINOR, 3)]
    assert [(finding.code, finding.line, finding.problem) for finding in findings] == [
        ("duplicate-entry", 4, "'Acme.Core' is already named on line 2"),
        ("duplicate-entry", 5, "'acme-core' is already named on line 2"),
    ]


def test_everything_wrong_is_found_at_once() -> None:
    entries, findings = judge(("a b", "pathc"), ("c", "x"), ("c", "y"), ("d", "patch"))

    assert entries == [("d", Bump.PATCH, 5)]
    assert [(finding.code, finding.line) for finding in findings] == [
        ("bad-name", 2),
        ("unknown-bump", 2),
        ("unknown-bump", 3),
        ("unknown-bump", 4),
        ("duplicate-entry", 4),
    ]


def test_an_endless_word_is_not_shown_to_its_end() -> None:
    _, (finding,) = judge(("a", "x" * 100_000))

    assert len(finding.problem) < 200
