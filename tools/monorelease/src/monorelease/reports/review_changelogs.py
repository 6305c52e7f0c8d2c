"""Every changelog as it will read, beside the lines that come into its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.channel import Snapshot
from monorelease.model.patch import FileEdit
from monorelease.model.review import Review, Stage
from monorelease.model.words import counted
from monorelease.reports.review_diff import file_html
from monorelease.reports.review_markdown import markdown_html
from monorelease.reports.review_markup import Html, element, stacked, text

LEVEL = 4
"""Of a section's own heading: the page has three above it."""

_MANY = 10
"""Articles from which on those are folded that nobody wrote words for."""


def changelogs_html(review: Review) -> Html:
    """Sections that say the same are shown once, with the names of all whose they are.

    Where there are many, those that only tell of dependencies are folded.
    """
    if not review.notes:
        return element("p", text(_why_none(review)))
    edits = {edit.path: edit for edit in review.patch.edits}
    told = {release.name for release in review.plan.releases if release.fragments}
    groups = same_notes(review)
    articles = (
        _article(
            notes,
            [(name, edits[review.changelogs[name]]) for name in names],
            is_folded=len(groups) > _MANY and told.isdisjoint(names),
        )
        for notes, names in groups.items()
    )
    return stacked(*articles)


def same_notes(review: Review) -> Mapping[str, tuple[NormalizedName, ...]]:
    """Each section, and all whose it is."""
    found: dict[str, tuple[NormalizedName, ...]] = {}
    for name, notes in review.notes.items():
        found[notes] = (*found.get(notes, ()), name)
    return found


def _why_none(review: Review) -> str:
    if review.stage is Stage.STOPPED:
        return "They are not written as long as errors stop the release."
    if isinstance(review.plan.channel, Snapshot):
        return "A snapshot writes no changelog."
    return "There are none."


def _article(
    notes: str, files: Sequence[tuple[NormalizedName, FileEdit]], *, is_folded: bool
) -> Html:
    first = files[0][0]
    title = first if len(files) == 1 else f"{counted(len(files), 'package')} say the same"
    heading, names = element("h3", text(title)), text("")
    if len(files) > 1:
        items = (element("li", text(name), id=_id(name, first)) for name, _ in files)
        names = element("ul", *items, class_="names")
    diffs = [file_html(edit, is_open=at == 0) for at, (_, edit) in enumerate(files)]
    rendered = element("div", markdown_html(notes, LEVEL), class_="notes")
    sides = element(
        "div",
        stacked(
            _side(f"{title}: as it will read", rendered),
            _side(f"{title}: the lines", diffs[0], _more(diffs[1:])),
        ),
        class_="sides",
        id=_id(first),
    )
    if not is_folded:
        return element("article", stacked(heading, names, sides))
    inside = stacked(element("summary", heading), names, sides)
    return element("article", element("details", inside, class_="folded"))


def _side(name: str, *inside: Html) -> Html:
    return element("div", *inside, role="group", aria_label=name)


def _id(name: NormalizedName, taken: str = "") -> str | bool:
    """The id that leads to somebody's notes, but for who has it already."""
    return f"notes-{name}" if name != taken else False


def _more(diffs: Sequence[Html]) -> Html:
    """The same lines in other files, folded."""
    if len(diffs) <= 1:
        return stacked(*diffs)
    summary = element("summary", text(f"The same in {len(diffs)} more files"))
    return element("details", summary, stacked(*diffs))
