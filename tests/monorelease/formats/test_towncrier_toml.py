"""``[tool.towncrier]`` means to us what it means to towncrier."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path, PurePosixPath

import pytest

from monorelease.formats.towncrier_toml import parse_towncrier
from monorelease.model.config import DEFAULT_CATEGORIES, Category, Towncrier
from monorelease.model.finding import Finding

PATH = PurePosixPath("towncrier.toml")


def parse(text: str, changelog: str = "CHANGELOG.md") -> tuple[Towncrier, tuple[Finding, ...]]:
    return parse_towncrier({"tool": {"towncrier": tomllib.loads(text)}}, PATH, changelog)


def good(text: str, changelog: str = "CHANGELOG.md") -> Towncrier:
    look, findings = parse(text, changelog)
    assert findings == ()
    return look


def directories(look: Towncrier) -> list[str]:
    return [category.directory for category in look.categories]


def test_without_a_table_everything_has_its_default() -> None:
    assert parse_towncrier({}, PATH, "CHANGELOG.md") == (
        Towncrier(categories=DEFAULT_CATEGORIES),
        (),
    )


def test_keys_that_are_towncriers_own_business_are_left_to_it() -> None:
    look = good('filename = "NEWS.md"\nignore = 3\nsection = [{ path = "x" }]\nwrapp = true')

    assert look == Towncrier(categories=DEFAULT_CATEGORIES)


def test_the_array_of_types_keeps_its_order() -> None:
    look = good(
        """
        [[type]]
        directory = "fix"
        name = "Fixes"
        [[type]]
        name = "Deprecations"
        showcontent = false
        check = false
        """
    )

    assert look.categories == (
        Category(directory="fix", title="Fixes"),
        Category(directory="deprecations", title="Deprecations", show_content=False),
    )


def test_fragment_tables_are_sorted_by_name_and_win_over_the_array() -> None:
    look = good(
        """
        type = [{ name = "Other" }]
        [fragment.fix]
        [fragment.chore]
        name = "Chores"
        showcontent = false
        """
    )

    assert look.categories == (
        Category(directory="chore", title="Chores", show_content=False),
        Category(directory="fix", title="Fix"),
    )


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        pytest.param('type = [{ directory = "b", name = "B" }, { name = "A" }]', ["b", "a"]),
        pytest.param('fragment = { b = {}, a = { name = "Z" } }', ["a", "b"]),
    ],
    ids=["array", "tables"],
)
def test_towncrier_itself_reads_the_same_categories(
    tmp_path: Path, types: str, expected: list[str]
) -> None:
    (tmp_path / "towncrier.toml").write_text(f"[tool.towncrier]\ndirectory = 'n'\n{types}\n")

    command = [sys.executable, "-m", "towncrier", "create", "-c", "x", "1.nonsense.md"]
    said = subprocess.run(
        command, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60
    )

    assert f"one of: {', '.join(expected)}" in said.stderr
    assert directories(good(types)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            'title_format = "## {name} {version} ({project_date})"',
            "## {name} {version} ({project_date})",
        ),
        ("title_format = false", ""),
        ('title_format = ""', "## {version} - {project_date}"),
        ('title_format = "## {{{version}}}"', "## {{{version}}}"),
    ],
)
def test_the_title_is_a_format_or_left_to_the_template(written: str, expected: str) -> None:
    assert good(written).title_format == expected


@pytest.mark.parametrize(
    ("written", "changelog", "expected"),
    [
        ("", "CHANGELOG.md", "<!-- towncrier release notes start -->"),
        ("", "docs/NEWS.rst", ".. towncrier release notes start"),
        ('start_string = ""', "NEWS.txt", ".. towncrier release notes start"),
        ('start_string = "<!-- here -->\\n"', "CHANGELOG.md", "<!-- here -->"),
    ],
)
def test_the_marker_is_the_one_towncrier_looks_for(
    written: str, changelog: str, expected: str
) -> None:
    assert good(written, changelog).start_string == expected


def test_paths_and_links_are_taken_over() -> None:
    look = good('template = "changes/_t.md"\nissue_format = "!{issue}"\ndirectory = "news/"')

    assert look.template == "changes/_t.md"
    assert look.issue_format == "!{issue}"
    assert look.directory == "news"


@pytest.mark.parametrize("name", ["towncrier:default", "towncrier:default.md"])
def test_towncriers_own_template_is_no_template_of_ours(name: str) -> None:
    assert good(f'template = "{name}"').template is None


@pytest.mark.parametrize(
    ("written", "code", "key", "problem"),
    [
        ("template = 'acme.news:big'", "config-bad-value", ("template",), "inside a package"),
        ("template = 'towncrier:hr-between-versions'", "config-bad-value", ("template",), "inside"),
        ("template = '../t.md'", "config-bad-value", ("template",), "may not contain '..'"),
        ("directory = '/news'", "config-bad-value", ("directory",), "must be relative"),
        ("directory = '.'", "config-bad-value", ("directory",), "below the folder"),
        ("title_format = true", "config-wrong-type", ("title_format",), "not true"),
        ("title_format = 1", "config-wrong-type", ("title_format",), "must be a string or false"),
        ("title_format = '## x'", "config-bad-value", ("title_format",), "{version}"),
        ("title_format = '{version.x}'", "config-bad-value", ("title_format",), "no fields but"),
        ("issue_format = '{issue[0]}'", "config-bad-value", ("issue_format",), "no fields but"),
        ('start_string = "\\u001b"', "config-bad-value", ("start_string",), "control characters"),
        ("type = {}", "config-wrong-type", ("type",), "must be an array of tables"),
        ("type = [{ directory = 'x' }]", "config-missing-key", ("type", 0), "has no 'name'"),
        ("type = [{ name = 'C/C++' }]", "config-bad-value", ("type", 0), "needs a directory"),
        ("type = [{ name = ' ' }]", "config-bad-value", ("type", 0, "name"), "blank"),
        ("fragment.'a.b' = {}", "config-bad-value", ("fragment", "a.b"), "dots or slashes"),
        (
            "fragment.a.showcontent = 1",
            "config-wrong-type",
            ("fragment", "a", "showcontent"),
            "true",
        ),
        (
            "type = [{ name = 'Fix' }, { name = 'Fixes', directory = 'fix' }]",
            "config-duplicate",
            ("type", 1),
            "listed twice",
        ),
    ],
)
def test_what_cannot_be_followed_is_found(
    written: str, code: str, key: tuple[str | int, ...], problem: str
) -> None:
    _, (finding,) = parse(written)

    assert (finding.code, finding.path) == (code, PATH)
    assert finding.key == ("tool", "towncrier", *key)
    assert problem in finding.problem
    assert finding.hint


def test_a_table_that_is_none_is_refused() -> None:
    look, (finding,) = parse_towncrier({"tool": {"towncrier": 1}}, PATH, "CHANGELOG.md")

    assert look == Towncrier(categories=DEFAULT_CATEGORIES)
    assert finding.code == "config-wrong-type"
