from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from packaging.version import Version

from monorelease.formats.manifest import Manifest, member_of, parse_manifest, settle_version
from monorelease.formats.text import BOM
from monorelease.model.finding import Finding, Severity
from monorelease.model.workspace import (
    Dependency,
    DependencyKind,
    StaticVersion,
    VersionFromTags,
    VersionInFile,
)

FOLDER = PurePosixPath("packages/agents-core")
FILE = FOLDER / "pyproject.toml"
NAMED = '[project]\nname = "agents-core"\n'


def manifest_of(text: str) -> Manifest:
    manifest, findings = parse_manifest(FOLDER, text)
    assert manifest is not None
    assert findings == ()
    return manifest


def finding_of(text: str) -> Finding:
    _, findings = parse_manifest(FOLDER, text)
    assert len(findings) == 1
    assert findings[0].path == FILE
    return findings[0]


@pytest.mark.parametrize("mark", ["", BOM])
def test_a_plain_manifest_is_read(mark: str) -> None:
    manifest = manifest_of(f'{mark}[project]\r\nname = "Agents_Core"\r\nversion = "1.0.43"\r\n')

    assert manifest.path == FOLDER
    assert manifest.file == FILE
    assert manifest.name == "agents-core"
    assert manifest.written_name == "Agents_Core"
    assert manifest.version == Version("1.0.43")
    assert manifest.version_source == StaticVersion(key=("project", "version"))
    assert not manifest.private
    assert manifest.data["project"] == {"name": "Agents_Core", "version": "1.0.43"}


def test_a_manifest_of_poetry_is_read() -> None:
    manifest = manifest_of('[tool.poetry]\nname = "agents-core"\nversion = "1.0"\n')

    assert manifest.name == "agents-core"
    assert manifest.version_source == StaticVersion(key=("tool", "poetry", "version"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param('[tool.uv.workspace]\nmembers = ["packages/*"]', id="virtual-root"),
        pytest.param("[tool.poetry]\npackage-mode = false", id="poetry-without-a-package"),
    ],
)
def test_a_virtual_project_is_no_member_and_no_mistake(text: str) -> None:
    assert parse_manifest(FOLDER, text) == (None, ())


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        pytest.param("[project\n", "bad-toml", None, id="no-toml"),
        pytest.param("[project]\nversion = '1'", "no-name", ("project",), id="no-name"),
        pytest.param("project = 1", "no-name", ("project",), id="no-table"),
        pytest.param("[project]\nname = 1", "bad-name", ("project", "name"), id="number"),
        pytest.param("[project]\nname = 'a b'", "bad-name", ("project", "name"), id="blank"),
        pytest.param(
            "[tool.poetry]\nname = '-a'", "bad-name", ("tool", "poetry", "name"), id="poetry"
        ),
    ],
)
def test_without_a_name_there_is_no_manifest(
    text: str, code: str, key: tuple[str, ...] | None
) -> None:
    manifest, findings = parse_manifest(FOLDER, text)

    assert manifest is None
    assert [(finding.code, finding.key, finding.path) for finding in findings] == [
        (code, key, FILE)
    ]
    assert findings[0].is_error


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        pytest.param("", "no-version", ("project",), id="none"),
        pytest.param("version = 1.0", "bad-version", ("project", "version"), id="number"),
        pytest.param("version = '1.x'", "bad-version", ("project", "version"), id="no-version"),
        pytest.param(
            "dynamic = ['version']", "unknown-version-source", ("project", "dynamic"), id="nowhere"
        ),
    ],
)
def test_a_member_without_a_version_is_a_member_with_a_finding(
    text: str, code: str, key: tuple[str, ...]
) -> None:
    manifest, findings = parse_manifest(FOLDER, NAMED + text)

    assert manifest is not None
    assert manifest.version is None
    assert [(finding.code, finding.key, finding.path) for finding in findings] == [
        (code, key, FILE)
    ]
    assert findings[0].is_error


def test_hints_say_how_to_write_it() -> None:
    assert finding_of(f"{NAMED}version = 1.0").hint == 'put it in quotes: version = "1.0"'
    assert finding_of(f"{NAMED}version = '1.x'").hint == "did you mean '1'?"
    assert finding_of("[tool.poetry]\nname = 'a'").key == ("tool", "poetry")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("classifiers = ['Private :: Do Not Upload']", id="classifier"),
        pytest.param("classifiers = ['Topic :: Games', 'Private :: Ours']", id="any-private-one"),
        pytest.param("[tool.uv]\npackage = false", id="uv"),
        pytest.param("[tool.poetry]\npackage-mode = false", id="poetry"),
        pytest.param("[tool.poetry]\nclassifiers = ['Private :: X']", id="poetry-classifier"),
    ],
)
def test_some_members_are_private(text: str) -> None:
    assert manifest_of(f"{NAMED}version = '1'\n{text}").private


