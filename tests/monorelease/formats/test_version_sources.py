from __future__ import annotations

import re
import tomllib
from pathlib import PurePosixPath

import pytest

from monorelease.formats.version_sources import VersionHome, find_version_home
from monorelease.model.workspace import StaticVersion, VersionFromTags

FOLDER = PurePosixPath("packages/a")


def home_of(text: str) -> VersionHome | None:
    return find_version_home(FOLDER, tomllib.loads(text))


def dynamic(backend: str, tables: str) -> VersionHome:
    head = '[project]\nname = "a-b.c"\ndynamic = ["version"]\n'
    home = home_of(f'{head}[build-system]\nbuild-backend = "{backend}"\n{tables}')
    assert home is not None
    return home


def files(home: VersionHome) -> list[str]:
    return [str(candidate.path) for candidate in home.candidates]


def version_in(home: VersionHome, text: str) -> str:
    found = [re.search(each.pattern, text, re.MULTILINE) for each in home.candidates]
    assert found[0] is not None
    return found[0]["version"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("[project]\nversion = '1'", ("project", "version"), id="project"),
        pytest.param("[tool.poetry]\nversion = '1'", ("tool", "poetry", "version"), id="poetry"),
        pytest.param(
            "[project]\nname = 'a'\n[tool.poetry]\nversion = '1'",
            ("tool", "poetry", "version"),
            id="poetry-beside-project",
        ),
        pytest.param(
            "[project]\ndynamic = ['version']\n[tool.poetry]\nversion = '1'\n"
            "[build-system]\nbuild-backend = 'poetry.core.masonry.api'",
            ("tool", "poetry", "version"),
            id="poetry-by-dynamic",
        ),
        pytest.param(
            "[project]\nversion = '1'\n[tool.hatch.version]\npath = 'x.py'",
            ("project", "version"),
            id="what-is-static-is-not-dynamic",
        ),
    ],
)
def test_a_static_version_is_where_it_is_written(text: str, key: tuple[str, ...]) -> None:
    assert home_of(text) == VersionHome(key=key, source=StaticVersion(key=key))


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'a'", "[tool.poetry]\nname = 'a'", "project = 1"]
)
def test_there_may_be_no_version(text: str) -> None:
    assert home_of(text) is None


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        pytest.param("path = 'src/a/_v.py'", "version = 'v1.2'", id="usual"),
        pytest.param("path = 'src/a/_v.py'\npattern = ''", "VERSION = '1.2'", id="empty-pattern"),
        pytest.param("path = 'src/a/_v.py'\npattern = true", "VERSION = '1.2'", id="true"),
        pytest.param("source = 'regex'\npath = 'src/a/_v.py'", "VERSION = '1.2'", id="named"),
        pytest.param(
            "path = 'src/a/_v.py'\npattern = \"B = 'b(?P<version>[^']+)'\"", "B = 'b1.2'", id="own"
        ),
        pytest.param("source = 'code'\npath = 'src/a/_v.py'", "__version__ = '1.2'", id="code"),
        pytest.param(
            "source = 'code'\npath = 'src/a/_v.py'\nexpression = 'V'", "V = '1.2'", id="variable"
        ),
        pytest.param("source = 'regex_commit'\npath = 'src/a/_v.py'", "VERSION='1.2'", id="commit"),
    ],
)
def test_hatch_names_a_file(tables: str, line: str) -> None:
    home = dynamic("hatchling.build", f"[tool.hatch.version]\n{tables}")

    assert home.key == ("tool", "hatch", "version", "path")
    assert files(home) == ["packages/a/src/a/_v.py"]
    assert home.source == home.candidates[0]
    assert version_in(home, f"x = 1\n{line}\n") == "1.2"


