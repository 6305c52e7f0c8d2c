from __future__ import annotations

import copy
import sys
import tomllib
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.errors import EditFailed
from monorelease.formats.text import BOM
from monorelease.formats.toml import bad_toml, edit, line_of, parse, spans, table_at
from monorelease.formats.toml_layout import Layout, Span
from monorelease.model.finding import TomlKey

PATH = PurePosixPath("packages/agents-core/pyproject.toml")

MANIFEST = """\
# The core.
[project]
name = "agents-core"   # as it is published
version = '1.0.43'
dependencies = [
  "httpx >= 0.28",     # the client
  'numpy>=2; python_version < "3.14"',
]

[tool."x.y"]
limits = { low = 1, high = "2" }
"""


def test_a_byte_order_mark_is_no_part_of_the_data() -> None:
    assert parse(f"{BOM}a = 1\r\n") == {"a": 1}


def test_what_is_not_toml_is_a_finding_with_its_line() -> None:
    with pytest.raises(ValueError, match="line 2") as caught:
        parse("a = 1\nb = \n")
    finding = bad_toml(PATH, caught.value)

    assert (finding.code, finding.path, finding.line) == ("bad-toml", PATH, 2)
    assert "not a TOML document" in finding.problem


def test_a_number_that_is_too_long_is_no_toml_either() -> None:
    with pytest.raises(ValueError, match="limit"):
        parse(f"a = {'9' * 5_000}")


@pytest.mark.parametrize("number", ["0x" + "f" * 5_000, "0o" + "7" * 5_000, "0b" + "1" * 20_000])
def test_a_number_that_could_never_be_told_is_no_toml_either(number: str) -> None:
    """Python reads it, and fails where a message names it."""
    with pytest.raises(ValueError, match="limit"):
        parse(f"a = [{{b = {number}}}]")


def test_what_only_looks_like_such_a_number_is_read() -> None:
    text = "0x" + "f" * 5_000

    assert parse(f"a = {text!r}\nb = 0xff") == {"a": text, "b": 255}


def test_what_is_nested_too_deeply_is_a_finding_without_a_line() -> None:
    depth = sys.getrecursionlimit()
    with pytest.raises(ValueError, match="nested too deeply") as caught:
        parse(f"a = {'[' * depth}{']' * depth}")

    assert bad_toml(PATH, caught.value).line is None


def test_a_table_is_found_by_its_names_or_is_empty() -> None:
    data = {"project": {"scripts": {"a": "b"}, "name": "x"}}

    assert table_at(data, "project", "scripts") == {"a": "b"}
    assert table_at(data) == data
    assert table_at(data, "project", "urls") == {}
    assert table_at(data, "project", "name") == {}
    assert table_at(data, "project", "name", "x") == {}


def test_spans_cover_the_literals_with_their_quotes() -> None:
    literals = {key: MANIFEST[begin:end] for key, (begin, end) in spans(MANIFEST).items()}

    assert literals == {
        ("project", "name"): '"agents-core"',
        ("project", "version"): "'1.0.43'",
        ("project", "dependencies", 0): '"httpx >= 0.28"',
        ("project", "dependencies", 1): "'numpy>=2; python_version < \"3.14\"'",
        ("tool", "x.y", "limits", "high"): '"2"',
    }


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", BOM])
@pytest.mark.parametrize(
    ("key", "line"),
    [
        pytest.param(("project", "version"), 4, id="string"),
        pytest.param(("project", "dependencies"), 5, id="array"),
        pytest.param(("project", "dependencies", 1), 7, id="string-in-an-array"),
        pytest.param(("project", "dependencies", 9), 5, id="missing-in-an-array"),
        pytest.param(("project",), 2, id="header"),
        pytest.param(("project", "dynamic"), 2, id="missing-in-a-table"),
        pytest.param(("tool", "x.y", "limits", "low"), 11, id="number-in-an-inline-table"),
        pytest.param(("tool", "x.y", "limits", "mid", "z"), 11, id="missing-in-an-inline-table"),
        pytest.param(("tool",), None, id="table-without-a-header"),
        pytest.param(("tool", "poetry", "name"), None, id="missing-table"),
        pytest.param((), None, id="document"),
    ],
)
def test_the_line_of_a_value_or_of_what_is_around_it(
    key: TomlKey, line: int | None, newline: str, mark: str
) -> None:
    assert line_of(mark + MANIFEST.replace("\n", newline), key) == line


def test_there_is_no_line_in_what_is_not_toml() -> None:
    assert line_of("[project\nname = ", ("project", "name")) is None


def test_only_the_wanted_characters_change() -> None:
    edited = edit(
        MANIFEST,
        {
            ("project", "version"): "1.0.44",
            ("project", "dependencies", 1): 'numpy>=2.1; python_version < "3.14"',
            ("tool", "x.y", "limits", "high"): "3",
        },
    )

    assert edited == (
        MANIFEST.replace("1.0.43", "1.0.44")
        .replace("numpy>=2;", "numpy>=2.1;")
        .replace('high = "2"', 'high = "3"')
    )


def test_nothing_changes_when_nothing_should() -> None:
    assert edit(MANIFEST, {}) == MANIFEST


