from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from monorelease.formats.version_patterns import (
    USUAL_ASSIGNMENT,
    WHOLE_TEXT,
    assignment,
    naming_first_group,
    pattern_of,
    version_copies,
)
from monorelease.model.config import VersionFile
from monorelease.model.workspace import VersionInFile


def found(pattern: str, text: str) -> list[str]:
    return [match["version"] for match in re.finditer(pattern, text, re.MULTILINE)]


@pytest.mark.parametrize(
    "line",
    [
        '__version__ = "1.0.43"',
        "__version__='1.0.43'",
        'VERSION = "1.0.43"',
        'version = "1.0.43"  # hatch lets the letter case differ',
        '__version__ = "v1.0.43"',
        '__version__: str = "1.0.43"',
        '__version__:Final="1.0.43"',
    ],
)
def test_the_usual_assignment_is_found(line: str) -> None:
    assert found(USUAL_ASSIGNMENT, f'"""A module."""\n{line}\nname = "x"\n') == ["1.0.43"]


@pytest.mark.parametrize(
    "line",
    [
        '    __version__ = "1.0.43"',
        "__version__ = read()",
        "__version__ = \"1.0.43'",
        'min_version = "1.0.43"',
        '__version__ == "1.0.43"',
    ],
)
def test_nothing_else_is_taken_for_it(line: str) -> None:
    assert found(USUAL_ASSIGNMENT, f"\n{line}\n") == []


def test_an_assignment_names_its_variable_exactly() -> None:
    pattern = assignment("__version__")

    assert found(pattern, "VERSION = '2'\n__version__ = '1'\n__Version__ = '3'") == ["1"]


@pytest.mark.parametrize("text", ["1.0.43", "1.0.43\n", "\n v1.0.43 \n"])
def test_a_whole_text_may_be_the_version(text: str) -> None:
    assert found(WHOLE_TEXT, text) == ["1.0.43"]


def test_a_text_with_more_than_a_version_is_not_the_version() -> None:
    assert found(WHOLE_TEXT, "1.0.43 of today\n") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("VERSION", "1.0.43\n"),
        ("version.txt", "1.0.43\n"),
        ("package.json", '{\n  "name": "x",\n  "version": "1.0.43",\n  "versions": "2"\n}\n'),
        ("CITATION.cff", "cff-version: 1.2.0\nversion: 1.0.43\n"),
        ("Chart.yaml", "apiVersion: v2\nversion: '1.0.43' # ours\n"),
        ("chart.YML", 'version: "1.0.43"\n'),
        ("setup.cfg", "[metadata]\nversion = 1.0.43 ; ours\n"),
        ("src/x/__init__.py", '__version__ = "1.0.43"\n'),
        ("pixi.toml", '[workspace]\nversion = "1.0.43"\n'),
    ],
)
def test_an_empty_pattern_means_what_is_usual_in_such_a_file(name: str, text: str) -> None:
    pattern = pattern_of(VersionFile(path=PurePosixPath(name)))

    assert found(pattern, text) == ["1.0.43"]


@pytest.mark.parametrize(
    ("literal", "text", "version"),
    [
        pytest.param("release = '{version}'", "release = '1.0.43'", "1.0.43", id="quoted"),
        pytest.param("(v{version}).", "x (v1.0.43). 1a0b43", "1.0.43", id="no-regular-expression"),
        pytest.param("agents:{version}", "FROM agents:1.0.43-slim", "1.0.43", id="tag"),
        pytest.param("agents=={version}", "agents==1.0.43.", "1.0.43", id="end-of-a-sentence"),
        pytest.param("v{version}", "v1!1.0rc2.post3.dev4+a.b", "1!1.0rc2.post3.dev4+a.b", id="all"),
        pytest.param("v{version}", "v1.0-rc.2", "1.0-rc.2", id="separators"),
        pytest.param("{version}", "1.0.43", "1.0.43", id="alone"),
    ],
)
def test_a_literal_pattern_stands_for_itself_around_the_version(
    literal: str, text: str, version: str
) -> None:
    pattern = pattern_of(VersionFile(path=PurePosixPath("conf.py"), pattern=literal))

    assert found(pattern, text) == [version]


def test_copies_are_found_in_the_folder_of_their_member() -> None:
    copies = version_copies(
        PurePosixPath("packages/a"),
        (VersionFile(path=PurePosixPath("docs/conf.py"), pattern="release={version}"),),
    )

    assert [copy.path for copy in copies] == [PurePosixPath("packages/a/docs/conf.py")]
    assert isinstance(copies[0], VersionInFile)
    assert found(copies[0].pattern, "release=1.2") == ["1.2"]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"version: (.+)", "version: 1.0.43"),
        (r"(?:ver|version): (.+)(;|$)", "version: 1.0.43"),
        (r"\(version ([^)]+)\)", "(version 1.0.43)"),
        (r"[()]version[(]([^)]+)", "(version(1.0.43)"),
        (r"[](]version ([^)]+)", "]version 1.0.43"),
    ],
)
def test_the_first_group_of_a_pattern_gets_the_name(pattern: str, text: str) -> None:
    assert found(naming_first_group(pattern), text) == ["1.0.43"]


@pytest.mark.parametrize("pattern", [r"(?P<version>.+)", r"(?P<other>.)(.)", "no group", r"\("])
def test_a_pattern_without_a_nameless_first_group_stays(pattern: str) -> None:
    assert naming_first_group(pattern) == pattern
