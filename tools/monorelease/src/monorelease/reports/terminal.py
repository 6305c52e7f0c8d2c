"""What a person reads: plans with their reasons, findings with their hints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.errors import ReleaseError
from monorelease.model.channel import Prerelease, Snapshot
from monorelease.model.finding import Finding
from monorelease.model.fragment import Fragment
from monorelease.model.patch import Patch
from monorelease.model.plan import (
    Cause,
    ChangedBy,
    ConstraintUpdate,
    Follows,
    Release,
    ReleasePlan,
    Requested,
    TiedTo,
)
from monorelease.model.value import value
from monorelease.model.words import counted
from monorelease.reports.printable import printable, printable_lines

NOTHING = "Nothing to release: no pending fragment moves a member."


@value
class Palette:
    """How to mark words: escape sequences for a terminal, nothing anywhere else."""

    bold: str = ""
    dim: str = ""
    red: str = ""
    yellow: str = ""
    green: str = ""
    off: str = ""


PLAIN = Palette()
COLOURS = Palette(
    bold="\x1b[1m",
    dim="\x1b[2m",
    red="\x1b[31m",
    yellow="\x1b[33m",
    green="\x1b[32m",
    off="\x1b[0m",
)


def plan_text(plan: ReleasePlan, palette: Palette = PLAIN) -> str:
    """The plan as a table: name, from, to, bump, why."""
    count = len(plan.releases)
    if not count:
        return f"{NOTHING}\n"
    head = f"{palette.bold}{counted(count, 'package')}{_channel_words(plan)}{palette.off}"
    rows = [_row(release) for release in plan.releases]
    return "\n".join([head, "", *aligned(rows)]) + "\n"


def summary_text(plan: ReleasePlan, patch: Patch) -> str:
    """What the release comes to in the tree, in one line; nothing for no release."""
    if not plan.releases:
        return ""
    updates = sum(len(release.constraints) for release in plan.releases) + len(plan.followers)
    used = {path for release in plan.releases for path in release.fragments}
    said = [edit for edit in patch.edits if edit.path in used]
    cut = sum(edit.after is not None for edit in said)
    counts = [
        counted(len(patch.edits), "file"),
        f"{counted(updates, 'constraint')} raised",
        f"{counted(len(said) - cut, 'fragment')} consumed",
    ]
    if cut:
        counts.append(f"{cut} kept in part")
    return f"\n{', '.join(counts)}\n"


def details_text(
    plan: ReleasePlan, fragments: Mapping[PurePosixPath, Fragment], palette: Palette = PLAIN
) -> str:
    """What ``--verbose`` adds: each fragment's words, each constraint before and after."""
    lines = []
    used = dict.fromkeys(path for release in plan.releases for path in release.fragments)
    if used:
        lines += ["", f"{palette.bold}Fragments{palette.off}", ""]
    for path in used:
        entries = ", ".join(f"{e.name}: {e.bump.word}" for e in fragments[path].entries)
        lines += [f"  {printable(str(path))}  ({entries})"]
        words = printable_lines(fragments[path].text).split("\n")
        lines += [f"    {line}".rstrip() for line in words]
    updates = [u for release in plan.releases for u in release.constraints]
    if updates or plan.followers:
        lines += ["", f"{palette.bold}Constraints{palette.off}", ""]
        rows = [_update_row(update) for update in (*updates, *plan.followers)]
        lines += aligned(rows)
    return "\n".join(lines) + "\n" if lines else ""


def findings_text(findings: Sequence[Finding], palette: Palette = PLAIN) -> str:
    """Every finding: severity, place, problem, hint; then how many."""
    if not findings:
        return ""
    lines = []
    for finding in findings:
        colour = palette.red if finding.is_error else palette.yellow
        place = f"{printable(_place(finding))}: " if finding.path else ""
        word = f"{colour}{finding.severity.value}{palette.off}"
        words = printable_lines(finding.problem).replace("\n", "\n    ")
        lines.append(f"{word}: {place}{words} [{finding.code}]")
        lines.append(f"  {palette.dim}hint:{palette.off} {printable(finding.hint)}")
    errors = sum(finding.is_error for finding in findings)
    by_severity = ((errors, "error"), (len(findings) - errors, "warning"))
    counts = [counted(number, word) for number, word in by_severity if number]
    return "\n".join([*lines, "", ", ".join(counts)]) + "\n"


def problem_text(problem: ReleaseError, palette: Palette = PLAIN) -> str:
    """The problem, where it is, and what to do; what another program said is indented below."""
    place = f"{printable(problem.where)}: " if problem.where else ""
    words = printable_lines(problem.problem).replace("\n", "\n    ")
    return (
        f"{palette.red}error{palette.off}: {place}{words}\n"
        f"  {palette.dim}hint:{palette.off} {printable(problem.hint)}\n"
    )


def cause_text(cause: Cause, release: Release | None = None) -> str:
    """One cause in a few words."""
    match cause:
        case ChangedBy(fragment=path):
            return printable(str(path))
        case Follows(on=on, constraint=constraint, table=table, leaves=leaves):
            to = f" {release.target}" if release else ""
            what = f"{on}{to} leaves {constraint}" if leaves else f"follows {on}{to}"
            return printable(f"{what} ({table})")
        case TiedTo(kind=kind, partner=partner):
            return f"with {partner} ({kind.value} group)"
        case Requested(version=version):
            return f"{version} was asked for"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a table as indented lines, one column below the other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = (map(str.ljust, row, widths) for row in rows)
    return [f"  {'  '.join(cells)}".rstrip() for cells in padded]


def _channel_words(plan: ReleasePlan) -> str:
    match plan.channel:
        case Prerelease(label=label):
            return f" to pre-release ({label.value})"
        case Snapshot():
            return " to snapshot"
        case _:
            return " to release"


def _row(release: Release) -> tuple[str, ...]:
    why = "; ".join(cause_text(cause) for cause in release.causes)
    mark = " (private)" if release.private else ""
    return (
        release.name + mark,
        f"{release.current} → {release.target}",
        release.bump.word,
        why,
    )


def _update_row(update: ConstraintUpdate) -> tuple[str, ...]:
    on = update.dependency.on
    change = f"{update.before.strip()} → {update.after.strip()}"
    return update.member, on, printable(change), printable(update.dependency.table)


def _place(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}" if finding.line else str(finding.path)
