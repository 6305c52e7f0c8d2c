from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.model.bump import Bump
from monorelease.model.config import DEFAULT_CATEGORIES, Category
from monorelease.planning.categories import (
    bump_named,
    category_for,
    category_named,
    category_of_dependencies,
)


def categories(words: str) -> list[Category]:
    return [Category(directory=word, title=word.title()) for word in words.split()]


@pytest.mark.parametrize(
    ("bump", "known", "category"),
    [
        (Bump.MAJOR, "breaking feature fix misc", "breaking"),
        (Bump.MINOR, "breaking feature fix misc", "feature"),
        (Bump.PATCH, "breaking feature fix misc", "fix"),
        (Bump.NONE, "breaking feature fix misc", "misc"),
        (Bump.MAJOR, "added changed removed", "removed"),
        (Bump.PATCH, "one two", "one"),
    ],
)
def test_a_bump_has_a_usual_category(bump: Bump, known: str, category: str) -> None:
    assert category_for(bump, categories(known)) == category


@pytest.mark.parametrize(
    ("known", "category"),
    [
        ("fix deps misc", "deps"),
        ("fix misc", "misc"),
        ("feature fix", "fix"),
        ("one two", "one"),
    ],
)
def test_dependencies_go_where_nobody_looks_for_news(known: str, category: str) -> None:
    assert category_of_dependencies(categories(known)) == category


@pytest.mark.parametrize(
    ("word", "known", "category"),
    [
        ("fix", "feature fix", "fix"),
        ("Fixed", "feature fix", "fix"),
        ("Bug fixes", "feature fix", "fix"),
        ("bugfix", "feature fixed", "fixed"),
        ("Deprecations", "removal deprecated", "deprecated"),
        ("dependencies", "fix deps", "deps"),
        ("\u2728 Added", "fix feature", "feature"),
        ("Improved Documentation", "doc", "doc"),
        ("Class", "class", "class"),
        ("Added", "fix", None),
        ("Sprouted", "fix feature", None),
    ],
)
def test_a_word_of_another_tool_finds_its_category(
    word: str, known: str, category: str | None
) -> None:
    assert category_named(word, categories(known)) == category


def test_a_title_is_as_good_as_a_directory() -> None:
    known = [Category(directory="x", title="Features"), Category(directory="feature", title="y")]

    assert category_named("feature", known) == "x"


@pytest.mark.parametrize(
    ("word", "bump"),
    [
        ("Removed", Bump.MAJOR),
        ("Added", Bump.MINOR),
        ("Changed", Bump.MINOR),
        ("bugfixes", Bump.PATCH),
        ("doc", Bump.PATCH),
        ("Misc", Bump.NONE),
        ("Sprouted", None),
        ("", None),
    ],
)
def test_a_word_of_another_tool_says_how_far(word: str, bump: Bump | None) -> None:
    assert bump_named(word) is bump


@pytest.mark.property
@given(st.text(), st.sampled_from(Bump))
def test_a_category_is_always_one_that_there_is(word: str, bump: Bump) -> None:
    known = {category.directory for category in DEFAULT_CATEGORIES}

    assert category_named(word, DEFAULT_CATEGORIES) in {None, *known}
    assert category_for(bump, DEFAULT_CATEGORIES) in known
