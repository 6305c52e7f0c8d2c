from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.errors import BranchTaken, HookFailed, ProblemsFound, ReleaseError
from monorelease.model.finding import Finding
from monorelease.model.forge import ForgeKind, Site
from monorelease.reports.release_body import MARKER
from monorelease.reports.release_notice import Behind, with_notice

SITE = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository="acme/tools")
COMMIT = "0123456789abcdef" * 2 + "01234567"
PLENTY = 65_536
TAKEN = BranchTaken("commits of people's: 123 (Ada: *Word* it)", hint="merge it; or @ada")
FOUND = ProblemsFound(
    (
        Finding(
            code="odd", problem="names nobody", hint="name one", path=PurePosixPath("changes/1.md")
        ),
    )
)
TEXT = f"{MARKER}\n\nMerging this releases things.\n"


def behind(problem: ReleaseError, prefix: str = "") -> Behind:
    return Behind(
        base="main", commit=COMMIT, problem=problem, site=SITE, prefix=PurePosixPath(prefix)
    )


def test_it_stands_on_top_and_says_why_and_what_to_do() -> None:
    assert with_notice(TEXT, behind(TAKEN), PLENTY) == (
        f"{MARKER}\n\n"
        "<!-- monorelease: notice -->\n\n"
        "### Do not merge this yet: it is behind\n\n"
        "What `main` would release at [0123456789ab]"
        f"(<https://forge.example/acme/tools/commit/{COMMIT}>) is not what is on this branch. "
        "It stays as it is because:\n\n"
        "```\ncommits of people's: 123 (Ada: *Word* it)\n```\n\n"
        "What to do: merge it; or @\u200bada\n\n"
        "This notice goes away by itself once that is settled.\n\n"
        "<!-- monorelease: end of the notice -->\n\n"
        "Merging this releases things.\n"
    )


def test_findings_are_listed_with_their_files() -> None:
    text = with_notice(TEXT, behind(FOUND, "python"), PLENTY)

    assert "That release cannot be made:" in text
    place = f"https://forge.example/acme/tools/blob/{COMMIT}/python/changes/1.md"
    assert f"- [`changes/1.md`](<{place}>): names nobody\n  *name one*" in text


def test_the_same_notice_twice_is_there_once() -> None:
    once = with_notice(TEXT, behind(TAKEN), PLENTY)

    assert with_notice(once, behind(TAKEN), PLENTY) == once


def test_a_later_notice_takes_the_place_of_an_earlier_one() -> None:
    text = with_notice(with_notice(TEXT, behind(TAKEN), PLENTY), behind(FOUND), PLENTY)

    assert "commits of people's" not in text
    assert text.count("Do not merge this yet") == 1


def test_newlines_as_forges_give_them_back_make_no_difference() -> None:
    once = with_notice(TEXT, behind(TAKEN), PLENTY)

    assert with_notice(once.replace("\n", "\r\n"), behind(FOUND), PLENTY).count(MARKER) == 1


def test_words_that_a_person_wrote_instead_stay_below() -> None:
    assert with_notice("My own words.", behind(TAKEN), PLENTY).endswith("\n\nMy own words.\n")


def test_where_both_are_too_long_the_text_is_left_out() -> None:
    text = with_notice(TEXT + "x" * PLENTY, behind(TAKEN), PLENTY)

    assert len(text) < 1000
    assert "Merging this" not in text


def test_what_another_program_said_is_not_repeated_where_everybody_reads_it() -> None:
    failed = HookFailed("the hook `stamp` ended with status 1\nTOKEN=sesame", hint="repair it")

    text = with_notice(TEXT, behind(failed), PLENTY)

    assert "sesame" not in text
    assert (
        "```\nthe hook `stamp` ended with status 1\n```\n\n"
        "What to do: repair it\n\n"
        "What another program said about it is in the log of the run alone.\n\n"
    ) in text


def test_a_long_problem_is_cut() -> None:
    failed = ReleaseError("x" * PLENTY, hint="look")

    assert len(with_notice("", behind(failed), PLENTY)) < 5000
