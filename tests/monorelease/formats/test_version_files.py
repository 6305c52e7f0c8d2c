from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from monorelease.errors import EditFailed
from monorelease.formats.text import BOM
from monorelease.formats.version_files import locate_versions, read_version, replace_version
from monorelease.formats.version_patterns import USUAL_ASSIGNMENT, WHOLE_TEXT
from monorelease.model.finding import Finding
from monorelease.model.workspace import VersionInFile

PATH = PurePosixPath("packages/agents-core/src/agents_core/__init__.py")
NEW = Version("1.0.44")

LINES = st.sampled_from(['"""A module."""', "", "import x", "# __version__ = '9'", "  é🎈", "\f"])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@pytest.mark.property
@given(
    mark=st.sampled_from(["", BOM]),
    before=st.lists(st.tuples(LINES, ENDS)),
    line=st.sampled_from([('__version__ = "', '"'), ("VERSION='v", "' # x")]),
    after=st.lists(st.tuples(ENDS, LINES)),
)
def test_only_the_version_changes_in_whatever_text(
    mark: str, before: list[tuple[str, str]], line: tuple[str, str], after: list[tuple[str, str]]
) -> None:
    head = mark + "".join(map("".join, before)) + line[0]
    tail = line[1] + "".join(map("".join, after))

    edited = replace_version(f"{head}1.0.43{tail}", USUAL_ASSIGNMENT, NEW, PATH)

    assert edited == f"{head}1.0.44{tail}"


def source(pattern: str = USUAL_ASSIGNMENT) -> VersionInFile:
    return VersionInFile(path=PATH, pattern=pattern)


def test_a_version_is_read_where_the_pattern_finds_it() -> None:
    assert read_version('x = 1\n__version__ = "1.0-rc.1"\n', source()) == Version("1.0rc1")


def test_the_end_of_a_line_is_found_before_a_carriage_return() -> None:
    text = "release 1.0.43\r\nnext\r\n"
    pattern = r"^release (?P<version>.+)$"

    assert read_version(text, source(pattern)) == Version("1.0.43")
    assert replace_version(text, pattern, NEW, PATH) == "release 1.0.44\r\nnext\r\n"


def test_an_empty_version_stands_before_its_line_end() -> None:
    text = f"{BOM}a\r\nrelease \r\nnext"

    assert locate_versions(text, r"^release (?P<version>.*)$") == ((12, 12),)


def test_a_pattern_may_match_without_the_version_taking_part() -> None:
    assert locate_versions("a b1", r"a|b(?P<version>\d)") == ((3, 4),)


@pytest.mark.parametrize(
    ("text", "pattern", "code", "line"),
    [
        pytest.param("x = 1\n", USUAL_ASSIGNMENT, "no-version", None, id="nowhere"),
        pytest.param(
            "\nVERSION='1'\nversion='2'", USUAL_ASSIGNMENT, "ambiguous-version", 3, id="twice"
        ),
        pytest.param("\n\nVERSION='one'", USUAL_ASSIGNMENT, "bad-version", 3, id="no-version"),
        pytest.param("1", "(?P<version>", "unknown-version-source", None, id="bad-pattern"),
        pytest.param("1", "(.+)", "unknown-version-source", None, id="no-group"),
    ],
)
def test_what_cannot_be_read_is_a_finding(
    text: str, pattern: str, code: str, line: int | None
) -> None:
    finding = read_version(text, source(pattern))

    assert isinstance(finding, Finding)
    assert (finding.code, finding.path, finding.line) == (code, PATH, line)


@pytest.mark.parametrize(
    ("text", "pattern", "problem"),
    [
        pytest.param("x", USUAL_ASSIGNMENT, "finds no versions", id="nowhere"),
        pytest.param("VERSION='1'\nVERSION='1'", USUAL_ASSIGNMENT, "finds 2 versions", id="twice"),
        pytest.param("1", "(", "no regular expression", id="bad-pattern"),
        pytest.param("1", "1", "no group named 'version'", id="no-group"),
        pytest.param("1.0", r"^(?P<version>1\.0)$", "would not find '1.0.44'", id="too-narrow"),
        pytest.param("1.0", r"^(?P<version>1\.\d)", "would not find '1.0.44'", id="finds-a-part"),
    ],
)
def test_a_replacement_that_is_not_clear_is_refused(text: str, pattern: str, problem: str) -> None:
    with pytest.raises(EditFailed) as caught:
        replace_version(text, pattern, NEW, PATH)

    assert problem in caught.value.problem
    assert caught.value.where == str(PATH)


def test_a_file_with_nothing_but_the_version_keeps_its_blanks() -> None:
    assert replace_version("\nv1.0.43\r\n", WHOLE_TEXT, NEW, PATH) == "\nv1.0.44\r\n"
