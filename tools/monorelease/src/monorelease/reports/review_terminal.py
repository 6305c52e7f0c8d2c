"""The whole release in words, for somebody at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.utils import NormalizedName

from monorelease.model.plan import ChangedBy, Requested
from monorelease.model.review import Review, Stage
from monorelease.model.words import counted
from monorelease.planning.explanation import why
from monorelease.reports.explanation import why_text
from monorelease.reports.printable import printable, printable_lines
from monorelease.reports.publication import wrapped
from monorelease.reports.review_changelogs import same_notes
from monorelease.reports.review_constraints import alike, constraint_updates
from monorelease.reports.review_publishing import index_words, news_words, tag_words, wave_words
from monorelease.reports.terminal import (
    PLAIN,
    Palette,
    aligned,
    findings_text,
    plan_text,
    summary_text,
)

_STAGES = {
    Stage.STOPPED: "Stopped: the errors below have to be put right first.",
    Stage.WAITING: "Waiting: nothing is written yet.",
    Stage.WRITTEN: "Written into the work tree, and not committed.",
}


def review_text(review: Review, palette: Palette = PLAIN) -> str:
    """Plan, reasons, changelogs, constraints, findings, and what publishing will do."""
    plan = review.plan
    parts = [
        f"{_STAGES[review.stage]}\n",
        plan_text(plan, palette) + summary_text(plan, review.patch),
        *_part("Findings", findings_text(review.findings, palette), palette),
        *_part("Why", "\n".join(_reasons(review, palette)), palette),
        *_part("Changelogs", "\n".join(_changelogs(review, palette)), palette),
        *_part("Constraints", "\n".join(_constraints(review)), palette),
        *_part("Publishing", "\n".join(_publishing(review, palette)), palette),
    ]
    return "\n".join(part if part.endswith("\n") else f"{part}\n" for part in parts)


def _part(title: str, text: str, palette: Palette) -> Iterator[str]:
    if text:
        line = "─" * len(title)
        yield f"{palette.bold}{title}{palette.off}\n{palette.dim}{line}{palette.off}\n\n{text}"


def _reasons(review: Review, palette: Palette) -> Iterator[str]:
    """The members that somebody asked for, in full; those that come along are in the table."""
    fragments = {fragment.path: fragment for fragment in review.fragments}
    for release in review.plan.releases:
        if any(isinstance(cause, ChangedBy | Requested) for cause in release.causes):
            chain = why(release, review.plan)
            yield why_text(release, chain, fragments, review.origins, palette)
    rows = [(name, "; ".join(why_not)) for name, why_not in review.resting.items()]
    if rows:
        yield f"{palette.bold}Not released{palette.off}"
        yield from aligned(rows)


def _changelogs(review: Review, palette: Palette) -> Iterator[str]:
    """Each section once, below the names of all whose it is."""
    for notes, names in same_notes(review).items():
        yield from _names(names, palette)
        yield ""
        yield from (f"    {line}".rstrip() for line in printable_lines(notes).split("\n"))


def _names(names: Sequence[NormalizedName], palette: Palette) -> Iterator[str]:
    if len(names) == 1:
        yield f"{palette.bold}{names[0]}{palette.off}"
    else:
        yield f"{palette.bold}{counted(len(names), 'package')} say the same{palette.off}"
        yield from wrapped(names)


def _constraints(review: Review) -> Iterator[str]:
    for change, names in alike(constraint_updates(review.plan)).items():
        on, before, after, place = change
        yield printable(f"{on} {before or 'any version'} → {after or 'any version'} ({place})")
        yield from wrapped(names)


def _publishing(review: Review, palette: Palette) -> Iterator[str]:
    prospect = review.prospect
    words, tags = tag_words(review)
    blocks = [
        (f"To {index_words(prospect)}", ()),
        *wave_words(prospect),
        (words, tags),
        (news_words(review), ()),
        ("Private, and so never published:", prospect.private),
    ]
    for title, names in blocks[: None if prospect.private else -1]:
        yield f"{palette.bold if names else ''}{printable(title)}{palette.off if names else ''}"
        yield from (*wrapped(names), "")
