from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.adapters.history import latest_additions, with_merges
from monorelease.model.fragment import Origin

Commit = tuple[str, str, str, tuple[str, ...]]

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
names = texts.filter(lambda text: PurePosixPath(text) != PurePosixPath())
commits = st.tuples(
    st.text("0123456789abcdef", min_size=40, max_size=40),
    texts,
    texts,
    st.lists(names, min_size=1, max_size=3).map(tuple),
)


def log(*commits: Commit) -> str:
    """What git prints of these commits."""
    return "".join(
        f"\0{commit}\0{author}\0{subject}\0\n" + "".join(f"{name}\0" for name in names)
        for commit, author, subject, names in commits
    )


@pytest.mark.property
@given(st.lists(commits, max_size=4))
def test_no_text_in_a_commit_is_taken_for_another_part_of_it(history: list[Commit]) -> None:
    wanted: dict[PurePosixPath, str] = {}
    for commit, _, _, files in reversed(history):
        wanted |= {PurePosixPath(name): commit for name in files}

    found = latest_additions(log(*history))

    assert {path: origin.commit for path, origin in found.items()} == wanted
    assert all(origin.author.isprintable() for origin in found.values())


def origin(number: int | None, author: str = "Ada") -> Origin:
    return Origin(commit="c0ffee", author=author, pull_request=number)


def test_a_merge_gives_its_number_to_what_has_none_and_nothing_else() -> None:
    bare, numbered, elsewhere = map(PurePosixPath, ("bare", "numbered", "elsewhere"))
    merge = origin(12, "Who merged it")

    assert with_merges(
        {bare: origin(None), numbered: origin(7), elsewhere: origin(None)},
        {bare: merge, numbered: merge, PurePosixPath("unknown"): merge},
    ) == {bare: origin(12), numbered: origin(7), elsewhere: origin(None)}


@pytest.mark.parametrize("number", ["9" * 13, "9" * 5_000, "\u0661\u0662"], ids=len)
def test_what_no_forge_would_count_to_is_no_pull_request(number: str) -> None:
    for subject in (f"Fix (#{number})", f"Merge pull request #{number} from ada/work"):
        (found,) = latest_additions(log(("c0ffee", "Ada", subject, ("changes/1.md",)))).values()
        assert found.pull_request is None
