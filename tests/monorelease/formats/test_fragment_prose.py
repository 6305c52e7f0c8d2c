"""What must not reach a changelog is found, and what only looks like it is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.fragment_prose import (
    conflict_line,
    control_character,
    harmless,
    open_fence,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\x1b[31mred", (2, "U+001B")),
        ("a\x00", (1, "U+0000")),
        ("over\rwritten", (1, "U+000D")),
        ("\n\n\x9b31m", (3, "U+009B")),
        ("a \u202egnp.exe", (1, "U+202E")),
        ("two\u2028lines", (1, "U+2028")),
        ("\x7f", (1, "U+007F")),
    ],
)
def test_signs_that_steer_a_terminal_are_found(text: str, expected: tuple[int, str]) -> None:
    assert control_character(text) == expected
    assert control_character(harmless(text)) is None
    assert harmless(text).count("\ufffd") == 1


@pytest.mark.parametrize("text", ["", "\ttab\r\nline\n", "é 中 🎉 \u200f\u00a0"])
def test_writing_is_left_as_it_is(text: str) -> None:
    assert control_character(text) is None
    assert harmless(text) == text


CONFLICT = "a\n<<<<<<< HEAD\nb\n||||||| base\nc\n=======\nd\n>>>>>>> topic\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (CONFLICT, 2),
        ("=======\nd\n>>>>>>> topic", 1),
        ("a\n>>>>>>>", 2),
        ("a\n\n=======\nb", 3),
        ("=======", 1),
        ("Title\n=======\n\n=======", 4),
        ("```\n<<<<<<< a\n```\n<<<<<<< b", 4),
    ],
)
def test_a_conflict_is_found_at_its_first_marker(text: str, line: int) -> None:
    assert conflict_line(text.split("\n")) == line


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=======\n",
        "a\n ======= \n======\n========\n",
        "<<<<<<<< eight\n<<<<<< six\n<<<<<<<none",
        f"```\n{CONFLICT}```\n",
        f"~~~~ diff\n{CONFLICT}~~~\n~~~~~\n",
        "||||||| a table of no cells",
        "  <<<<<<< indented",
    ],
)
def test_what_only_looks_like_a_conflict_is_none(text: str) -> None:
    assert conflict_line(text.split("\n")) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n```\nb", 2),
        ("```\na\n```\n```\nb", 4),
        ("````\n```\n", 1),
        ("```\n~~~\n", 1),
        ("```\n``` py\n", 1),
        ("```\n- ```\n", 1),
        ("- a\n\n  ```py\n  b", 3),
        ("> ```\n> b", 1),
        ("1. ```\n   b", 1),
        ("~~~ `a`", 1),
        ("a\n```", 2),
    ],
)
def test_a_code_block_that_never_ends_is_found(text: str, line: int) -> None:
    assert open_fence(text.split("\n")) == line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "```\na\n```",
        "```\na\n`````  ",
        "- ```py\n  a\n  ```",
        "> ~~~\n> a\n> ~~~\n",
        "```code```",
        "`` a",
        "~~~\n```\n~~~",
        "text ``` text",
    ],
)
def test_code_that_ends_is_no_mistake(text: str) -> None:
    assert open_fence(text.split("\n")) is None


@pytest.mark.property
@given(st.lists(st.sampled_from(["```", "~~~", "````", "a", "> ```", "- ```", "``` x", ""])))
def test_one_more_fence_of_the_right_sort_closes_what_is_open(lines: list[str]) -> None:
    opening = open_fence(lines)

    if opening is not None:
        fence = lines[opening - 1].lstrip(">- ").split()[0]
        assert open_fence([*lines, fence]) is None
        assert open_fence([*lines, f"{fence}\n"[0:2]]) == opening
