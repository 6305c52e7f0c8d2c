"""``[tool.monorelease]`` is read whole, and every mistake in it is found at once."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from monorelease.formats.config import parse_config
from monorelease.model.bump import Bump
from monorelease.model.config import Config, DependentsPolicy, VersionFile
from monorelease.model.finding import Finding

ROOT = Path(__file__).parents[3]
EXAMPLES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("config_examples.toml").read_text(encoding="utf-8")
)
PYPROJECT = PurePosixPath("pyproject.toml")
CORE = NormalizedName("acme-core")


def parse(text: str) -> tuple[Config, tuple[Finding, ...]]:
    return parse_config({"tool": {"monorelease": tomllib.loads(text)}})


def good(text: str) -> Config:
    config, findings = parse(text)
    assert findings == ()
    return config


@pytest.mark.parametrize("example", EXAMPLES["good"], ids=lambda example: example["toml"].strip())
def test_what_is_good_is_accepted(example: dict[str, Any]) -> None:
    _, findings = parse(example["toml"])

    assert findings == ()


@pytest.mark.parametrize("example", EXAMPLES["bad"], ids=lambda example: ascii(example["toml"]))
def test_what_is_bad_is_found_where_it_stands(example: dict[str, Any]) -> None:
    _, (finding,) = parse(example["toml"])

    assert finding.code == example["code"]
    assert finding.key == ("tool", "monorelease", *example["key"])
    assert finding.path == PYPROJECT
    assert example["problem"] in finding.problem
    assert finding.hint == example.get("hint", finding.hint) != ""
    assert finding.problem.isprintable()


def test_an_empty_table_and_none_at_all_give_the_defaults() -> None:
    assert good("") == Config()
    assert parse_config({}) == (Config(), ())


def test_every_key_reaches_the_configuration() -> None:
    config = good(
        """
        members = ["libs/*"]
        exclude = ["libs/old"]
        fixed = [["Acme_Core", "acme.plugin.*"]]
        linked = [["a", "b"]]
        ignore = ["C"]
        dependents = "always"
        raise-constraints = "never"
        major-on-zero = "major"
        tag = "{name}/{version}"
        version-files.Acme_Core = ["a.py", { path = "b.py", pattern = "v{version}" }]
        hooks.after-release = ["uv lock --offline", ["sh", "-c", "a && b"]]
        [changelog]
        file = "NEWS.md"
        aggregate = "docs/NEWS.md"
        issue-link = "https://forge.example/{issue}"
        commit-link = "https://forge.example/{commit}"
        authors = true
        """
    )

    assert config.members == ("libs/*",)
    assert config.exclude == ("libs/old",)
    assert config.fixed == (("acme-core", "acme-plugin-*"),)
    assert config.linked == (("a", "b"),)
    assert config.ignore == ("c",)
    assert config.dependents is DependentsPolicy.ALWAYS
    assert config.raise_constraints is None
    assert config.major_on_zero is Bump.MAJOR
    assert config.tag == "{name}/{version}"
    assert config.version_files == {
        CORE: (
            VersionFile(path=PurePosixPath("a.py")),
            VersionFile(path=PurePosixPath("b.py"), pattern="v{version}"),
        )
    }
    assert config.hooks_after_release == (("uv", "lock", "--offline"), ("sh", "-c", "a && b"))
    assert config.changelog.file == "NEWS.md"
    assert config.changelog.aggregate == PurePosixPath("docs/NEWS.md")
    assert config.changelog.issue_link == "https://forge.example/{issue}"
    assert config.changelog.commit_link == "https://forge.example/{commit}"
    assert config.changelog.authors


def test_this_repository_is_configured_without_mistakes() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    config, findings = parse_config(data)

    assert findings == ()
    assert config.fixed == (("agents-core", "agents-plugin-*", "agents-plugins-test"),)
    assert "fix" in [category.directory for category in config.towncrier.categories]


def test_everything_wrong_is_found_at_once_and_the_rest_is_kept() -> None:
    config, findings = parse(
        """
        members = ["libs/*", "../libs"]
        fixed = [["a"], [], ["b", 1]]
        dependents = "sometimes"
        tag = "v"
        typo = 1
        changelog = { file = "NEWS.md", author = true }
        """
    )

    assert [finding.key[2:] for finding in findings if finding.key] == [
        ("members", 1),
        ("fixed", 1),
        ("fixed", 2, 1),
        ("dependents",),
        ("tag",),
        ("changelog", "author"),
        ("typo",),
    ]
    assert config.members == ("libs/*",)
    assert config.fixed == (("a",), ("b",))
    assert config.dependents is Config().dependents
    assert config.tag == Config().tag
    assert config.changelog.file == "NEWS.md"


def test_of_two_spellings_the_first_counts_and_a_file_without_a_path_is_none() -> None:
    config, _ = parse(
        """
        [version-files]
        Acme-Core = ["a.py", { pattern = "{version}" }, { path = "../b.py" }]
        acme_core = ["c.py"]
        """
    )

    assert config.version_files == {CORE: (VersionFile(path=PurePosixPath("a.py")),)}


def test_one_value_is_told_all_that_it_breaks() -> None:
    _, (finding,) = parse('tag = "a b"')

    assert "must contain {name}, must contain {version}, may not contain blanks" in finding.problem


def test_a_table_that_is_none_is_refused() -> None:
    config, (finding,) = parse_config({"tool": {"monorelease": 3}})

    assert config == Config()
    assert finding.problem == "tool.monorelease must be a table, not an integer"
    assert finding.hint == 'for example: members = ["packages/*"]'


def test_findings_name_the_file_they_were_given() -> None:
    path = PurePosixPath("sub/pyproject.toml")

    _, (finding,) = parse_config({"tool": {"monorelease": {"tag": 1}}}, path)

    assert finding.path == path


def test_a_towncrier_file_stands_in_for_the_table_in_pyproject() -> None:
    pyproject = {"tool": {"towncrier": {"directory": "news"}}}
    towncrier = {"tool": {"towncrier": {"directory": "/news"}}}

    inside, _ = parse_config(pyproject)
    beside, (finding,) = parse_config(pyproject, towncrier=towncrier)

    assert inside.towncrier.directory == "news"
    assert beside.towncrier.directory == "changes"
    assert finding.path == PurePosixPath("towncrier.toml")


KEYS = [
    *("members", "exclude", "fixed", "linked", "ignore", "dependents", "raise-constraints"),
    *("major-on-zero", "version-files", "tag", "changelog", "hooks", "after-release", "file"),
    *("issue-link", "authors", "path", "pattern", "type", "fragment", "name", "directory"),
    *("template", "title_format", "issue_format", "start_string", "showcontent", "other"),
]
LEAVES = (
    st.text(max_size=20)
    | st.sampled_from(["always", "{name}-{version}", "packages/*", "uv lock", "{issue}", "fix"])
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
)
TABLES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)


@pytest.mark.property
@given(st.fixed_dictionaries({"monorelease": TABLES, "towncrier": TABLES}))
def test_no_document_is_too_strange_to_be_read(tools: dict[str, object]) -> None:
    _, findings = parse_config({"tool": tools})

    for finding in findings:
        assert finding.hint
        assert finding.problem.isprintable()
        assert finding.key
        document: Any = {"tool": tools}
        for step in finding.key:
            document = document[step]  # what a finding is about stands in the document


@pytest.mark.property
@given(
    st.lists(
        st.sampled_from(["{name}", "{version}", *"-./@v~^:?*[\\ {}", "..", ".lock", "lock", "é"]),
        max_size=6,
    ).map("".join)
)
def test_every_tag_that_is_accepted_is_one_for_git(template: str) -> None:
    _, findings = parse_config({"tool": {"monorelease": {"tag": template}}})
    if findings:
        return
    for version in ("1.0", "1!2.0rc1.post2.dev3+local.7"):
        tag = template.replace("{name}", "acme-core").replace("{version}", version)
        command = ["git", "check-ref-format", f"refs/tags/{tag}"]
        assert subprocess.run(command, check=False, timeout=10).returncode == 0
        assert not tag.startswith("-")