@pytest.mark.parametrize(
    ("tables", "line"),
    [
        pytest.param("source = 'file'\npath = 'v.py'", "VERSION = '1.2'", id="usual"),
        pytest.param("path = 'v.py'", "__version__ = '1.2'", id="without-source"),
        pytest.param("path = 'v.py'\npattern = 'at (.+) now'", "at 1.2 now", id="own"),
    ],
)
def test_pdm_names_a_file(tables: str, line: str) -> None:
    home = dynamic("pdm.backend", f"[tool.pdm.version]\n{tables}")

    assert home.key == ("tool", "pdm", "version", "path")
    assert files(home) == ["packages/a/v.py"]
    assert version_in(home, line) == "1.2"


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        pytest.param(
            "",
            ["src/a/b/__init__.py", "src/a/b.py", "a/b/__init__.py", "a/b.py"],
            id="usual-layouts",
        ),
        pytest.param(
            "[tool.setuptools.packages.find]\nwhere = ['lib']",
            ["src/a/b/__init__.py", "src/a/b.py", "lib/a/b/__init__.py", "lib/a/b.py"],
            id="packages-find",
        ),
        pytest.param(
            "[tool.setuptools.package-dir]\n'' = 'lib'",
            ["lib/a/b/__init__.py", "lib/a/b.py", "src/a/b/__init__.py", "src/a/b.py"],
            id="package-dir-of-all",
        ),
        pytest.param(
            "[tool.setuptools.package-dir]\na = 'own'",
            ["own/b/__init__.py", "own/b.py"],
            id="package-dir-of-one",
        ),
    ],
)
def test_setuptools_names_a_module(tables: str, expected: list[str]) -> None:
    attribute = "[tool.setuptools.dynamic]\nversion = {attr = 'a.b.__version__'}\n"
    home = dynamic("setuptools.build_meta", attribute + tables)

    assert home.key == ("tool", "setuptools", "dynamic", "version", "attr")
    assert files(home)[:4] == [f"packages/a/{path}" for path in expected]
    assert version_in(home, "__version__ = '1.2'") == "1.2"


@pytest.mark.parametrize("value", ["'VERSION'", "['VERSION']"])
def test_setuptools_names_a_text_file(value: str) -> None:
    table = f"[tool.setuptools.dynamic]\nversion = {{file = {value}}}"
    home = dynamic("setuptools.build_meta", table)

    assert files(home) == ["packages/a/VERSION"]
    assert version_in(home, "1.2\n") == "1.2"


def test_setuptools_is_the_backend_of_those_who_name_none() -> None:
    home = home_of(
        "[project]\ndynamic = ['version']\n[tool.setuptools.dynamic]\nversion = {file = 'V'}"
    )

    assert home is not None
    assert files(home) == ["packages/a/V"]


def test_without_a_backend_the_table_of_hatch_is_not_read() -> None:
    home = home_of("[project]\ndynamic = ['version']\n[tool.hatch.version]\npath = 'v.py'")

    assert home is not None
    assert "'setuptools.build_meta'" in home.problem


def test_flit_looks_into_the_package() -> None:
    home = dynamic("flit_core.buildapi", "")

    assert home.key == ("project", "dynamic")
    assert files(home)[0] == "packages/a/a_b/c/__init__.py"
    assert "packages/a/src/a_b/c/_version.py" in files(home)
    assert files(home)[-1] == "packages/a/src/a_b/c.py"
    assert version_in(home, "__version__: str = '1.2'") == "1.2"


def test_flit_may_be_told_the_module() -> None:
    home = dynamic("flit_core.buildapi", "[tool.flit.module]\nname = 'other'")

    assert files(home)[0] == "packages/a/other/__init__.py"


@pytest.mark.parametrize(
    ("backend", "tables", "key"),
    [
        ("hatchling.build", "[tool.hatch.version]\nsource = 'vcs'", "tool.hatch.version.source"),
        (
            "hatchling.build",
            "[tool.hatch.version]\nsource = 'uv-dynamic-versioning'",
            "tool.hatch.version.source",
        ),
        (
            "hatchling.build",
            "[tool.hatch.version]\nsource = 'versioningit'",
            "tool.hatch.version.source",
        ),
        ("pdm.backend", "[tool.pdm.version]\nsource = 'scm'", "tool.pdm.version.source"),
        ("setuptools.build_meta", "[tool.setuptools_scm]", "tool.setuptools_scm"),
        ("setuptools.build_meta", "[tool.versioneer]", "tool.versioneer"),
        (
            "setuptools.build_meta",
            "[build-system]\nrequires = ['setuptools', 'setuptools_scm>=8']",
            "build-system.requires",
        ),
        (
            "poetry_dynamic_versioning.backend",
            "[tool.poetry-dynamic-versioning]\nenable = true",
            "tool.poetry-dynamic-versioning.enable",
        ),
        ("my_backend", "[tool.setuptools_scm]", "tool.setuptools_scm"),
    ],
)
def test_a_version_may_be_kept_in_tags(backend: str, tables: str, key: str) -> None:
    if tables.startswith("[build-system]"):
        home = home_of(f"[project]\ndynamic = ['version']\n{tables}")
    else:
        home = dynamic(backend, tables)

    assert home == VersionHome(key=tuple(key.split(".")), source=VersionFromTags())


