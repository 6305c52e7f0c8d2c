"""How a body is handed to aiohttp; what arrives of it, test_client.py shows."""

from __future__ import annotations

import io
import json

import pytest

from agents_core.http.bodies import in_pieces

LONG = 2**18 + 1


@pytest.mark.parametrize("data", [b"x" * LONG, bytearray(LONG)])
def test_long_bytes_are_a_file(data: bytes | bytearray) -> None:
    given = in_pieces({"data": data, "params": {"a": "b"}}, dumps=json.dumps)

    assert isinstance(given["data"], io.BytesIO)
    assert given["data"].getvalue() == data
    assert given["params"] == {"a": "b"}


@pytest.mark.parametrize("data", [b"short", "text" * LONG, {"field": "value"}, None])
def test_what_is_short_or_no_bytes_stays(data: object) -> None:
    assert in_pieces({"data": data}, dumps=json.dumps) == {"data": data}


def test_json_is_written_as_the_session_writes_it_and_says_so() -> None:
    given = in_pieces({"json": {"a": 1}, "headers": {"X": "y"}}, dumps=lambda _: "written")

    assert given["data"] == b"written"
    assert given["headers"] == {"X": "y", "Content-Type": "application/json"}
    assert "json" not in given


def test_long_json_is_a_file_too() -> None:
    given = in_pieces({"json": ["x" * LONG]}, dumps=json.dumps)

    assert json.load(given["data"]) == ["x" * LONG]


def test_what_was_given_is_not_changed() -> None:
    options = {"json": {}, "headers": {}}
    in_pieces(options, dumps=json.dumps)

    assert options == {"json": {}, "headers": {}}


def test_nothing_is_nothing() -> None:
    assert in_pieces({"json": None}, dumps=json.dumps) == {}
