from __future__ import annotations

import pytest

from monorelease.model.channel import Snapshot
from monorelease.model.review import Review, Stage
from monorelease.model.value import replace
from monorelease.model.workspace import Workspace
from monorelease.reports.review_changelogs import changelogs_html, same_notes
from reviews import Page, review_of
from values import fragment, member, requires, workspace

FIX = fragment(text="The handle is **freed**.", core="patch")


def star(count: int) -> Workspace:
    """A core, and so many members that have to follow it."""
    plugins = (member(f"m{n}", f"{n}.0", requires("core", "==1.0.0")) for n in range(count))
    return workspace(member("core"), *plugins)


def alike(count: int) -> Workspace:
    plugins = (member(f"m{n}", "1.0", requires("core", "==1.0.0")) for n in range(count))
    return workspace(member("core"), *plugins)


def page(made: Review) -> Page:
    return Page(f"<main>{changelogs_html(made)}</main>")


def test_a_changelog_reads_as_it_will_beside_the_lines_of_its_file() -> None:
    found = page(review_of(workspace(member("core")), FIX))

    assert found.one("h3").text == "core"
    assert found.one("h4").text == "1.0.1"
    assert found.one("strong").text == "freed"
    assert [each.text for each in found.all("span", class_="ins")] == [
        "+",
        "+## 1.0.1",
        "+",
        "+- The handle is **freed**.",
    ]
    assert found.one("div", class_="sides").attributes["id"] == "notes-core"


def test_sections_that_say_the_same_are_shown_once_with_all_names() -> None:
    made = review_of(alike(3), FIX)
    found = page(made)

    assert [each.text for each in found.all("h3")] == ["core", "3 packages say the same"]
    names = [each.text for each in found.all("li") if each.above[-2:] == ("article", "ul")]
    assert names == ["m0", "m1", "m2"]
    assert {f"notes-{name}" for name in made.notes} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert "The same in 2 more files" in [each.text for each in found.all("summary")]


def test_a_second_file_needs_no_fold_of_its_own() -> None:
    found = page(review_of(alike(2), FIX))

    assert [each.text.split()[0] for each in found.all("summary")] == [
        "packages/core/CHANGELOG.md",
        "packages/m0/CHANGELOG.md",
        "packages/m1/CHANGELOG.md",
    ]


def test_among_many_those_without_words_of_their_own_are_folded() -> None:
    few, many = page(review_of(star(9), FIX)), page(review_of(star(10), FIX))

    assert few.all("details", class_="folded") == []
    assert len(many.all("details", class_="folded")) == 10
    assert many.all("h3")[0].above[-1] == "article"


def test_notes_that_are_the_same_belong_together() -> None:
    assert list(same_notes(review_of(alike(2), FIX)).values()) == [("core",), ("m0", "m1")]


@pytest.mark.parametrize("stage", Stage)
def test_that_there_are_none_is_said(stage: Stage) -> None:
    made = replace(review_of(workspace(member("core"))), stage=stage)
    words = "They are not written as long as errors stop the release."

    assert page(made).one("p").text == (words if stage is Stage.STOPPED else "There are none.")


def test_a_snapshot_has_none() -> None:
    made = review_of(workspace(member("core")), FIX, channel=Snapshot(stamp=7))

    assert page(made).one("p").text == "A snapshot writes no changelog."
