"""The parts of a comment on a pull request, each with as many rows as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from monorelease.model.finding import Finding
from monorelease.model.proposal import ProposedFragment, ProposedRelease
from monorelease.model.words import all_of, counted
from monorelease.reports.harmless import code, folded, inline, linked

Address = Callable[[PurePosixPath, int | None], str]
"""Where a file, and perhaps a line of it, is looked at; empty for nowhere."""

Rows = int | None
"""How many rows are told; None for all."""

_SHORT = 5
"""Rows up to which a table or a list is not folded."""

_NAMES_IN_A_LINE = 20


def who_moves(releases: Sequence[ProposedRelease], rows: Rows) -> str:
    """A table of the releases: name and bump."""
    shown = releases[:rows]
    if not releases:
        return ""
    table = _table(("Name", "Type"), [(code(r.name), r.bump.word.capitalize()) for r in shown])
    private = [code(release.name) for release in shown if release.private]
    if private:
        are = "is" if len(private) == 1 else "are"
        table += f"\n\n{all_of(private)} {are} private: versioned, and never published."
    if len(shown) <= _SHORT:
        return table
    return folded(f"{counted(len(releases), 'package')}: {_bumps(releases)}", table)


def why_they_move(releases: Sequence[ProposedRelease]) -> str:
    """A table of the releases: their versions, and each cause."""
    if not releases:
        return ""
    rows = [
        (code(r.name), code(r.current), code(r.target), inline("; ".join(r.why))) for r in releases
    ]
    return folded(
        "From which version to which, and why", _table(("Name", "From", "To", "Why"), rows)
    )


def what_is_wrong(findings: Sequence[Finding], address: Address, rows: Rows) -> str:
    """A list of the findings: place, problem and hint."""
    if not findings:
        return ""
    lines = (_finding(finding, address) for finding in findings[:rows])
    return "\n".join((f"**{_weight(findings)}**", "", *lines)).rstrip()


def what_is_said(fragments: Sequence[ProposedFragment], address: Address, rows: Rows) -> str:
    """A list of the fragments: place and entries."""
    lines = [f"- {_fragment(fragment, address)}" for fragment in fragments[:rows]]
    if not lines:
        return ""
    title = counted(len(fragments), "fragment")
    if len(lines) <= _SHORT:
        return "\n".join((f"{title}:", "", *lines))
    return folded(title, "\n".join(lines))


def in_part(words: Sequence[str]) -> str:
    """The first of the words, and how many more there are."""
    more = len(words) - _NAMES_IN_A_LINE
    return all_of([*words[:_NAMES_IN_A_LINE], *([f"{more} more"] if more > 0 else [])])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _bumps(releases: Sequence[ProposedRelease]) -> str:
    """How many move how far, the farthest first."""
    bumps = [release.bump for release in releases]
    return ", ".join(f"{bumps.count(bump)} {bump.word}" for bump in sorted({*bumps}, reverse=True))


def _weight(findings: Sequence[Finding]) -> str:
    errors = sum(finding.is_error for finding in findings)
    if not errors:
        return counted(len(findings), "warning")
    which = "that" if errors == len(findings) else f"of which {errors}"
    return f"{counted(len(findings), 'problem')} {which} would stop a release"


def _finding(finding: Finding, address: Address) -> str:
    where = ""
    if finding.path is not None:
        place = f"{finding.path}:{finding.line}" if finding.line else str(finding.path)
        where = f" in {linked(code(place), address(finding.path, finding.line))}"
    word = finding.severity.value.capitalize()
    words = f"{inline(finding.problem)} ({code(finding.code)})"
    return f"- **{word}**{where}: {words}<br>{inline(finding.hint)}"


def _fragment(fragment: ProposedFragment, address: Address) -> str:
    bumps = in_part([f"{code(name)} {bump.word}" for name, bump in fragment.bumps])
    place = linked(code(str(fragment.path)), address(fragment.path, None))
    return f"{place}: {bumps or 'no release'}"