@pytest.mark.parametrize(
    ("literal", "value", "expected"),
    [
        pytest.param("'a'", "b\\c", "'b\\c'", id="single-quotes-keep-backslashes"),
        pytest.param("'a'", "it's", '"it\'s"', id="single-quotes-give-way"),
        pytest.param("'a'", "b\tc", "'b\tc'", id="a-tab-needs-no-escape"),
        pytest.param(
            '"a"',
            'b"c\\d\n\x00\x7f\b\f\r\te',
            '"b\\"c\\\\d\\n\\u0000\\u007f\\b\\f\\r\te"',
            id="escapes",
        ),
        pytest.param('"a"', "é🎈'", '"é🎈\'"', id="no-needless-escapes"),
        pytest.param("'''a'''", "b\nit's", "'''b\nit's'''", id="three-single-quotes"),
        pytest.param("'''\na'''", "b", "'''\nb'''", id="with-the-first-newline"),
        pytest.param("'''a'''", "\nb", "'''\n\nb'''", id="a-newline-that-counts"),
        pytest.param("'''a'''", "b'''c", '"""b\'\'\'c"""', id="three-single-quotes-give-way"),
        pytest.param("'''\na'''", "b'", '"""\nb\'"""', id="a-quote-at-the-end"),
        pytest.param('"""a"""', 'b "c" \\', '"""b "c" \\\\"""', id="three-double-quotes"),
        pytest.param('"""a"""', 'b""""c"', '"""b\\"\\"""c\\""""', id="runs-of-quotes"),
        pytest.param('"""a"""', "b\r\nc", '"""b\\r\nc"""', id="a-carriage-return-is-escaped"),
    ],
)
def test_a_new_literal_looks_like_the_old_one(literal: str, value: str, expected: str) -> None:
    assert edit(f"a = {literal} # x\n", {("a",): value}) == f"a = {expected} # x\n"


def test_a_new_line_in_a_value_is_spelled_like_the_others_in_the_document() -> None:
    text = 'a = """\r\nb"""\r\n'

    assert edit(text, {("a",): "c\nd"}) == 'a = """\r\nc\r\nd"""\r\n'


STRUCTURES = [
    MANIFEST,
    f"{BOM}{MANIFEST}",
    MANIFEST.replace("\n", "\r\n"),
    "a = nan\nb.c = 'x'\n[[d]]\ne = {f = '''y\n'''}\n[[d]]\ne = \"\"\"\n\"\"\"\ng = -0.0",
    "[tool.ruff.lint.a]\nx = 'a'\n[tool.ruff.lint]\ny = ['b', ['''c''']]\n[o]\n[tool.ruff.lint.b]",
]
VALUES = st.text() | st.text(st.sampled_from("ab'\"\\\n\r\t# \x1b"))


@pytest.mark.property
@given(st.data())
def test_after_an_edit_the_document_says_what_was_wanted_and_nothing_else_moved(
    data: st.DataObject,
) -> None:
    text = data.draw(st.sampled_from(STRUCTURES))
    keys = data.draw(st.sets(st.sampled_from(list(spans(text)))))
    changes = {key: data.draw(VALUES) for key in sorted(keys, key=str)}
    wanted = copy.deepcopy(exactly(text))
    for (*parents, last), value in changes.items():
        place: Any = wanted
        for step in parents:
            place = place[step]
        place[last] = value

    edited = edit(text, changes)

    assert exactly(edited) == wanted
    assert surroundings(edited, keys) == surroundings(text, keys)
    if changes:
        assert edit(edited, changes) == edited


def exactly(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix(BOM), parse_float=lambda spelling: (spelling,))


def surroundings(text: str, keys: set[TomlKey]) -> list[str]:
    """What stands between the literals at `keys`."""
    places = sorted(spans(text)[key] for key in keys)
    ends = [0, *(end for _, end in places)]
    begins = [*(begin for begin, _ in places), len(text)]
    return [text[end:begin] for end, begin in zip(ends, begins, strict=True)]


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(("project", "dynamic"), id="nothing-there"),
        pytest.param(("project", "dependencies"), id="an-array"),
        pytest.param(("tool", "x.y", "limits", "low"), id="a-number"),
        pytest.param(("project",), id="a-table"),
    ],
)
def test_only_strings_are_replaced(key: TomlKey) -> None:
    with pytest.raises(EditFailed, match="there is no string at") as caught:
        edit(MANIFEST, {key: "x"}, path=PATH)

    assert caught.value.where == str(PATH)


@pytest.mark.parametrize(
    "text", ["a = ", f"a = {'[' * 20_000}{']' * 20_000}"], ids=["broken", "too-deep"]
)
def test_a_document_that_cannot_be_read_is_not_edited(text: str) -> None:
    with pytest.raises(EditFailed, match="cannot be read"):
        edit(text, {("a",): "x"})


@pytest.mark.parametrize("place", [(4, 7), (8, 9), (10, 15), (12, 14)])
def test_an_edit_in_the_wrong_place_is_caught_by_the_proof(
    place: Span, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but a mistake in the layout could lead there."""
    wrong = Layout(strings={("a",): place}, starts={})
    monkeypatch.setattr("monorelease.formats.toml.read_layout", lambda _text: wrong)

    with pytest.raises(EditFailed, match="was not edited"):
        edit("x = 'a'\na = 'a'", {("a",): "b"})
