from __future__ import annotations

import re
from textwrap import dedent

from monorelease.model.config import LOCAL_INDEX
from monorelease.model.publication import Outcome, Refusal, RefusalKind, Sent, TagReceipt
from monorelease.model.value import replace
from monorelease.reports.receipts import file_progress, receipts_text
from monorelease.reports.terminal import COLOURS
from publications import news, publication, publish_plan, receipt, sdist, tag_of, wheel

HOSTILE = "a\x1b[2J\x1b]0;owned\x07b\u202ec\r\x9bd\ne\u2028f"
STOPPED = (
    receipt("core", wheel("core"), Outcome.UPLOADED, 0.25),
    receipt("core", sdist("core"), Outcome.ALREADY_THERE),
    receipt("plugin-x", wheel("plugin-x"), Outcome.UPLOADED, 0.3),
    receipt("plugin-x", sdist("plugin-x"), Outcome.FAILED, 0.1, "403 Forbidden\nask the owner"),
    receipt("plugin-y", sdist("plugin-y"), Outcome.FAILED, 0.1, "403 Forbidden\nask the owner"),
    receipt("app", wheel("app"), Outcome.HELD_BACK, why="requires plugin-x: 403 Forbidden"),
    receipt("app", sdist("app"), Outcome.HELD_BACK, why="requires plugin-x: 403 Forbidden"),
)


