"""Pages of the simple API, written and read again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.html_links import read_page
from monorelease.formats.simple_index import HTML_TYPE, JSON_TYPE, parse_project
from monorelease.formats.simple_pages import format_html, format_json, format_root
from monorelease.model.index import IndexedFile, Project
from values import named

visible = st.characters(categories=("L", "N", "P", "S"), exclude_characters="/\\")
filenames = st.builds(
    "{}{}".format, st.text(visible, min_size=1), st.sampled_from([".whl", ".tar.gz", ".zip"])
)
words = st.text(st.characters(exclude_categories=["Cs"]))
files = st.builds(
    IndexedFile,
    filename=filenames,
    sha256=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
    yanked=st.none() | words,
)
projects = st.builds(
    Project,
    name=st.sampled_from([named("agents-core"), named("a"), named("0-b")]),
    files=st.lists(files).map(tuple),
)


@pytest.mark.property
@given(projects)
def test_what_is_written_in_json_is_read_again(project: Project) -> None:
    assert parse_project(project.name, JSON_TYPE, format_json(project).encode()) == project


@pytest.mark.property
@given(projects)
def test_what_is_written_in_html_is_read_again(project: Project) -> None:
    assert parse_project(project.name, HTML_TYPE, format_html(project).encode()) == project


ODD = Project(
    name=named("a"),
    files=(
        IndexedFile(filename="a-1!2+3%41.tar.gz", sha256="0" * 64),
        IndexedFile(filename="a&<é>.whl", sha256=None, yanked=""),
    ),
)


def test_a_json_page_holds_what_the_standard_asks_for() -> None:
    assert json.loads(format_json(ODD)) == {
        "meta": {"api-version": "1.0"},
        "name": "a",
        "files": [
            {
                "filename": "a-1!2+3%41.tar.gz",
                "url": "a-1%212%2B3%2541.tar.gz",
                "hashes": {"sha256": "0" * 64},
                "yanked": False,
            },
            {
                "filename": "a&<é>.whl",
                "url": "a%26%3C%C3%A9%3E.whl",
                "hashes": {},
                "yanked": True,
            },
        ],
    }


def test_an_html_page_is_a_whole_page_of_version_1() -> None:
    page = format_html(ODD)

    assert page.startswith("<!DOCTYPE html>\n")
    assert page.endswith("</html>\n")
    assert '<meta name="pypi:repository-version" content="1.0">' in page
    assert f'<a href="a-1%212%2B3%2541.tar.gz#sha256={"0" * 64}">a-1!2+3%41.tar.gz</a>' in page
    assert '<a href="a%26%3C%C3%A9%3E.whl" data-yanked="">a&amp;&lt;é&gt;.whl</a>' in page


def test_the_root_page_links_to_every_project() -> None:
    links = read_page(format_root([named("a"), named("b")])).links

    assert [(link.href, link.text) for link in links] == [("a/", "a"), ("b/", "b")]
