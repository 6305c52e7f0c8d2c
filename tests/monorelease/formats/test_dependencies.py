from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from monorelease.formats.dependencies import find_dependencies
from monorelease.formats.manifest import parse_manifest
from monorelease.model.constraint import Dialect
from monorelease.model.finding import Finding, Severity
from monorelease.model.workspace import Dependency, DependencyKind

NAMES = frozenset(
    map(canonicalize_name, ["agents-core", "agents-plugin-acme", "agents-plugins-test"])
)
FOLDER = PurePosixPath("packages/agents-plugin-acme")


def read(text: str) -> tuple[tuple[Dependency, ...], tuple[Finding, ...]]:
    head = '[project]\nname = "agents-plugin-acme"\nversion = "1.0"\n'
    manifest, findings = parse_manifest(FOLDER, head + text)
    assert manifest is not None
    assert findings == ()
    return find_dependencies(manifest, NAMES)


def dependencies_in(text: str) -> tuple[Dependency, ...]:
    dependencies, findings = read(text)
    assert findings == ()
    return dependencies


EVERYWHERE = """\
dependencies = ["httpx>=0.28", "agents-core>=1,<2"]

[project.optional-dependencies]
vad = ["Agents.Core[vad]>=1"]
all = ["agents-plugin-acme[vad]", "agents_plugins_test"]

[build-system]
requires = ["hatchling", "agents-core==1.0"]

[dependency-groups]
test = ["pytest", {include-group = "docs"}, "agents-plugins-test>=1"]
docs = ["agents-core"]

[tool.uv]
dev-dependencies = ["agents-core"]

[tool.pdm.dev-dependencies]
dev = ["-e file:///${PROJECT_ROOT}/../core#egg=agents-core", "agents-core"]

[tool.hatch.envs.default]
dependencies = ["agents-core @ {root:uri}/../core"]
[tool.hatch.envs.docs]
extra-dependencies = ["agents-core"]

[tool.poetry.group.test.dependencies]
agents-core = "^1.0"
"""


def test_other_members_are_found_in_every_table() -> None:
    found = [(d.on, d.kind.value, d.table) for d in dependencies_in(EVERYWHERE)]

    assert found == [
        ("agents-core", "runtime", "project.dependencies"),
        ("agents-core", "extra", "project.optional-dependencies.vad"),
        ("agents-plugins-test", "extra", "project.optional-dependencies.all"),
        ("agents-core", "build", "build-system.requires"),
        ("agents-plugins-test", "group", "dependency-groups.test"),
        ("agents-core", "group", "dependency-groups.docs"),
        ("agents-core", "group", "tool.uv.dev-dependencies"),
        ("agents-core", "group", "tool.pdm.dev-dependencies.dev"),
        ("agents-core", "group", "tool.hatch.envs.default.dependencies"),
        ("agents-core", "group", "tool.hatch.envs.docs.extra-dependencies"),
        ("agents-core", "group", "tool.poetry.group.test.dependencies"),
    ]


def test_keys_lead_to_the_literals() -> None:
    keys = [dependency.key for dependency in dependencies_in(EVERYWHERE)]

    assert keys[0] == ("project", "dependencies", 1)
    assert keys[2] == ("project", "optional-dependencies", "all", 1)
    assert keys[4] == ("dependency-groups", "test", 2)
    assert keys[-1] == ("tool", "poetry", "group", "test", "dependencies", "agents-core")


def test_a_dependency_is_its_literal_in_three_pieces() -> None:
    (found,) = dependencies_in("dependencies = [\"agents-core[vad] >=1.0,<2 ; os_name=='nt'\"]")

    assert found.prefix == "agents-core[vad] "
    assert found.constraint is not None
    assert found.constraint.text == ">=1.0,<2"
    assert found.suffix == " ; os_name=='nt'"
    assert found.allows(Version("1.5"))
    assert not found.allows(Version("2.0"))


def test_a_direct_reference_allows_any_version() -> None:
    (found,) = dependencies_in('dependencies = ["agents-core @ file:///core"]')

    assert found.constraint is None
    assert found.allows(Version("9"))


def test_a_range_of_poetry_keeps_its_dialect() -> None:
    (found,) = dependencies_in("[tool.poetry.dependencies]\nagents-core = '^1.0'")

    assert found.constraint is not None
    assert found.constraint.dialect is Dialect.POETRY
    assert found.kind is DependencyKind.RUNTIME


def test_one_name_may_be_split_by_markers() -> None:
    found = dependencies_in(
        "dependencies = [\"agents-core<2; python_version<'3.12'\", "
        "\"agents-core>=2; python_version>='3.12'\"]"
    )

    assert [d.constraint and d.constraint.text for d in found] == ["<2", ">=2"]


def test_what_is_no_member_is_nobodys_business() -> None:
    assert dependencies_in('dependencies = ["agents-core-extra>=1", "no member at all"]') == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('dependencies = ["agents-core>=one"]', ("project", "dependencies", 0)),
        ('dependencies = ["agents-core>=1; bad"]', ("project", "dependencies", 0)),
        ('dependencies = "agents-core"', ("project", "dependencies")),
        ('[dependency-groups]\ntest = "agents-core"', ("dependency-groups", "test")),
        (
            "[tool.poetry.dependencies]\nagents-core = {version = 'newest'}",
            ("tool", "poetry", "dependencies", "agents-core", "version"),
        ),
    ],
)
def test_a_requirement_on_a_member_that_cannot_be_read_is_a_finding(
    text: str, key: tuple[str | int, ...]
) -> None:
    dependencies, findings = read(text)

    assert dependencies == ()
    assert [(f.code, f.path, f.key) for f in findings] == [
        ("bad-requirement", FOLDER / "pyproject.toml", key)
    ]
    assert findings[0].is_error
    assert "\n" not in findings[0].problem


def test_what_is_wrong_does_not_hide_the_rest() -> None:
    dependencies, findings = read(
        'dependencies = "agents-core"\n[dependency-groups]\n'
        'test = ["agents-core>=one", "agents-core>=1", "agents-core=1"]'
    )

    assert [dependency.key for dependency in dependencies] == [("dependency-groups", "test", 1)]
    assert [finding.key for finding in findings] == [
        ("project", "dependencies"),
        ("dependency-groups", "test", 0),
        ("dependency-groups", "test", 2),
    ]


def test_computed_dependencies_are_a_warning() -> None:
    dependencies, findings = read("dynamic = ['dependencies', 'optional-dependencies', 'readme']")

    assert dependencies == ()
    assert [(f.code, f.severity, f.key) for f in findings] == [
        ("dynamic-dependencies", Severity.WARNING, ("project", "dynamic"))
    ] * 2


def test_dependencies_that_poetry_has_are_not_computed() -> None:
    assert dependencies_in(
        "dynamic = ['dependencies']\n[tool.poetry.dependencies]\nagents-core = '^1'"
    )
