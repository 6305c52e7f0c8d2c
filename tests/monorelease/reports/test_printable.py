from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.reports.printable import printable, printable_json, printable_lines

STEERING = (
    *map(chr, (*range(0x20), *range(0x7F, 0xA0))),  # C0, DEL, C1: escape sequences and the rest
    *map(chr, (0x061C, 0x200E, 0x200F)),  # marks that turn the direction of writing
    *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),  # embeddings and isolates
    *map(chr, (0x2028, 0x2029)),  # separators that end lines
)
"""What a terminal, or who looks at it, could be led astray by."""

anything = st.text() | st.text(st.sampled_from([*STEERING, *"::##[]ab "]))


def obeyed(line: str) -> bool:
    """Whether the runner of a GitHub workflow takes the line for a command."""
    words = line.lstrip()
    name, found, _ = words.removeprefix("::").partition("::")
    is_new = words.startswith("::") and bool(found) and name.split(" ")[0] in {"error", "a", "b"}
    old, found, _ = line.partition("##[")[2].partition("]")
    return is_new or (bool(found) and old.split(" ")[0] in {"error", "a", "b"})


@pytest.mark.parametrize("character", STEERING, ids=ascii)
def test_what_steers_is_spelled_out_in_a_line(character: str) -> None:
    assert printable(f"a{character}b") == f"a\\x{ord(character):02x}b"


@pytest.mark.parametrize("character", STEERING, ids=ascii)
def test_only_newlines_and_tabs_stay_in_a_text(character: str) -> None:
    spelled = character if character in "\n\t" else f"\\x{ord(character):02x}"

    assert printable_lines(f"a{character}b") == f"a{spelled}b"


@pytest.mark.parametrize(
    "words",
    [
        "naïve — 漢字 🙂 עברית \u200d → a\\x1b",
        "std::vector, ::after, and ::1",
        "::: note",
        "::",
        "::before { content: '' }",
        "## [1.0.0] and ##[1.0.0]",
    ],
)
def test_what_people_write_stays(words: str) -> None:
    assert printable(words) == printable_lines(words) == words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("::error::x", "\\x3a:error::x"),
        ("  ::error file=a,line=1::x", "  \\x3a:error file=a,line=1::x"),
        ("\u00a0::add-mask::x", "\u00a0\\x3a:add-mask::x"),
        ("fine: ##[error]x", "fine: \\x23#[error]x"),
    ],
)
def test_commands_to_a_build_are_not_passed_on(words: str, shown: str) -> None:
    assert obeyed(words.replace("add-mask", "error"))
    assert printable(words) == shown
    assert printable_lines(f"a\n{words}") == f"a\n{shown}"


@pytest.mark.property
@given(anything)
def test_nothing_steers_within_a_line(words: str) -> None:
    shown = printable(words)

    assert not set(shown) & set(STEERING)
    assert not obeyed(shown)


@pytest.mark.property
@given(anything)
def test_nothing_steers_within_a_text(words: str) -> None:
    shown = printable_lines(words)

    assert not set(shown) & (set(STEERING) - set("\n\t"))
    assert not any(obeyed(line) for line in shown.split("\n"))


@pytest.mark.property
@given(st.dictionaries(anything, anything | st.integers()))
def test_json_means_the_same_and_steers_nothing(value: dict[str, object]) -> None:
    document = printable_json(json.dumps(value, indent=2, ensure_ascii=False))

    assert json.loads(document) == value
    assert not set(document) & (set(STEERING) - {"\n"})
    assert not any(obeyed(line) for line in document.split("\n"))
