from __future__ import annotations

from textwrap import dedent

from monorelease.model.channel import Snapshot
from monorelease.model.finding import Finding
from monorelease.model.review import Stage
from monorelease.model.value import replace
from monorelease.reports.review_terminal import review_text
from monorelease.reports.terminal import COLOURS
from reviews import review_of
from values import fragment, member, requires, workspace

FAMILY = workspace(
    member("core"),
    member("a", "1.0.0", requires("core", "==1.0.0")),
    member("b", "1.0.0", requires("core", "==1.0.0")),
    member("docs", "0.3.0"),
    member("suite", "1.0.0", requires("core", "==1.0.0"), private=True),
)
MADE = review_of(FAMILY, fragment(text="Frees it.", core="patch"))


def test_it_begins_with_the_plan() -> None:
    first, _, second, *_ = review_text(MADE).split("\n")

    assert first == "Waiting: nothing is written yet."
    assert second == "4 packages to release"


def test_parts_come_in_their_order() -> None:
    text = review_text(replace(MADE, findings=(Finding(code="c", problem="p", hint="h"),)))
    titles = ["Waiting", "Findings", "Why", "Changelogs", "Constraints", "Publishing"]

    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)
    assert "error: p [c]\n  hint: h" in text


def test_who_asked_for_it_is_told_in_full_and_who_rests_has_a_reason() -> None:
    text = review_text(MADE)

    assert "core 1.0.0 → 1.0.1 (patch)\n  changes/1.fix.md\n    Frees it.\n" in text
    assert "Not released\n  docs  no fragment names it\n" in text


def test_notes_that_are_the_same_are_told_once() -> None:
    text = review_text(MADE)

    assert "core\n\n    ## 1.0.1\n\n    - Frees it.\n" in text
    assert "3 packages say the same\n  a, b, suite\n\n    ## 1.0.1\n\n    - Updated.\n" in text


def test_constraints_that_change_alike_are_one_line() -> None:
    assert "core ==1.0.0 → ==1.0.1 (project.dependencies)\n  a, b, suite\n" in review_text(MADE)


def test_publishing_is_told_in_waves() -> None:
    text = review_text(MADE).partition("Publishing\n")[2]

    assert text.lstrip("─\n") == dedent(
        """\
        To local: the folder dist/index, for a rehearsal

        Wave 1 of 2
          core

        Wave 2 of 2
          a, b

        3 tags on the release commit, kept in this clone:
          core-v1.0.1, a-v1.0.1, b-v1.0.1

        No forge is configured: who publishes reads the notes of what has arrived.

        Private, and so never published:
          suite
        """
    )


def test_where_nobody_is_private_nothing_is_said_of_it() -> None:
    made = review_of(workspace(member("core")), fragment(core="patch"))

    assert "Private" not in review_text(made)
    assert "Constraints" not in review_text(made)


def test_a_snapshot_and_a_release_of_nothing_have_no_changelogs() -> None:
    snapshot = review_of(FAMILY, fragment(core="patch"), channel=Snapshot(stamp=7))

    assert "Changelogs" not in review_text(snapshot)
    assert "Nothing to release" in review_text(review_of(FAMILY))


def test_how_far_it_has_come_is_said_first() -> None:
    firsts = [review_text(replace(MADE, stage=stage)).split(":")[0] for stage in Stage]

    assert firsts[:2] == ["Stopped", "Waiting"]
    assert review_text(replace(MADE, stage=Stage.WRITTEN)).startswith("Written into the work tree")


def test_hostile_words_do_not_steer() -> None:
    made = review_of(FAMILY, fragment(text="\x1b[2J\u202e", core="patch"))

    assert "\x1b" not in review_text(made)
    assert "\u202e" not in review_text(made, COLOURS)


def test_colours_mark_titles() -> None:
    assert f"{COLOURS.bold}Why{COLOURS.off}" in review_text(MADE, COLOURS)
