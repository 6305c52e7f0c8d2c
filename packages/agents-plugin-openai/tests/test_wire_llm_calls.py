"""Calls of tools, in the pieces in which services send them."""

from __future__ import annotations

from typing import Any

import pytest

from agents_plugin_openai._wire.llm_calls import ToolCalls


def piece(name: str | None = None, arguments: object = None, **more: object) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {
        **more,
        "function": {key: value for key, value in function.items() if value is not None},
    }


def made(*pieces: dict[str, Any]) -> list[tuple[str, str, str]]:
    calls = ToolCalls()
    for each in pieces:
        calls.push([each])
    return [(call.call_id, call.name, call.arguments) for call in calls.take()]


OSLO, BERN = '{"city": "Oslo"}', '{"city": "Bern"}'
TWO = [("1", "f", OSLO), ("2", "f", BERN)]


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(
            [
                piece("f", "", index=0, id="1", type="function"),
                piece("f", "", index=1, id="2", type="function"),
                piece(arguments=OSLO[:7], index=0),
                piece(arguments=BERN[:9], index=1),
                piece(arguments=OSLO[7:], index=0),
                piece(arguments=BERN[9:], index=1),
            ],
            id="numbered",
        ),
        pytest.param(
            [piece("f", OSLO, index=0, id="1"), piece("f", BERN, index=0, id="2")],
            id="whole, all with one number",
        ),
        pytest.param([piece("f", OSLO, id="1"), piece("f", BERN, id="2")], id="whole, no number"),
        pytest.param(
            [
                piece("f", OSLO[:5], id="1"),
                piece(arguments=OSLO[5:]),
                piece("f", "", id="2"),
                piece(arguments=BERN),
            ],
            id="in pieces, no number",
        ),
        pytest.param(
            [
                piece("f", OSLO[:5], id="1"),
                piece("f", OSLO[5:], id="1"),
                piece("f", BERN[:5], id="2"),
                piece("f", BERN[5:], id="2"),
            ],
            id="in pieces, all of which say whose they are",
        ),
        pytest.param(
            [
                piece("f", {"city": "Oslo"}, index=0, id="1"),
                piece("f", {"city": "Bern"}, index=1, id="2"),
            ],
            id="arguments that are no text",
        ),
    ],
)
def test_two_calls_are_told_apart(pieces: list[dict[str, Any]]) -> None:
    assert made(*pieces) == TWO


@pytest.mark.parametrize("number", [{}, {"index": 0}], ids=["no number", "one number"])
def test_whole_calls_without_ids_are_told_apart_and_get_one(number: dict[str, int]) -> None:
    first, second = made(piece("f", OSLO, **number), piece("f", BERN, **number))

    assert (first[1:], second[1:]) == (("f", OSLO), ("f", BERN))
    assert first[0].startswith("call_")
    assert first[0] != second[0]


def test_a_name_that_is_said_again_begins_nothing() -> None:
    assert made(
        piece("f", OSLO[:4], index=0, id="1"),
        piece("f", OSLO[4:], index=0),
        piece("f", "", index=0),
    ) == [("1", "f", OSLO)]


def test_a_call_without_arguments_has_an_empty_object() -> None:
    assert made(piece("stop", index=0, id="1")) == [("1", "stop", "{}")]
    assert made({"index": 0, "id": "1", "function": {"name": "stop", "arguments": None}}) == [
        ("1", "stop", "{}")
    ]


def test_what_is_said_beside_a_call_goes_with_it() -> None:
    calls = ToolCalls()
    signed = {"google": {"thought_signature": "abc"}}
    calls.push([piece("f", OSLO, index=0, id="1", type="function", extra_content=signed)])

    [call] = calls.take()
    assert call.extra == {"openai": {"extra_content": signed}}


def test_calls_are_taken_once() -> None:
    calls = ToolCalls()
    assert not calls
    calls.push([piece("f", OSLO, index=0, id="1")])
    assert calls

    assert len(calls.take()) == 1
    assert calls.take() == ()


def test_an_id_that_is_a_number_is_an_id() -> None:
    assert made(piece("f", OSLO, id=1), piece("f", BERN, id=2)) == TWO


def test_a_call_without_a_name_is_malformed() -> None:
    with pytest.raises(AttributeError):
        made({"index": 0, "id": "1", "function": {"name": 5}})
    with pytest.raises(ValueError, match="without a name"):
        made({"index": 0, "id": "1"})
