"""The release as one page of HTML: no network, no scripts, light and dark, for screen and paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from monorelease.model.channel import Stable, name_of
from monorelease.model.review import Review, Stage
from monorelease.model.value import value
from monorelease.model.words import counted
from monorelease.reports.review_changelogs import changelogs_html
from monorelease.reports.review_constraints import constraint_updates, constraints_html
from monorelease.reports.review_diff import file_html
from monorelease.reports.review_findings import counts_of, findings_html
from monorelease.reports.review_graph import graph_of
from monorelease.reports.review_markup import Html, element, joined, stacked, text, void
from monorelease.reports.review_packages import packages_html
from monorelease.reports.review_publishing import publishing_html
from monorelease.reports.review_style import STYLE

MARK = "monorelease review"
"""What the page says of where it comes from: no other file is ever written over."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@value
class _Section:
    """A part of the page that the navigation leads to."""

    anchor: str
    title: str
    count: int
    inside: Html


def page_html(review: Review) -> str:
    """The whole document; the same bytes for the same release."""
    graph = graph_of(review)
    sections = tuple(_sections(review, packages_html(review, graph)))
    style = f"\n{STYLE}{graph.rules if graph else ''}\n"
    head = stacked(
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        void("meta", name="color-scheme", content="light dark"),
        void("meta", name="referrer", content="no-referrer"),
        void("meta", name="generator", content=MARK),
        element("title", text(f"{_headline(review)} · {review.title}")),
        element("style", Html(style)),
    )
    body = stacked(
        element("a", text("Skip to the release"), href="#release", class_="skip"),
        _header(review),
        _navigation(sections),
        element("main", stacked(*map(_section, sections)), id="release", tabindex="-1"),
        element("footer", element("p", text(_FOOTER))),
    )
    page = element("html", stacked(element("head", head), element("body", body)), lang="en")
    return f"<!doctype html>\n{page}\n"


_FOOTER = (
    "One file, which asks nobody anything. The same in a terminal: monorelease review --terminal"
)


def _headline(review: Review) -> str:
    count = counted(len(review.plan.releases), "package")
    errors = sum(finding.is_error for finding in review.findings)
    match review.stage:
        case Stage.STOPPED:
            return f"{counted(errors, 'error')} to put right"
        case Stage.WRITTEN:
            return f"{count} released, not committed yet"
        case Stage.WAITING:
            return f"{count} to release" if review.plan.releases else "Nothing to release"


def _header(review: Review) -> Html:
    facts = (
        element("div", element("dt", text(name)), element("dd", text(words)))
        for name, words in _facts(review)
    )
    return element(
        "header",
        stacked(
            element("p", text(f"Release review · {review.title}"), class_="eyebrow"),
            element("h1", text(_headline(review))),
            element("p", *_state(review), class_=f"state {review.stage.value}"),
            element("dl", stacked(*facts), class_="facts"),
        ),
    )


def _state(review: Review) -> Iterator[Html]:
    match review.stage:
        case Stage.STOPPED:
            yield text("Nothing is written, and nothing can be before the errors are put right.")
        case Stage.WRITTEN:
            yield text("It is in the work tree. Commit it, or take it back: ")
            yield element("code", text("monorelease undo"))
        case Stage.WAITING:
            yield text("Nothing is written yet: this is what ")
            yield element("code", text("monorelease release"))
            yield text(" will write.")
    if review.afterwards:
        yield text(" Then it runs ")
        yield joined([element("code", text(each)) for each in review.afterwards], ", ")
        yield text("; what that changes is not on this page.")


def _facts(review: Review) -> Iterator[tuple[str, str]]:
    releases = review.plan.releases
    moves = {f"{release.current} → {release.target}" for release in releases}
    if len(moves) == 1:
        yield "Version", moves.pop()
    private = sum(release.private for release in releases)
    published = f"{len(releases) - private} to publish"
    yield "Packages", f"{published}, {private} private" if private else published
    bumps = Counter(release.bump for release in sorted(releases, key=lambda r: -r.bump))
    yield "Bumps", ", ".join(f"{n} {bump.word}" for bump, n in bumps.items()) or "none"
    yield "Channel", name_of(review.plan.channel)
    if review.date:
        yield "Date", review.date
    used = len({path for release in releases for path in release.fragments})
    yield "Fragments", f"{used} {_fate(review)}" if used else "none"
    yield "Constraints", str(len(constraint_updates(review.plan)))
    yield "Files", str(len(review.patch.edits))
    yield "Findings", counts_of(review.findings)


def _fate(review: Review) -> str:
    return "consumed" if isinstance(review.plan.channel, Stable) else "kept for the final release"


def _navigation(sections: Sequence[_Section]) -> Html:
    links = (
        element(
            "li",
            element(
                "a",
                text(each.title),
                element("span", text(f" {each.count}")) if each.count else text(""),
                href=f"#{each.anchor}",
            ),
        )
        for each in sections
    )
    return element("nav", element("ul", stacked(*links)), aria_label="Parts of this page")


def _section(section: _Section) -> Html:
    title = f"{section.anchor}-title"
    heading = element("h2", text(section.title), id=title)
    parts = stacked(heading, section.inside)
    return element("section", parts, id=section.anchor, aria_labelledby=title)


def _sections(review: Review, packages: Html) -> Iterator[_Section]:
    changelogs = set(review.changelogs.values())
    others = [edit for edit in review.patch.edits if edit.path not in changelogs]
    files = [*map(file_html, others)] or [element("p", text("No other file changes."))]
    if review.findings:
        yield _Section(
            anchor="findings",
            title="Findings",
            count=len(review.findings),
            inside=findings_html(review.findings),
        )
    for anchor, title, count, inside in (
        ("packages", "Packages", len(review.plan.releases), packages),
        ("changelogs", "Changelogs", len(review.notes), changelogs_html(review)),
        (
            "constraints",
            "Constraints",
            len(constraint_updates(review.plan)),
            constraints_html(review.plan),
        ),
        ("publishing", "Publishing", 0, publishing_html(review)),
        ("files", "Other files", len(others), stacked(*files)),
    ):
        yield _Section(anchor=anchor, title=title, count=count, inside=inside)