def golden(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_what_is_complete_has_a_row_a_member_and_says_so() -> None:
    done = publication(
        receipt("core", wheel("core"), Outcome.UPLOADED, 0.25),
        receipt("core", sdist("core"), Outcome.UPLOADED, 0.25),
        receipt("plugin-x", wheel("plugin-x", 9_000), Outcome.UPLOADED, 0.1),
        tags=(
            TagReceipt(tag=tag_of("core"), is_made=True, is_pushed=True),
            TagReceipt(tag=tag_of("plugin-x"), is_made=True, is_pushed=True),
        ),
        announced=(news("core", "Notes."), news("plugin-x", "")),
        seconds=1.234,
    )

    assert receipts_text(done) == golden(
        """
        Receipts of pypi

          core      1.0.44  wheel 81 kB, sdist 70 kB  uploaded  0.5 s  303 kB/s
          plugin-x  1.0.44  wheel 9.0 kB              uploaded  0.1 s  90 kB/s

        3 files, 160 kB uploaded in 1.2 s

        2 tags made, 2 tags pushed

        2 versions announced

        Complete: nothing is left to do.
        """
    )


def test_what_stopped_says_why_once_whom_it_held_back_and_how_to_go_on() -> None:
    taken = TagReceipt(
        tag=tag_of("core"), is_made=True, is_pushed=False, why="the remote has another\nbeef01"
    )

    assert receipts_text(publication(*STOPPED, tags=(taken,))) == golden(
        """
        Receipts of pypi

          core      1.0.44  wheel 81 kB               uploaded       0.2 s  325 kB/s
          core      1.0.44  sdist 70 kB               already there
          plugin-x  1.0.44  wheel 81 kB               uploaded       0.3 s  271 kB/s
          plugin-x  1.0.44  sdist 70 kB               failed         0.1 s
          plugin-y  1.0.44  sdist 70 kB               failed         0.1 s
          app       1.0.44  wheel 81 kB, sdist 70 kB  held back

        2 files, 162 kB uploaded

        failed:
          plugin_x-1.0.44.tar.gz, plugin_y-1.0.44.tar.gz
            403 Forbidden
            ask the owner

        held back:
          app
            requires plugin-x: 403 Forbidden

        tags:
          core-v1.0.44
            the remote has another
            beef01

        1 tag made

        Not complete: run the same command again, and it goes on where it stopped.
        """
    )


def test_a_tag_that_was_there_is_not_said_to_be_made() -> None:
    pushed = TagReceipt(tag=tag_of("core", make=False), is_made=True, is_pushed=True)

    assert receipts_text(publication(tags=(pushed,))) == golden(
        """
        Receipts of pypi

        1 tag pushed

        Complete: nothing is left to do.
        """
    )


def test_a_forge_that_refused_is_quoted() -> None:
    done = publication(announced=(news("core", "Notes."),), trouble="502\nbusy")

    assert receipts_text(done) == golden(
        """
        Receipts of pypi

        not announced:
            502
            busy

        1 version announced

        Not complete: run the same command again, and it goes on where it stopped.
        """
    )


def test_where_the_page_on_the_wave_stands_is_told() -> None:
    done = replace(
        publication(announced=(news("core", "Words."),)), rolled_up="https://forge.example/1"
    )

    assert "\n1 version announced\n\nAll on one page: https://forge.example/1\n" in receipts_text(
        done
    )


def test_who_wants_to_try_it_is_told_how() -> None:
    said = receipts_text(publication(), simple_url="file:///a/dist/index/\x1b[2J").splitlines()

    assert said[-3:] == [
        "Complete: nothing is left to do.",
        r"Try it: uv pip install --index file:///a/dist/index/\x1b[2J NAME",
        r"   (or pip install --extra-index-url file:///a/dist/index/\x1b[2J NAME)",
    ]
    stopped = receipts_text(publication(trouble="502"), simple_url="file:///a/dist/index/")
    assert "Try it" not in stopped


def test_without_a_forge_nothing_is_said_of_announcing() -> None:
    done = replace(publication(announced=(news("core", "Notes."),)), plan=publish_plan())

    assert "announced" not in receipts_text(done)


def test_a_rehearsal_pushes_no_tags() -> None:
    made = TagReceipt(tag=tag_of("core", push=False), is_made=True, is_pushed=False)
    sent = receipt("core", wheel("core"), Outcome.UPLOADED, 0.1)

    assert "\n1 tag made\n" in receipts_text(publication(sent, index=LOCAL_INDEX, tags=(made,)))


def test_colours_mark_what_went_wrong_and_move_nothing() -> None:
    bad = TagReceipt(tag=tag_of("core"), is_made=False, is_pushed=False, why="taken")
    stopped = publication(*STOPPED, tags=(bad,))
    coloured = receipts_text(stopped, COLOURS)

    assert "\x1b[31m  plugin-x  1.0.44  sdist 70 kB               failed" in coloured
    assert "\x1b[33m  app       1.0.44" in coloured
    assert "\x1b[31mtags\x1b[0m:\n  core-v1.0.44" in coloured
    assert "\x1b[31mNot complete\x1b[0m: " in coloured
    assert "\x1b[32mComplete\x1b[0m: " in receipts_text(publication(), COLOURS)
    assert re.sub(r"\x1b\[\d+m", "", coloured) == receipts_text(stopped)


def test_progress_is_a_line_with_size_time_and_speed() -> None:
    sent = Sent(filename="core-1.0.44-py3-none-any.whl", seconds=0.25)

    assert file_progress(wheel("core"), sent) == (
        "core-1.0.44-py3-none-any.whl  81 kB  0.2 s  325 kB/s  uploaded"
    )


def test_progress_says_what_the_index_said() -> None:
    refusal = Refusal(kind=RefusalKind.SERVER, words="503\nbusy")
    sent = Sent(filename="core-1.0.44.tar.gz", seconds=0.0, refusal=refusal)

    assert file_progress(sdist("core"), sent) == (
        r"core-1.0.44.tar.gz  70 kB  not taken: 503\x0abusy"
    )


def test_what_a_hostile_index_says_is_harmless_and_stays_below_our_words() -> None:
    words = f"{HOSTILE}\n::error::forged\nComplete: forged"
    tag = TagReceipt(
        tag=replace(tag_of("core"), name=HOSTILE), is_made=False, is_pushed=False, why=words
    )
    shown = receipts_text(
        publication(
            receipt("core", replace(wheel("core"), filename=HOSTILE), Outcome.FAILED, why=words),
            receipt("app", wheel("app"), Outcome.HELD_BACK, why=words),
            index=replace(LOCAL_INDEX, name=HOSTILE),
            tags=(tag,),
            trouble=words,
        )
    )

    assert shown.replace("\n", "").isprintable()
    assert "::error::" not in shown
    assert [line for line in shown.splitlines() if line.startswith("Complete")] == []
    assert file_progress(replace(wheel("core"), filename=HOSTILE), SILENT).isprintable()


SILENT = Sent(filename="x", seconds=0.0)
