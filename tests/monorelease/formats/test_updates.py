"""The one line that says to what a member was updated."""

from __future__ import annotations

from packaging.version import Version

from monorelease.formats.updates import MOST_CHANGES, Change, Update, told, update_line


def update(name: str, *sentences: str, version: str = "1.1.0") -> Update:
    changes = (Change(sentence=s, issues=(str(n),)) for n, s in enumerate(sentences, start=1))
    return Update(name=name, version=Version(version), changes=tuple(changes))


def line(*updates: Update) -> str:
    return update_line(told(updates))


def test_one_dependency_leaves_room_for_sentences() -> None:
    assert line(update("a", "Adds x.", "Fixes y.")) == "Updated `a` to 1.1.0: Adds x. Fixes y."


def test_one_dependency_without_news_is_a_sentence() -> None:
    assert line(update("a")) == "Updated `a` to 1.1.0."


def test_of_several_dependencies_each_has_its_news_in_brackets_and_news_come_first() -> None:
    assert line(update("a"), update("b", "Adds x.", "Broken?"), update("c", "Drops z.")) == (
        "Updated `b` to 1.1.0 (Adds x; Broken?), `c` to 1.1.0 (Drops z) and `a` to 1.1.0."
    )


def test_those_without_news_share_their_version() -> None:
    wave = [update(name) for name in "abc"] + [update("d", version="2.0.0")]

    assert line(*wave) == "Updated `a`, `b` and `c` to 1.1.0 and `d` to 2.0.0."


def test_a_sentence_is_told_once_with_all_its_links() -> None:
    first, second = told([update("a", "Same.", "Same."), update("b", "Same.")])

    assert first.changes == (Change(sentence="Same.", issues=("1", "2")),)
    assert second.changes == ()


def test_changes_without_words_are_passed_over() -> None:
    assert line(update("a", "", "Fixes y.")) == "Updated `a` to 1.1.0: Fixes y."


def test_many_changes_are_counted() -> None:
    sentences = [f"Change {number}." for number in range(MOST_CHANGES + 2)]

    assert line(update("a", *sentences)) == (
        "Updated `a` to 1.1.0: Change 0. Change 1. Change 2. And 2 more changes."
    )


def test_one_change_more_is_told_and_not_counted() -> None:
    sentences = [f"Change {number}." for number in range(MOST_CHANGES + 1)]

    assert line(update("a", *sentences)).endswith("Change 2. Change 3.")
