"""What speaks against a release or should be known of it: severity, place, problem, hint."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.model.finding import Finding
from monorelease.model.words import counted
from monorelease.reports.review_markup import Html, element, joined, lines, stacked, text


def findings_html(findings: Sequence[Finding]) -> Html:
    """Errors first, each kind in the order of places."""
    ordered = sorted(findings, key=lambda finding: not finding.is_error)
    return element("ul", stacked(*map(_finding, ordered)), class_="findings")


def counts_of(findings: Sequence[Finding]) -> str:
    """How many errors and warnings."""
    errors = sum(finding.is_error for finding in findings)
    by_severity = ((errors, "error"), (len(findings) - errors, "warning"))
    return ", ".join(counted(number, word) for number, word in by_severity if number) or "none"


def _finding(finding: Finding) -> Html:
    severity = finding.severity.value
    head = [element("span", text(severity), class_="severity")]
    if finding.path is not None:
        line = f":{finding.line}" if finding.line else ""
        head.append(element("code", text(f"{finding.path}{line}")))
    return element(
        "li",
        element("p", joined(head, " ")),
        element("p", lines(finding.problem), class_="problem"),
        element("p", text(f"{finding.hint} "), element("code", text(finding.code)), class_="quiet"),
        class_=severity,
    )
