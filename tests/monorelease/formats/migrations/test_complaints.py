from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.formats.migrations.complaints import (
    needs_a_look,
    not_a_note,
    not_carried,
    unreadable_note,
    unreadable_settings,
)

PATH = PurePosixPath("news/1.fix.rst")


def test_what_would_lose_words_is_an_error_and_the_rest_is_not() -> None:
    lost = [unreadable_note(PATH, "is none", 3), unreadable_settings(PATH, ValueError("no"))]
    told = [not_carried(PATH, "x", "y"), needs_a_look(PATH, 2, "|x|"), not_a_note(PATH, "why")]

    assert all(finding.is_error for finding in lost)
    assert not any(finding.is_error for finding in told)
    assert len({finding.code for finding in (*lost, *told)}) == 5
    assert {finding.path for finding in (*lost, *told)} == {PATH}


def test_words_that_are_quoted_end() -> None:
    assert len(needs_a_look(PATH, 1, "x" * 5_000).problem) < 300
