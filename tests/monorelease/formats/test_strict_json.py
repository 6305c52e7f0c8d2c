from __future__ import annotations

import json

import pytest

from monorelease.formats.strict_json import (
    Fields,
    kind_of,
    parse_strictly,
    shown,
    text_that,
    tuple_of,
)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe\xfa", "not JSON"),
        (b"", "not JSON"),
        (b"[" * 90_000, "nested too deeply"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": {"b": 1, "b": 1}}', "twice"),
        (b'"' + b"x" * 100_000 + b'"', "more than 100,000 bytes"),
        (b"1" * 5000, "4300"),
    ],
    ids=["open", "no text", "nothing", "deep", "twice", "twice within", "large", "long number"],
)
def test_what_is_no_plain_json_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_strictly(data, 100_000)


def test_fields_are_taken_once_and_none_is_left() -> None:
    fields = Fields({"a": 1, "b": "x"}, "it")

    assert fields.take("a", kind_of(int, "a number")) == 1
    with pytest.raises(ValueError, match="it has no 'a'"):
        fields.take("a", kind_of(int, "a number"))
    with pytest.raises(ValueError, match="it should have no 'b'"):
        fields.demand_empty()
    with pytest.raises(ValueError, match="'b' of it: 'x' is not a number"):
        fields.take("b", kind_of(int, "a number"))
    fields.demand_empty()


def test_true_is_no_number() -> None:
    with pytest.raises(ValueError, match="True is not a number"):
        kind_of(int, "a number")(True)  # noqa: FBT003 - what JSON's true becomes


def test_a_text_is_one_of_those_that_are_meant() -> None:
    read = text_that("a digit", str.isdigit)

    assert read("1") == "1"
    with pytest.raises(ValueError, match="'x' is not a digit"):
        read("x")
    with pytest.raises(ValueError, match="1 is not a text"):
        read(1)


def test_a_list_is_no_longer_than_it_may_be() -> None:
    read = tuple_of(kind_of(int, "a number"), 2)

    assert read([1, 2]) == (1, 2)
    with pytest.raises(ValueError, match="more than 2"):
        read([1, 2, 3])
    with pytest.raises(ValueError, match="an object is not a list"):
        read({})


def test_what_is_shown_is_brief_and_steers_nothing() -> None:
    assert shown("\x1b[31m") == r"'\x1b[31m'"
    assert shown("x" * 100) == f"'{'x' * 59}…"
    assert shown([[]]) == "a list"
    assert shown({}) == "an object"
    assert shown(json.loads("[" * 500 + "]" * 500)) == "a list"
