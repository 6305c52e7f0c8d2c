from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.commits import read_commit, read_title, reverted_by
from monorelease.model.saying import Saying

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("message", "saying"),
    [
        ("feat: add voices", Saying(type="feat", text="Add voices.")),
        ("Fix(core): it", Saying(type="fix", scope="core", text="It.")),
        ("feat(core, stt)!: drop x", Saying(
            type="feat", scope="core, stt", is_breaking=True, text="Drop x.")),
        ("fix: it (#12)", Saying(type="fix", text="It.", number=12)),
        ("fix: it (closes #9) (#12)", Saying(type="fix", text="It.", number=12)),
        ("fix: it (!7)", Saying(type="fix", text="It.", number=7)),
        ("fix: it (#12) twice", Saying(type="fix", text="It (#12) twice.")),
        ("fix: it\n\nBecause.\n\nBREAKING CHANGE: use `b`\ninstead\nReviewed-by: Ada", Saying(
            type="fix", is_breaking=True, text="It.\n\nUse `b` instead.")),
        ("fix: it\n\nBREAKING-CHANGE: - one\n- two\n\nRefs: #3", Saying(
            type="fix", is_breaking=True, text="It.\n\n- one\n- two")),
        ("fix: it\n\nBREAKING CHANGE #12 goes", Saying(
            type="fix", is_breaking=True, text="It.\n\n12 goes.")),
        ("fix: it\n\nBREAKING CHANGES:\n\nuse `b`", Saying(
            type="fix", is_breaking=True, text="It.\n\nUse `b`.")),
        ("\u2728 feat: it", Saying(type="feat", text="It.")),
        ("fix: :bug: it [skip ci]", Saying(type="fix", text="It.")),
        ("fix: it, closes #9 (#12)", Saying(type="fix", text="It.", number=12)),
        ("fix: it - fixes gh-9.", Saying(type="fix", text="It.", number=9)),
        ("feat: \u3092\u8ffd\u52a0", Saying(type="feat", text="\u3092\u8ffd\u52a0")),
        ("fix: it\n\nBREAKING CHANGE: \x1b", Saying(type="fix", is_breaking=True, text="It.")),
    ],
)  # fmt: skip
def test_a_conventional_commit_is_read(message: str, saying: Saying) -> None:
    assert read_commit(message) == saying


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Fix it",
        "fixup! fix: it",
        "fix:it",
        "fix(a(b)): it",
        "fix: ",
        "fix: \x1b",
        "Merge x: y z",
        'Revert "fix: it"',
        "1fix: it",
        "fix : it",
        "fix: ...",
    ],
)
def test_what_follows_no_convention_says_nothing(message: str) -> None:
    assert read_commit(message) is None


def test_a_breaking_word_in_the_middle_of_a_line_is_no_footer() -> None:
    saying = read_commit("fix: it\n\nThis is no BREAKING CHANGE: really.")

    assert saying is not None
    assert not saying.is_breaking


def test_a_plain_title_is_a_sentence_without_a_type() -> None:
    assert read_title("  Make it\nwork (#12) ") == Saying(text="Make it work.", number=12)
    assert read_title("feat!: drop it") == Saying(type="feat", is_breaking=True, text="Drop it.")


@pytest.mark.parametrize(
    ("message", "reverted"),
    [
        (f'Revert "fix: it"\n\nThis reverts commit {SHA}.\n', (SHA,)),
        (f"revert: it\n\nRefs: {SHA[:9]}, {SHA[:8]}", (SHA[:9], SHA[:8])),
        (f"revert: it\n\nThis reverts commit {SHA}.\n\nRefs: {SHA}", (SHA,)),
        (f"fix: it\n\nRefs: {SHA}", ()),
        (f"revert: it\n\nSee: {SHA}", ()),
        ("Revert it", ()),
    ],
)
def test_a_revert_names_what_it_takes_back(message: str, reverted: tuple[str, ...]) -> None:
    assert reverted_by(message) == reverted


@pytest.mark.property
@given(st.text(), st.text(), st.integers(0, 10**12 - 1))
def test_any_message_is_read_and_its_number_is_found(words: str, body: str, number: int) -> None:
    read_commit(words + body)
    read_title(words)
    reverted_by(body)

    said = read_commit(f"fix: it works (#{number})\n\n{body}")

    assert said is not None
    assert said.number == number
    assert said.text.startswith("It works.")
