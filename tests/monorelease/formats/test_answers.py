"""Whatever a server answers is taken apart, or it is said which field is not what it should be."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats import answers
from monorelease.formats.answers import BadAnswer, Record, parse_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
READERS: dict[str, Callable[[Record], object]] = {
    "text": lambda record: record.text("x"),
    "text or none": lambda record: record.text("x", ""),
    "number": lambda record: record.number("x"),
    "flag": lambda record: record.flag("x"),
    "flag or none": lambda record: record.flag("x", default=False),
    "record": lambda record: record.record("x"),
    "maybe": lambda record: record.maybe("x"),
    "records": lambda record: record.records("x"),
    "texts": lambda record: record.texts("x"),
}


def record(x: object) -> Record:
    return Record.parse({"x": x}, "thing")


def test_fields_are_read_as_what_they_are() -> None:
    thing = Record.parse(
        {
            "text": "a",
            "number": 7,
            "flag": True,
            "record": {"inner": "b"},
            "records": [{"n": 1}, {"n": 2}],
            "texts": ["c", "d"],
            "null": None,
        },
        "thing",
    )

    assert thing.text("text") == thing.text("text", "z") == "a"
    assert thing.number("number") == 7
    assert thing.flag("flag") is thing.flag("flag", default=False) is True
    assert thing.record("record").text("inner") == "b"
    assert [inner.number("n") for inner in thing.records("records")] == [1, 2]
    assert thing.texts("texts") == ("c", "d")
    inner = thing.maybe("record")
    assert inner is not None
    assert inner.text("inner") == "b"


@pytest.mark.parametrize("name", ["null", "missing"])
def test_what_is_not_there_has_its_default(name: str) -> None:
    thing = Record.parse({"null": None, "there": 0}, "thing")

    assert thing.text(name, "z") == "z"
    assert thing.flag(name, default=True) is True
    assert thing.maybe(name) is None
    assert name not in thing
    assert "there" in thing


@pytest.mark.parametrize(
    ("reader", "x", "told"),
    [
        ("text", None, "thing.x is null, and should be text"),
        ("text", 7, "thing.x is a number, and should be text"),
        ("text or none", ["a"], "thing.x is a list, and should be text"),
        ("number", "7", "thing.x is text, and should be a whole number"),
        ("number", True, "thing.x is true, and should be a whole number"),
        ("number", 1.0, "thing.x is a number, and should be a whole number"),
        ("number", -1, "thing.x is a number, and should be a whole number"),
        ("number", 2**63, "thing.x is a number, and should be a whole number"),
        ("flag", 0, "thing.x is a number, and should be true or false"),
        ("flag or none", "no", "thing.x is text, and should be true or false"),
        ("record", [], "thing.x is a list, and should be an object"),
        ("maybe", False, "thing.x is false, and should be an object"),
        ("records", {}, "thing.x is an object, and should be a list"),
        ("records", [{}, 7], "thing.x[1] is a number, and should be an object"),
        ("texts", ["a", {}], "thing.x[1] is an object, and should be text"),
        ("texts", None, "thing.x is null, and should be a list"),
    ],
)
def test_a_field_that_is_another_thing_is_named(reader: str, x: object, told: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        READERS[reader](record(x))

    assert str(caught.value) == told


def test_a_field_that_is_missing_is_named_with_its_place() -> None:
    thing = Record.parse({"user": {}}, "pull request")

    with pytest.raises(BadAnswer) as caught:
        thing.record("user").text("login")

    assert str(caught.value) == "pull request.user.login is missing, and should be text"


@pytest.mark.parametrize("answer", [None, 7, "a", [], True])
def test_an_answer_is_an_object(answer: object) -> None:
    with pytest.raises(BadAnswer, match=r"^thing is .*, and should be an object$"):
        Record.parse(answer, "thing")


def test_texts_and_lists_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_TEXT", 3)
    monkeypatch.setattr(answers, "MOST_ITEMS", 2)

    assert record("abc").text("x") == "abc"
    assert record(["a", "b"]).texts("x") == ("a", "b")
    with pytest.raises(BadAnswer, match=r"thing\.x has more than 3 characters"):
        record("abcd").text("x")
    with pytest.raises(BadAnswer, match=r"thing\.x has more than 2 items"):
        record([{}, {}, {}]).records("x")


def test_half_a_character_is_replaced() -> None:
    assert Record.parse(parse_json(b'{"x": "a\\udc00b"}'), "thing").text("x") == "a?b"


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.property
@given(x=JSON)
def test_every_field_is_read_or_refused(reader: Callable[[Record], object], x: object) -> None:
    try:
        reader(record(x))
    except BadAnswer as error:
        assert str(error).startswith("thing.x")  # noqa: PT017 - either is right


@pytest.mark.property
@given(answer=JSON)
def test_json_is_read_as_it_was_written(answer: object) -> None:
    assert json.dumps(parse_json(json.dumps(answer).encode())) == json.dumps(answer)


@pytest.mark.property
@given(body=st.binary())
def test_any_bytes_are_json_or_not(body: bytes) -> None:
    try:
        parse_json(body)
    except BadAnswer as error:
        assert str(error).endswith("and should be JSON")  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\n <html>", "a web page"),
        (b"nope", "no JSON that can be read"),
        (b'{"a": ', "no JSON that can be read"),
        (b"[" * 100_000, "no JSON that can be read"),
        (b"9" * 5000, "no JSON that can be read"),
        (b"\xff\xfe", "no JSON that can be read"),
    ],
    ids=["nothing", "blanks", "page", "words", "half", "deep", "long", "bytes"],
)
def test_what_is_no_json_is_told_as_what_it_is(body: bytes, told: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        parse_json(body)

    assert str(caught.value) == f"the answer is {told}, and should be JSON"