def manifest_in_uv(text: str) -> Manifest:
    manifest, _ = parse_manifest(FOLDER, f"{NAMED}version = '1'\n{text}", is_of_uv=True)
    assert manifest is not None
    return manifest


def test_in_a_workspace_of_uv_an_application_is_private() -> None:
    assert manifest_in_uv("").private
    assert manifest_in_uv("[build-system]\nrequires = []\n[tool.uv]\npackage = false").private


def test_in_a_workspace_of_uv_what_has_a_build_system_is_a_package() -> None:
    assert not manifest_in_uv("[build-system]\nrequires = []").private
    assert not manifest_in_uv("[tool.uv]\npackage = true").private
    assert not manifest_of(f"{NAMED}version = '1'\n").private


@pytest.mark.parametrize(
    "text",
    [
        "classifiers = ['Topic :: Private :: X', 1]",
        "classifiers = 'Private :: X'",
        "[tool.uv]\npackage = true",
        "[tool.uv]\npackage = 0",
    ],
)
def test_others_are_not(text: str) -> None:
    assert not manifest_of(f"{NAMED}version = '1'\n{text}").private


def test_an_application_needs_no_version() -> None:
    finding = finding_of(f"{NAMED}[tool.uv]\npackage = false")

    assert finding.code == "no-version"
    assert finding.severity is Severity.WARNING


def test_a_version_in_tags_is_not_read_here() -> None:
    manifest = manifest_of(
        f"{NAMED}dynamic = ['version']\n[build-system]\nbuild-backend = 'hatchling.build'\n"
        "[tool.hatch.version]\nsource = 'vcs'"
    )

    assert manifest.version is None
    assert manifest.version_source == VersionFromTags()
    assert settle_version(manifest, {}) == (manifest, ())


IN_FILE = (
    f"{NAMED}dynamic = ['version']\n[build-system]\nbuild-backend = 'flit_core.buildapi'\n"
    "[tool.flit.module]\nname = 'core'"
)
FIRST, SECOND = FOLDER / "core/__init__.py", FOLDER / "core/version.py"


def test_a_version_in_a_file_is_settled_when_the_file_is_known() -> None:
    manifest = manifest_of(IN_FILE)
    assert manifest.version is None
    assert isinstance(manifest.version_source, VersionInFile)
    assert manifest.version_source.path == FIRST

    settled, findings = settle_version(manifest, {FIRST: "__version__ = '1.0.43'\n"})

    assert findings == ()
    assert settled.version == Version("1.0.43")
    assert settled.version_source == manifest.version_candidates[0]


def test_the_first_file_that_has_a_version_counts() -> None:
    texts = {SECOND: "__version__ = '2'\n", FIRST: "import x\n"}
    settled, findings = settle_version(manifest_of(IN_FILE), texts)

    assert findings == ()
    assert settled.version == Version("2")
    assert isinstance(settled.version_source, VersionInFile)
    assert settled.version_source.path == SECOND


def test_a_file_without_the_version_is_a_finding_there() -> None:
    settled, findings = settle_version(manifest_of(IN_FILE), {FIRST: "", SECOND: ""})

    assert settled.version is None
    assert settled.version_source is None
    assert [(finding.code, finding.path) for finding in findings] == [("no-version", FIRST)]


def test_files_that_do_not_exist_are_a_finding_in_the_manifest() -> None:
    settled, findings = settle_version(manifest_of(IN_FILE), {})

    assert settled.version_source is None
    assert [(f.code, f.path, f.key) for f in findings] == [
        ("unknown-version-source", FILE, ("project", "dynamic"))
    ]
    assert str(FIRST) in findings[0].problem


def test_a_settled_manifest_stays_as_it_is() -> None:
    manifest = manifest_of(f"{NAMED}version = '1'")

    assert settle_version(manifest, {}) == (manifest, ())


def test_a_member_is_what_its_manifest_says() -> None:
    manifest = manifest_of(f"{NAMED}version = '1'\nclassifiers = ['Private :: X']")
    dependency = Dependency(
        on=manifest.name,
        kind=DependencyKind.RUNTIME,
        table="project.dependencies",
        key=("project", "dependencies", 0),
        prefix="",
        constraint=None,
        suffix="",
    )
    copies = (VersionInFile(path=FIRST, pattern=""),)

    member = member_of(manifest, (dependency,), copies)

    assert member.name == "agents-core"
    assert member.manifest == FILE
    assert member.version == Version("1")
    assert member.version_source == manifest.version_source
    assert member.dependencies == (dependency,)
    assert member.version_copies == copies
    assert member.private
