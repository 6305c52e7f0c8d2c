from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.model.finding import Finding, Severity
from monorelease.reports.review_findings import counts_of, findings_html
from reviews import Page

WARNING = Finding(code="old", problem="is old", hint="renew it", severity=Severity.WARNING)
ERROR = Finding(
    code="bad", problem="is\n<bad>", hint="mend it", path=PurePosixPath("a/b.md"), line=3
)
NOWHERE_IN_IT = Finding(code="gone", problem="is gone", hint="?", path=PurePosixPath("c.md"))


def test_errors_come_first_each_with_its_place_and_what_to_do() -> None:
    found = Page(findings_html((WARNING, ERROR, NOWHERE_IN_IT)))

    assert [each.attributes["class"] for each in found.all("li")] == ["error", "error", "warning"]
    assert [each.text for each in found.all("code")] == ["a/b.md:3", "bad", "c.md", "gone", "old"]
    assert [each.text for each in found.all("p")[:3]] == [
        "error a/b.md:3",
        "is <bad>",
        "mend it bad",
    ]


def test_they_are_counted() -> None:
    assert counts_of((WARNING, ERROR, NOWHERE_IN_IT)) == "2 errors, 1 warning"
    assert counts_of((WARNING,)) == "1 warning"
    assert counts_of(()) == "none"