def test_poetry_keeps_a_placeholder_where_the_version_is_in_tags() -> None:
    home = home_of(
        "[tool.poetry]\nversion = '0.0.0'\n[tool.poetry-dynamic-versioning]\nenable = true"
    )

    assert home is not None
    assert home.source == VersionFromTags()


@pytest.mark.parametrize(
    ("backend", "tables", "key", "problem"),
    [
        pytest.param("hatchling.build", "", "project.dynamic", "'hatchling.build'", id="no-table"),
        pytest.param("maturin", "", "project.dynamic", "'maturin'", id="other-backend"),
        pytest.param(
            "hatchling.build",
            "[tool.hatch.version]\npath = 'v.py'\npattern = '(?P<version>'",
            "tool.hatch.version.path",
            "no regular expression",
            id="bad-pattern",
        ),
        pytest.param(
            "pdm.backend",
            "[tool.pdm.version]\npath = 'v.py'\npattern = 'x'",
            "tool.pdm.version.path",
            "no group named 'version'",
            id="pattern-without-a-group",
        ),
        pytest.param(
            "hatchling.build",
            "[tool.hatch.version]\nsource = 'env'\nvariable = 'V'",
            "tool.hatch.version.source",
            "'env'",
            id="hatch-env",
        ),
        pytest.param(
            "hatchling.build",
            "[tool.hatch.version]\nsource = 'regex'",
            "project.dynamic",
            "'hatchling.build'",
            id="hatch-without-path",
        ),
        pytest.param(
            "hatchling.build",
            "[tool.hatch.version]\npath = '../../../etc/passwd'",
            "tool.hatch.version.path",
            "leads out of the repository",
            id="outside",
        ),
        pytest.param(
            "pdm.backend",
            "[tool.pdm.version]\nsource = 'call'\ngetter = 'a:b'",
            "tool.pdm.version.source",
            "'call'",
            id="pdm-call",
        ),
        pytest.param(
            "setuptools.build_meta",
            "[tool.setuptools.dynamic]\nversion = {file = ['A', 'B']}",
            "project.dynamic",
            "'setuptools.build_meta'",
            id="two-files",
        ),
        pytest.param(
            "setuptools.build_meta",
            "[tool.setuptools.dynamic]\nversion = {attr = 'VERSION'}",
            "project.dynamic",
            "'setuptools.build_meta'",
            id="attribute-of-no-module",
        ),
        pytest.param(
            "poetry.core.masonry.api",
            "[tool.poetry-dynamic-versioning]\nenable = false",
            "project.dynamic",
            "'poetry.core.masonry.api'",
            id="poetry",
        ),
    ],
)
def test_a_version_whose_home_is_not_known_has_a_problem(
    backend: str, tables: str, key: str, problem: str
) -> None:
    home = dynamic(backend, tables)

    assert home.source is None
    assert home.candidates == ()
    assert home.key == tuple(key.split("."))
    assert problem in home.problem


def test_the_table_of_another_backend_does_not_count() -> None:
    home = dynamic("pdm.backend", "[tool.hatch.version]\npath = 'old.py'")

    assert home.source is None


def test_a_backend_of_ones_own_may_wrap_any() -> None:
    home = dynamic("my_backend", "[tool.hatch.version]\npath = 'v.py'")

    assert files(home) == ["packages/a/v.py"]
