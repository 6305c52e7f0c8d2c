from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given

from monorelease.formats.proposal_limits import (
    LONGEST_LINE,
    LONGEST_NOTES,
    LONGEST_PATH,
    MOST_CAUSES,
    MOST_FINDINGS,
    fitted,
    is_category,
    is_line,
    is_name,
    is_notes,
    is_path,
)
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding, Severity
from monorelease.model.proposal import Proposal
from monorelease.model.value import replace
from proposals import names, proposal, proposals, proposed, said

WARNING = Finding(code="x", problem="P", hint="H", severity=Severity.WARNING)
ERROR = replace(WARNING, severity=Severity.ERROR)


@pytest.mark.property
@given(proposals())
def test_whatever_is_proposed_is_brought_within_the_limits(drawn: Proposal) -> None:
    inside = fitted(drawn)

    findings = (*inside.findings, *inside.elsewhere)
    lines = [words for finding in findings for words in (finding.problem, finding.hint)]
    paths = [finding.path for finding in findings if finding.path]
    assert all(map(is_line, (*lines, *(why for r in inside.releases for why in r.why))))
    assert all(is_path(str(path)) for path in (*paths, *(f.path for f in inside.fragments)))
    assert is_path(inside.directory)
    assert is_category(inside.category)
    assert is_notes(inside.notes)
    assert all(is_name(name) for f in inside.fragments for name, _ in f.bumps)
    assert fitted(inside) == inside


def test_what_is_within_the_limits_stays_as_it_is() -> None:
    whole = proposal(
        releases=(proposed("core", Bump.PATCH, "changes/1.fix.md", "was asked for"),),
        fragments=(said(core="patch"),),
        touched=names("core", "app"),
        untold=names("app"),
        notes="Words.\n\n\tMore.",
        findings=(replace(ERROR, path=PurePosixPath("changes/1.fix.md"), line=2),),
        elsewhere=(WARNING,),
    )

    assert fitted(whole) == whole


def test_of_too_many_findings_the_errors_are_told_and_how_many_more_there_are() -> None:
    many = (*[WARNING] * MOST_FINDINGS, ERROR)

    told = fitted(proposal(findings=many)).findings

    assert len(told) == MOST_FINDINGS
    assert told[0] == ERROR
    assert told[-1].code == "more-findings"
    assert told[-1].problem.startswith("2 more findings")


def test_as_many_findings_as_may_be_are_told() -> None:
    most = (WARNING,) * MOST_FINDINGS

    assert fitted(proposal(findings=most)).findings == most


def test_of_too_many_causes_it_is_told_how_many_more_there_are() -> None:
    causes = [f"changes/{number}.fix.md" for number in range(MOST_CAUSES + 5)]

    (release,) = fitted(proposal(releases=(proposed("core", Bump.PATCH, *causes),))).releases

    assert len(release.why) == MOST_CAUSES
    assert release.why[-1] == "6 more"


def test_long_words_are_cut_and_long_notes_between_paragraphs() -> None:
    paragraph = "x" * 9_000 + "\n\n"
    long = proposal(
        notes=paragraph * 30, findings=(replace(ERROR, problem="y" * 3_000, hint="a\n\tb\x1b"),)
    )

    told = fitted(long)

    assert told.findings[0].problem == "y" * (LONGEST_LINE - 1) + "…"
    assert told.findings[0].hint == "a  b\ufffd"
    assert len(told.notes) <= LONGEST_NOTES
    assert told.notes == f"{(paragraph * 22).strip()}\n\n*The rest is too long to be told here.*"


def test_a_path_that_nobody_could_open_is_still_shown() -> None:
    long = PurePosixPath("changes", *["x" * 200] * 8)

    told = fitted(proposal(fragments=(said(str(long)), said("changes/a\nb.md")), directory="/"))

    assert len(str(told.fragments[0].path)) == LONGEST_PATH
    assert told.fragments[1].path == PurePosixPath("changes/a\ufffdb.md")
    assert told.directory == "\ufffd"


def test_names_that_are_none_are_left_out() -> None:
    told = fitted(
        proposal(
            releases=(replace(proposed("core"), name="<b>"), proposed("app")),
            touched=("a b", "app"),
            untold=("app", "x" * 3_000),
            fragments=(replace(said(), bumps=(("*", Bump.PATCH), ("core", Bump.NONE))),),
            category="a/../b",
        )
    )

    assert [release.name for release in told.releases] == ["app"]
    assert (told.touched, told.untold) == (("app",), ("app",))
    assert told.fragments[0].bumps == (("core", Bump.NONE),)
    assert told.category == "misc"


@pytest.mark.parametrize("text", ["/etc/passwd", "..", "a/../b", "", ".", "a//b", "a/", "a\nb"])
def test_what_is_no_path_in_the_repository_is_known(text: str) -> None:
    assert not is_path(text)
