"""The table of packages: from, to, how far and why; and who stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.formats.prose import first_sentence
from monorelease.model.plan import Cause, ChangedBy, Follows, Release, Requested, TiedTo
from monorelease.model.review import Review
from monorelease.model.words import counted
from monorelease.reports.review_graph import MOST_DRAWN, Graph, names_drawn, why_anchor
from monorelease.reports.review_markdown import phrase_html
from monorelease.reports.review_markup import Html, element, joined, stacked, table, text
from monorelease.reports.terminal import NOTHING

_FEW = 12
"""Members at rest that need no fold."""


def packages_html(review: Review, graph: Graph | None) -> Html:
    """The drawing beside the table, which has a row for each member that is released."""
    if not review.plan.releases:
        return stacked(element("p", text(NOTHING)), _resting(review))
    words = _Words(review)
    parts = (
        table(
            "Packages",
            ("Package", "Version", "Bump", "Why"),
            [words.row(release) for release in review.plan.releases],
            class_="packages",
        ),
        _note(review),
        _resting(review),
    )
    if graph is None:
        return stacked(*parts)
    beside = element("div", stacked(*parts), class_="beside")
    return element("div", stacked(graph.figure, beside), class_=f"drawn {graph.shape}")


def _note(review: Review) -> Html:
    """Whom the drawing leaves out, if it leaves out anybody."""
    drawn, everyone = len(names_drawn(review)), len(review.workspace.names)
    if drawn == everyone:
        return text("")
    if drawn:
        words = f"The graph leaves {counted(everyone - drawn, 'member')} out that stay as they are."
    else:
        count = counted(len(review.plan.releases), "package")
        words = (
            f"{count} are too many to draw (the graph ends at {MOST_DRAWN}): each reason links to "
            "the row that it is about."
        )
    return element("p", text(words), class_="quiet")


class _Words:
    """Causes in words, with links from one member to the other."""

    def __init__(self, review: Review) -> None:
        self._notes = review.notes
        self._origins = review.origins
        self._texts = {fragment.path: fragment.text for fragment in review.fragments}
        self._releases = {release.name: release for release in review.plan.releases}

    def row(self, release: Release) -> Html:
        """One member's release."""
        name = text(release.name)
        if release.name in self._notes:
            name = element("a", name, href=f"#notes-{release.name}")
        private = element("span", text("private"), class_="badge") if release.private else text("")
        causes = (element("li", self._cause(cause)) for cause in release.causes)
        return element(
            "tr",
            element("th", name, private, scope="row"),
            element(
                "td",
                text(f"{release.current} → "),
                element("b", text(str(release.target))),
                class_="version",
            ),
            element(
                "td", element("span", text(release.bump.word), class_=f"bump {release.bump.word}")
            ),
            element("td", element("ul", *causes, class_="causes")),
            id=why_anchor(release.name),
        )

    def _cause(self, cause: Cause) -> Html:
        match cause:
            case ChangedBy(fragment=path):
                return joined((element("code", text(str(path))), *self._fragment(path)), " ")
            case Follows(on=on, constraint=constraint, table=place, leaves=leaves):
                if not leaves:
                    return joined(
                        (text("follows"), _link(on), self._target(on), text(f"({place})")), " "
                    )
                ranges = element("code", text(constraint.strip()))
                return joined(
                    (_link(on), self._target(on), text("leaves"), ranges, text(f"({place})")), " "
                )
            case TiedTo(kind=kind, partner=partner):
                return joined((text("with"), _link(partner), text(f"({kind.value} group)")), " ")
            case Requested(version=version):
                return text(f"{version} was asked for")

    def _target(self, name: NormalizedName) -> Html:
        return text(str(self._releases[name].target))

    def _fragment(self, path: PurePosixPath) -> Iterator[Html]:
        """What it begins with, and where it comes from as far as git knows."""
        if sentence := first_sentence(self._texts[path]):
            yield element("span", phrase_html(sentence), class_="words")
        if self._origins is None:
            return
        origin = self._origins.get(path)
        if origin is None:
            yield element("span", text("not committed yet"), class_="quiet")
        else:
            pull = f", #{origin.pull_request}" if origin.pull_request else ""
            told = f"{origin.author} in {origin.commit[:7]}{pull}"
            yield element("span", text(told), class_="quiet")


def _link(name: NormalizedName) -> Html:
    return element("a", text(name), href=f"#{why_anchor(name)}")


def _resting(review: Review) -> Html:
    """Who is not released, and why not."""
    if not review.resting:
        return text("")
    rows = [
        element(
            "tr",
            element("th", text(name), scope="row"),
            element("td", text(str(review.workspace[name].version or "no version"))),
            element("td", element("ul", *(element("li", text(w)) for w in why), class_="causes")),
            id=why_anchor(name),
        )
        for name, why in review.resting.items()
    ]
    count = counted(len(rows), "member")
    return element(
        "details",
        element("summary", text(f"{count} not in this release")),
        table("Not released", ("Package", "Version", "Why not"), rows, class_="packages resting"),
        open=len(rows) <= _FEW,
    )
