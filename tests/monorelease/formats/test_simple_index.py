"""What an index lists, read from its pages."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.simple_index import ACCEPT, HTML_TYPE, JSON_TYPE, parse_project
from monorelease.model.index import IndexedFile, Project
from values import named

CORE = named("agents-core")
WHEEL = "agents_core-1.0.44-py3-none-any.whl"
SHA256 = "0123456789abcdef" * 4


def read(body: str | bytes, content_type: str = "text/html") -> Project:
    return parse_project(CORE, content_type, body.encode() if isinstance(body, str) else body)


def read_json(*files: object, **page: object) -> Project:
    whole = {"meta": {"api-version": "1.1"}, "name": "agents-core", "files": files} | page
    return read(json.dumps(whole), JSON_TYPE)


def the_file(project: Project) -> IndexedFile:
    (file,) = project.files
    return file


# ── either ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content_type",
    [
        JSON_TYPE,
        "application/json",
        "Application/VND.pypi.simple.V1+json ; charset=utf-8",
        "application/vnd.pypi.simple.latest+json",
    ],
)
def test_json_has_several_types(content_type: str) -> None:
    assert read('{"files": []}', content_type) == Project(name=CORE)


@pytest.mark.parametrize(
    "content_type",
    [HTML_TYPE, "text/html; charset=UTF-8", "application/vnd.pypi.simple.latest+html"],
)
def test_html_has_several_types(content_type: str) -> None:
    assert read("<!DOCTYPE html>", content_type) == Project(name=CORE)


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        ("", "without a content type"),
        ("text/plain", "'text/plain'"),
        ("application/vnd.pypi.simple.v2+json", "v2[+]json"),
    ],
)
def test_another_type_is_refused(content_type: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read("{}", content_type)


def test_json_is_asked_for_first() -> None:
    weights = [
        (float((re.findall("q=(.*)", part) or ["1"])[0]), part.partition(";")[0])
        for part in ACCEPT.split(", ")
    ]

    assert [name for _, name in sorted(weights, reverse=True)] == [
        JSON_TYPE,
        HTML_TYPE,
        "text/html",
    ]


# ── JSON ────────────────────────────────────────────────────────────────────────────────


def test_a_file_has_a_name_and_a_hash_and_what_is_unknown_is_left_out() -> None:
    file = {
        "filename": WHEEL,
        "url": "https://files.pypi.example/x",
        "hashes": {"md5": "00", "sha256": SHA256.upper()},
        "size": 7,
        "yanked": False,
    }

    assert read_json(file, versions=["1"]).files == (IndexedFile(filename=WHEEL, sha256=SHA256),)


@pytest.mark.parametrize(
    "hashes", [{}, None, [], {"md5": "00"}, {"sha256": "0"}, {"sha256": None}, {"sha256": "x" * 64}]
)
def test_a_file_without_a_good_sha256_has_none(hashes: object) -> None:
    assert the_file(read_json({"filename": WHEEL, "hashes": hashes})).sha256 is None


@pytest.mark.parametrize(
    ("yanked", "reason"),
    [
        (True, ""),
        ("does not start", "does not start"),
        ("\ud800", "?"),
        (False, None),
        ("", None),
        (None, None),
        (1, None),
    ],
)
def test_a_file_may_be_yanked_with_or_without_words(yanked: object, reason: str | None) -> None:
    assert the_file(read_json({"filename": WHEEL, "yanked": yanked})).yanked == reason


BAD_NAMES = [
    "",
    ".",
    "..",
    "../x.whl",
    "a/x.whl",
    "a\\x.whl",
    "x\0.whl",
    "x\n.whl",
    "x\x1b[2J.whl",
    "\u202elhw.x.whl",
    " x.whl",
    "\ud800.whl",
    "x" * 252 + ".whl",
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_could_not_stand_in_a_folder_is_left_out(name: str) -> None:
    assert read_json({"filename": name}, {"filename": WHEEL}).files == (
        IndexedFile(filename=WHEEL, sha256=None),
    )


@pytest.mark.parametrize("meta", [None, [], {}, {"api-version": None}, {"api-version": "1"}])
def test_a_page_that_says_no_version_is_one_of_version_1(meta: object) -> None:
    assert read_json(meta=meta).is_known


@pytest.mark.parametrize("version", ["2.0", "10.1", "0.9", "", "one", "1.x"])
def test_another_version_is_refused_whatever_the_page_looks_like(version: str) -> None:
    with pytest.raises(ValueError, match=f"speaks version {version!r}"):
        read_json(meta={"api-version": version}, files=None)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "cannot be read"),
        (b"<html>", "cannot be read"),
        (b"\xff\xff", "cannot be read"),
        (b"[" * 200_000, "cannot be read"),
        (b"[]", "lists no files"),
        (b'{"meta": {}, "projects": []}', "lists no files"),
        (b'{"files": {}}', "lists no files"),
        (b'{"files": ["x.whl"]}', "a file has no name"),
        (b'{"files": [{"filename": 1}]}', "a file has no name"),
        (b'{"name": "other", "files": []}', "for the project 'other' instead"),
    ],
)
def test_json_of_another_shape_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read(body, JSON_TYPE)


def test_the_name_may_be_spelled_in_another_way() -> None:
    assert read_json(name="Agents.Core").name == CORE


# ── HTML ────────────────────────────────────────────────────────────────────────────────


def test_a_link_is_a_file_with_a_hash() -> None:
    page = f'<a href="../../x/{WHEEL}#sha256={SHA256.upper()}">{WHEEL}</a>'

    assert read(page).files == (IndexedFile(filename=WHEEL, sha256=SHA256),)


@pytest.mark.parametrize(
    "fragment", ["", "#md5=00", "#sha256=", "#sha256=00", f"#sha256={SHA256}0", f"?sha256={SHA256}"]
)
def test_a_link_without_a_good_sha256_has_none(fragment: str) -> None:
    assert the_file(read(f'<a href="x{fragment}">{WHEEL}</a>')).sha256 is None


def test_the_hash_may_stand_behind_others() -> None:
    page = f'<a href="x#egg=a&amp;sha256={SHA256}&amp;b">{WHEEL}</a>'

    assert the_file(read(page)).sha256 == SHA256


@pytest.mark.parametrize("yanked", ["", "does not start"])
def test_a_link_may_be_yanked(yanked: str) -> None:
    assert the_file(read(f'<a href=x data-yanked="{yanked}">{WHEEL}</a>')).yanked == yanked


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("https://files.pypi.example/a/b1ob", "a-1%2B2.tar.gz"),
        ("a-1%252B2.tar.gz?x=/y#z", "a-1%..&gt;"),
        ("https://files.pypi.example/b/a%2D1%252B2.tar.gz", "download a"),
    ],
)
def test_a_file_is_called_by_the_text_or_else_by_the_target(href: str, text: str) -> None:
    assert the_file(read(f'<a href="{href}">{text}</a>')).filename == "a-1%2B2.tar.gz"


@pytest.mark.parametrize(
    "name", ["a%2Fx.whl", "x%00.whl", "x%0a.whl", "..%5Cx.whl", "x.whl.asc", "x.whl.metadata"]
)
def test_a_link_to_something_else_is_left_out(name: str) -> None:
    page = f"<a href={name}>a file</a><a href=x>{WHEEL}</a>"

    assert the_file(read(page)).filename == WHEEL


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body><h1>Links for agents-core</h1></body></html>",
        "<a href='../'>Up</a> <a href='?C=N;O=D'>Name</a> <a href='/'>Top</a> <a href='#x'>x</a>",
        "<form action=refresh method=post><input type=submit></form>",
    ],
)
def test_a_project_may_have_no_files(markup: str) -> None:
    assert read(markup) == Project(name=CORE)


@pytest.mark.parametrize(
    "markup",
    [
        "<form><input name=user><input type=password></form>",
        "<a href='../'>up</a><script>location = 'login'</script>",
        "<a href='/about'>About us</a>",
        "<a href='agents-core/'>agents-core</a>",
    ],
)
def test_a_page_for_people_is_refused(markup: str) -> None:
    with pytest.raises(ValueError, match="for people"):
        read(markup)


def test_a_page_with_files_may_do_more() -> None:
    assert read(f"<script>x()</script><a href=/about>us</a><a href=x>{WHEEL}</a>").files


def test_another_repository_version_is_refused() -> None:
    with pytest.raises(ValueError, match=r"speaks version '2\.0'"):
        read('<meta name="pypi:repository-version" content="2.0">')


def test_text_that_is_no_html_is_refused() -> None:
    with pytest.raises(ValueError, match="no HTML page"):
        read(b"\x89PNG\xff")


# ── whatever comes ──────────────────────────────────────────────────────────────────────

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.just(WHEEL),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["meta", "api-version", "name", "files", "filename", "hashes", "sha256", "yanked"]
            ),
            inner,
        )
    ),
)


@pytest.mark.property
@given(json_values.map(json.dumps) | st.text(), st.sampled_from([JSON_TYPE, HTML_TYPE]))
def test_any_answer_is_read_or_refused_in_words(body: str, content_type: str) -> None:
    try:
        project = parse_project(CORE, content_type, body.encode("utf-8", "surrogatepass"))
    except ValueError as error:
        assert re.match("answers|speaks", str(error))  # noqa: PT017 - or none at all
    else:
        for file in project.files:
            assert file.filename.isprintable()
            assert "/" not in file.filename
            (file.yanked or "").encode()
