"""``[tool.monorelease]`` is read whole, and every mistake in it is found at once."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from monorelease.formats.config import parse_config
from monorelease.model.bump import Bump
from monorelease.model.config import (
    LOCAL_INDEX,
    CiConfig,
    Config,
    DependentsPolicy,
    PublishConfig,
    VersionFile,
)
from monorelease.model.finding import Finding, Severity
from monorelease.model.forge import ForgeConfig, ForgeKind
from monorelease.model.index import IndexTarget

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
        [publish]
        to = "acme"
        branch = "trunk"
        remote = "upstream"
        wheels-only = ["Acme.Native"]
        [index.acme]
        url = "https://pypi.example/simple/"
        upload-url = "https://upload.pypi.example/legacy/"
        username = "bot"
        snapshots = true
        new-projects-per-day = 4
        patience = 7
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
    assert config.publish == PublishConfig(
        to="acme", branch="trunk", remote="upstream", wheels_only=("acme-native",)
    )
    assert config.indexes == (
        LOCAL_INDEX,
        IndexTarget(
            name="acme",
            url="https://pypi.example/simple/",
            upload_url="https://upload.pypi.example/legacy/",
            username="bot",
            snapshots=True,
            new_projects_per_day=4,
            patience=7,
        ),
    )


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


def test_what_is_said_of_the_forge_and_of_ci_reaches_the_configuration() -> None:
    config = good(
        """
        api = "warn"

        [forge]
        kind = "forgejo"
        url = "https://forge.example/"
        repository = "acme/tools"
        branch = "release/{branch}"
        announce = false
        roll-up = "wave-{date}-{commit}"

        [ci]
        test = "make test"
        pythons = ["3.12"]
        tool = "monorelease==1.0"
        """
    )

    assert config.api is Severity.WARNING
    assert config.forge == ForgeConfig(
        kind=ForgeKind.FORGEJO,
        url="https://forge.example",
        repository="acme/tools",
        branch="release/{branch}",
        announce=False,
        roll_up="wave-{date}-{commit}",
    )
    assert config.ci == CiConfig(test="make test", pythons=("3.12",), tool="monorelease==1.0")


def test_indexes_stand_as_they_are_written_and_the_local_one_may_be_among_them() -> None:
    local = 'index.local = { path = "out" }\n'
    others = [f'index.{name} = {{ path = "{name}" }}\n' for name in ("z", "a")]

    beside = good("".join(others)).indexes
    among = good(others[0] + local + others[1]).indexes

    assert [target.name for target in beside] == ["local", "z", "a"]
    assert beside[0] == LOCAL_INDEX
    assert [(target.name, str(target.folder)) for target in among] == [
        ("z", "z"),
        ("local", "out"),
        ("a", "a"),
    ]
    assert not among[1].snapshots


BAD_ADDRESSES = {
    "": "must begin with https://",
    "pypi.example/simple": "must begin with https://",
    "ftp://pypi.example/": "must begin with https://",
    "file:///dist": "must begin with https://",
    "HTTPS://pypi.example/": "must begin with https://",
    "https://": "must name a host",
    "https:///simple/": "must name a host",
    "https://pypi.example:65536/": "must name a host, and perhaps a port",
    "https://pypi.example:pypi/": "must name a host, and perhaps a port",
    "https://-pypi.example/": "must name a host",
    "https://pypi.example/?token=hunter2": "may not have a query or a fragment",
    "https://pypi.example/#hunter2": "may not have a query or a fragment",
    "https://pypi.example/a b": "may contain no blanks",
    "https://pypi.example\\@elsewhere.example/": "may contain no blanks",
    "https://pypi.example/\u00e9": "ASCII",
    "https://pypi.example/\n": "may not contain control characters",
    "http://pypi.example/": "http:// is for localhost",
    "http://127.0.0.1.pypi.example/": "http:// is for localhost",
    "http://127.0.0/": "http:// is for localhost",
    "http://localhost.example/": "http:// is for localhost",
    "http://pypi.example/@localhost/": "http:// is for localhost",
    "http://localhost@pypi.example/": "http:// is for localhost",
    "http://localhost:1@pypi.example/": "http:// is for localhost",
    "http://[::2]/": "http:// is for localhost",
    "https://bot:hunter2@pypi.example/": "may not contain credentials",
    "https://hunter2@pypi.example/": "may not contain credentials",
    "http://bot:hunter2@localhost/": "may not contain credentials",
    "bot:hunter2@pypi.example": "may not contain credentials",
    "https://bot:hunt/er2@pypi.example/": "must name a host, and perhaps a port",
}


@pytest.mark.parametrize("address", BAD_ADDRESSES, ids=ascii)
@pytest.mark.parametrize("name", ["url", "upload-url"])
def test_what_is_no_address_is_one_finding_that_does_not_repeat_it(name: str, address: str) -> None:
    """Somebody may have written a password into it, and findings are printed in build logs."""
    good_one = dict.fromkeys(("url", "upload-url"), "https://pypi.example/")

    config, (finding,) = parse_config(
        {"tool": {"monorelease": {"index": {"acme": good_one | {name: address}}}}}
    )

    assert finding.key == ("tool", "monorelease", "index", "acme", name)
    assert BAD_ADDRESSES[address] in finding.problem
    assert finding.hint.startswith(f'for example: {name} = "https://')
    assert "hunt" not in finding.problem + finding.hint
    assert repr(address) not in finding.problem
    assert config.indexes == (LOCAL_INDEX,)


def test_an_index_that_could_not_be_read_is_not_said_to_be_missing() -> None:
    config, (finding,) = parse('publish.to = "acme"\nindex.acme = { path = "/dist" }')

    assert finding.key == ("tool", "monorelease", "index", "acme", "path")
    assert config.publish.to == "local"


def test_an_unknown_target_is_found_and_nothing_is_published_there() -> None:
    config, (finding,) = parse('publish = { to = "Locl", branch = "main" }')

    assert finding.hint == "did you mean 'local'?"
    assert config.publish == PublishConfig(branch="main")


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
    *("index", "local", "url", "upload-url", "patience", "publish", "to", "wheels-only"),
]
LEAVES = (
    st.text(max_size=20)
    | st.sampled_from(
        ["always", "{name}-{version}", "packages/*", "uv lock", "{issue}", "fix", "local"]
    )
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


@pytest.mark.property
@given(
    st.lists(
        st.sampled_from(["main", "@", "{", "}", *"-./~^:?*[\\ ", "..", ".lock", "lock", "é"]),
        max_size=6,
    ).map("".join)
)
def test_every_branch_and_remote_that_is_accepted_is_one_for_git(name: str) -> None:
    for key, ref in (("branch", f"refs/heads/{name}"), ("remote", f"refs/remotes/{name}/main")):
        _, findings = parse_config({"tool": {"monorelease": {"publish": {key: name}}}})
        if not findings:
            command = ["git", "check-ref-format", ref]
            assert subprocess.run(command, check=False, timeout=10).returncode == 0
            assert not name.startswith("-")


ADDRESS_PARTS = (
    *("http://", "https://", "localhost", "127.0.0.1", "[::1]", "evil.example", "hunter2"),
    *("443", "99999", "é", "\n", *"@:/?#[]\\ ._-"),
)


@pytest.mark.property
@given(
    st.lists(
        st.sampled_from(ADDRESS_PARTS),
        max_size=8,
    ).map("".join)
    | st.text(max_size=20)
)
def test_every_address_that_is_accepted_is_safe_for_every_reader(address: str) -> None:
    """What it means to Python's own parser, which is another one than the rules."""
    table = {"url": address, "upload-url": "https://pypi.example/"}
    _, findings = parse_config({"tool": {"monorelease": {"index": {"acme": table}}}})
    if findings:
        return
    parts = urlsplit(address)
    assert parts.scheme in {"http", "https"}
    assert parts.hostname
    assert parts.port is None or parts.port < 2**16
    assert parts.username is None
    assert parts.password is None
    assert not parts.query
    assert not parts.fragment
    if parts.scheme == "http":
        assert parts.hostname in {"localhost", "127.0.0.1", "::1"}
