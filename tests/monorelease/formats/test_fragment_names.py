"""File names are read as towncrier reads them, and what they lack is said."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.fragment_names import fragment_name, is_fragment, read_name

CATEGORIES = ("breaking", "feature", "fix", "misc")


def path(name: str) -> PurePosixPath:
    return PurePosixPath("changes") / name


@pytest.mark.parametrize(
    "name", ["1042.fix.md", "+slug.fix.md", "1042.md", "brave-owl.md", "1.FIX.MD"]
)
def test_markdown_in_the_folder_is_meant_as_a_fragment(name: str) -> None:
    assert is_fragment(path(name))


@pytest.mark.parametrize(
    "name",
    [
        *(".fix.md", ".gitkeep", "README.md", "readme.MD", "AGENTS.md", "CLAUDE.md", "GEMINI.md"),
        *("_template.md", "1042.fix", "1042.fix.rst", "template.jinja"),
    ],
)
def test_notes_templates_and_other_files_are_not(name: str) -> None:
    assert not is_fragment(path(name))


@pytest.mark.parametrize(
    ("name", "issue", "category"),
    [
        ("1042.fix.md", "1042", "fix"),
        ("001042.fix.md", "1042", "fix"),
        ("000.fix.md", "0", "fix"),
        ("1042.fix.3.md", "1042", "fix"),
        ("+slug.feature.md", "+slug", "feature"),
        ("fix-1.2.3.feature.md", "fix-1.2.3", "feature"),
        ("fix.misc.fix.md", "fix.misc", "fix"),
        ("gh-12.fix.1.MD", "gh-12", "fix"),
    ],
)
def test_the_category_is_looked_for_from_the_right(name: str, issue: str, category: str) -> None:
    assert read_name(path(name), CATEGORIES) == (issue, category, ())


@pytest.mark.parametrize(
    ("name", "issue", "category", "code", "hint"),
    [
        ("1042.fxi.md", "1042", "fxi", "unknown-category", "did you mean 'fix'?"),
        ("1042.Fix.md", "1042", "Fix", "unknown-category", "did you mean 'fix'?"),
        ("1042.fxi.2.md", "1042", "fxi", "unknown-category", "did you mean 'fix'?"),
        (
            "1042.zebra.md",
            *("1042", "zebra", "unknown-category"),
            "the categories are: breaking, feature, fix, misc",
        ),
        (
            "1042.md",
            *("1042", "", "missing-category"),
            "put a category before .md; the categories are: breaking, feature, fix, misc",
        ),
        (
            "1042.2.md",
            *("1042.2", "", "missing-category"),
            "put a category before .md; the categories are: breaking, feature, fix, misc",
        ),
    ],
)
def test_a_category_is_guessed_or_asked_for(
    name: str, issue: str, category: str, code: str, hint: str
) -> None:
    said = read_name(path(name), CATEGORIES)

    assert said[:2] == (issue, category)
    (finding,) = said[2]
    assert (finding.code, finding.hint, finding.path) == (code, hint, path(name))


@pytest.mark.parametrize(
    "name",
    ["a b.fix.md", "](x).fix.md", "<b>.fix.md", "++x.fix.md", "1042.fix.foo.md", "1.fix.1.2.md"],
)
def test_a_name_that_would_not_pass_through_a_changelog_is_refused(name: str) -> None:
    *_, (finding,) = read_name(path(name), CATEGORIES)

    assert finding.code == "bad-fragment-name"
    assert repr(name) in finding.problem


def test_everything_wrong_with_a_name_is_found_at_once() -> None:
    *_, findings = read_name(path("\x1b[31m.fxi.md"), CATEGORIES)

    assert [finding.code for finding in findings] == ["unknown-category", "bad-fragment-name"]
    assert all(finding.problem.isprintable() for finding in findings)


@pytest.mark.property
@given(
    issue=st.integers(0, 10**9).map(str) | st.from_regex(r"\+[a-z][a-z0-9-]{0,8}", fullmatch=True),
    category=st.sampled_from(CATEGORIES),
    counter=st.integers(0, 99),
)
def test_a_name_that_was_written_reads_back(issue: str, category: str, counter: int) -> None:
    name = fragment_name(issue, category, counter)

    assert is_fragment(path(name))
    assert read_name(path(name), CATEGORIES) == (issue, category, ())


@pytest.mark.property
@given(st.text(max_size=30), st.sets(st.text(max_size=5)))
def test_no_name_is_too_strange(name: str, categories: set[str]) -> None:
    *_, findings = read_name(PurePosixPath("changes", name), categories)

    assert all(finding.problem.isprintable() for finding in findings)
