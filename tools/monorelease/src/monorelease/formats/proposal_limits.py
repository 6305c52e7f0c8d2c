"""How much a proposal may hold: what is longer is cut, what cannot be shown is replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from monorelease.model.finding import Finding, Severity
from monorelease.model.proposal import Proposal, ProposedFragment, ProposedRelease
from monorelease.model.value import replace

MOST_MEMBERS = 5_000
MOST_FRAGMENTS = 5_000
MOST_FINDINGS = 200
MOST_CAUSES = 20
LONGEST_LINE = 2_000
"""Characters in a problem, a hint, a cause, or a path."""

LONGEST_NOTES = 200_000
LONGEST_PATH = 1_000

STEERING = re.compile(
    # Control characters, what splits lines or turns the direction of writing, halves of pairs.
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What no text of a proposal holds; lines have no tab and no newline either."""

IN_A_LINE = re.compile(rf"{STEERING.pattern}|[\t\n]")

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CATEGORY = re.compile(r"[\w+-][\w.+-]{0,99}")
_UNSEEN = "\ufffd"
_REST = "\n\n*The rest is too long to be told here.*"

T = TypeVar("T")


def is_line(text: str) -> bool:
    """Whether `text` is one line, short enough, and nothing in it steers what shows it."""
    return len(text) <= LONGEST_LINE and IN_A_LINE.search(text) is None


def is_notes(text: str) -> bool:
    """Whether `text` may be the notes."""
    return len(text) <= LONGEST_NOTES and STEERING.search(text) is None


def is_path(text: str) -> bool:
    """Whether `text` is a path in a repository, as short as it can be written."""
    path = PurePosixPath(text)
    is_inside = not path.is_absolute() and ".." not in path.parts and path.parts
    is_short = len(text) <= LONGEST_PATH and IN_A_LINE.search(text) is None
    return bool(is_inside and is_short and str(path) == text)


def is_name(text: str) -> bool:
    """Whether `text` is the normalised name of a package."""
    return len(text) <= LONGEST_LINE and _NAME.fullmatch(text) is not None


def is_category(text: str) -> bool:
    """Whether `text` may be a category: it becomes a part of a file name."""
    return _CATEGORY.fullmatch(text) is not None


def fitted(proposal: Proposal) -> Proposal:
    """The proposal within all limits; of findings that go, it says how many they were."""
    return replace(
        proposal,
        releases=tuple(_release(r) for r in proposal.releases if is_name(r.name))[:MOST_MEMBERS],
        fragments=tuple(map(_fragment, proposal.fragments[:MOST_FRAGMENTS])),
        touched=tuple(filter(is_name, proposal.touched))[:MOST_MEMBERS],
        untold=tuple(filter(is_name, proposal.untold))[:MOST_MEMBERS],
        notes=_notes(proposal.notes),
        findings=tuple(_findings(proposal.findings)),
        elsewhere=tuple(_findings(proposal.elsewhere)),
        directory=str(_path(PurePosixPath(proposal.directory))),
        category=proposal.category if is_category(proposal.category) else "misc",
    )


def _release(release: ProposedRelease) -> ProposedRelease:
    kept = release.why if len(release.why) <= MOST_CAUSES else release.why[: MOST_CAUSES - 1]
    more = len(release.why) - len(kept)
    return replace(release, why=(*map(_line, kept), *([f"{more} more"] if more else [])))


def _fragment(fragment: ProposedFragment) -> ProposedFragment:
    """Without names that are none: a finding tells of them."""
    bumps = tuple((name, bump) for name, bump in fragment.bumps if is_name(name))
    return replace(fragment, path=_path(fragment.path), bumps=bumps[:MOST_MEMBERS])


def _findings(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The errors first, where not all of them can be told."""
    kept: Sequence[Finding] = findings
    if len(findings) > MOST_FINDINGS:
        kept = sorted(findings, key=lambda finding: not finding.is_error)[: MOST_FINDINGS - 1]
    for finding in kept:
        yield replace(
            finding,
            problem=_line(finding.problem),
            hint=_line(finding.hint),
            path=None if finding.path is None else _path(finding.path),
            key=None,
        )
    if more := len(findings) - len(kept):
        yield Finding(
            code="more-findings",
            problem=f"{more} more findings are not told here",
            hint="run monorelease check for all of them",
            severity=Severity.WARNING,
        )


def _line(text: str) -> str:
    words = IN_A_LINE.sub(lambda sign: " " if sign[0] in "\t\n" else _UNSEEN, text)
    return words if len(words) <= LONGEST_LINE else f"{words[: LONGEST_LINE - 1]}…"


def _notes(text: str) -> str:
    notes = STEERING.sub(_UNSEEN, text)
    if len(notes) <= LONGEST_NOTES:
        return notes
    head, _, _ = notes[: LONGEST_NOTES - len(_REST)].rpartition("\n\n")
    return head + _REST


def _path(path: PurePosixPath) -> PurePosixPath:
    """Such a path, for somebody to find the file by: a repository may hold any name."""
    text = IN_A_LINE.sub(_UNSEEN, str(path))
    if len(text) > LONGEST_PATH:
        text = f"{text[: LONGEST_PATH - 1]}…"
    shown = PurePosixPath(text)
    return shown if is_path(str(shown)) else PurePosixPath(_UNSEEN)
