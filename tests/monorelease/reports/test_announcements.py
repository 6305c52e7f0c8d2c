from __future__ import annotations

from textwrap import dedent

from monorelease.reports.announcements import notes_text
from publications import news

FIX = "## 1.0.44 - 2026-11-22\n\n### Fixes\n\n- A job now disposes. (#1042)\n"
UPDATE = "## 1.0.44 - 2026-11-22\n\n### Dependencies\n\n- Updated `core` to 1.0.44.\n"
COMPANY = "## 1.0.44 - 2026-11-22\n\nReleased together with `core`.\n"


def golden(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_what_only_one_says_comes_first_and_the_rest_shares_a_page() -> None:
    told = [news("a", UPDATE), news("core", FIX), news("b", UPDATE), news("c", UPDATE)]

    assert notes_text(told) == golden(
        """
        ## core 1.0.44

        ### Fixes

        - A job now disposes. (#1042)

        ## 3 packages released with it

        Version 1.0.44 of `a`, `b` and `c`.

        ### Dependencies

        - Updated `core` to 1.0.44.
        """
    )


def test_those_who_say_different_things_share_different_pages() -> None:
    told = [news(name, text) for name in "ab" for text in (UPDATE, COMPANY)]

    assert notes_text(told).count("\n## 2 packages\n") == 1
    assert notes_text(told).startswith("## 2 packages\n")


def test_one_who_has_no_notes_is_named_all_the_same() -> None:
    assert notes_text([news("core", FIX), news("tool", "", "2.0")]) == golden(
        """
        ## core 1.0.44

        ### Fixes

        - A job now disposes. (#1042)

        ## tool 2.0

        No notes.
        """
    )


def test_no_announcements_are_no_text() -> None:
    assert notes_text([]) == ""


def test_nineteen_members_do_not_bury_the_one_that_matters() -> None:
    told = [news(f"plugin-{number}", UPDATE) for number in range(18)]

    assert len(notes_text([*told, news("core", FIX)]).splitlines()) == 13


def test_hostile_notes_are_harmless() -> None:
    shown = notes_text([news("core", "## 1.0.44\n\n\x1b[2J\u202e\n::error::forged\n")])

    assert shown.replace("\n", "").isprintable()
    assert "::error::" not in shown
