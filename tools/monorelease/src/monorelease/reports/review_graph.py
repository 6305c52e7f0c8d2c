"""The graph of a release, which answers to pointer and keyboard without a script."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import NormalizedName

from monorelease.model.plan import ChangedBy, Release, Requested
from monorelease.model.review import Review
from monorelease.model.value import value
from monorelease.model.words import counted
from monorelease.planning.arrows import Arrow, arrows_of, behind
from monorelease.planning.layout import Layout, Line, Place, lay_out
from monorelease.reports.review_drawing import Drawing
from monorelease.reports.review_markup import Html, element, stacked, text
from monorelease.reports.terminal import cause_text

MOST_DRAWN = 60
"""Members; a drawing of more is no longer looked at, but searched."""

_WIDEST_BESIDE, _TALLEST_IN_VIEW = 620, 640
"""Pixels up to which there is room for the table beside the drawing, and it can stay in view."""

_LEGEND = (
    ("named", "a fragment names it"),
    ("taken", "taken along"),
    ("rest", "stays as it is"),
)


@value
class Graph:
    """The drawing, and the rules of style by which it answers."""

    figure: Html
    rules: str
    shape: str
    """``tall`` where the table has its place beside the drawing, else ``wide``."""


def graph_of(review: Review) -> Graph | None:
    """The members of a release and why each is in it; None for nobody, or too many.

    All members are drawn where they are few enough, else those that are released.
    """
    names = names_drawn(review)
    if not names:
        return None
    layout = lay_out(names, arrows_of(review.workspace, review.plan, frozenset(names)))
    sheet = _Sheet(review, layout)
    return Graph(figure=sheet.figure(), rules=sheet.rules(), shape=sheet.shape)


def names_drawn(review: Review) -> tuple[NormalizedName, ...]:
    """Whom the drawing shows."""
    everyone = review.workspace.names
    released = tuple(name for name in everyone if name in review.plan)
    if len(released) > MOST_DRAWN:
        return ()
    return everyone if released and len(everyone) <= MOST_DRAWN else released


def why_anchor(name: NormalizedName) -> str:
    """The id of the place on the page that tells why `name` is released, or is not."""
    return f"why-{name}"


class _Sheet:
    """What is needed to draw each part."""

    def __init__(self, review: Review, layout: Layout) -> None:
        self._resting = review.resting
        self._layout = layout
        self._drawing = Drawing(layout)
        self._releases = {release.name: release for release in review.plan.releases}
        self._numbers = {place.name: at for at, place in enumerate(layout.places)}

    @property
    def shape(self) -> str:
        """As `Graph` has it."""
        return "tall" if self._drawing.width <= _WIDEST_BESIDE else "wide"

    def figure(self) -> Html:
        """What it answers, the drawing, and what its signs mean."""
        hint = "Point at a member, tap it, or go through them with Tab: here is why it moves."
        answers = (self._answer(place.name) for place in self._layout.places)
        in_view = " in-view" if self._drawing.height <= _TALLEST_IN_VIEW else ""
        return element(
            "figure",
            stacked(
                element(
                    "figcaption",
                    stacked(element("p", text(hint), id="hint"), *answers),
                    class_="answers",
                ),
                element(
                    "div",
                    self._picture(),
                    class_="scroll",
                    role="group",
                    aria_label="The graph",
                    tabindex="0",
                ),
                self._legend(),
            ),
            id="graph",
            class_=f"graph{in_view}",
        )

    def rules(self) -> str:
        """For each member: its answer, its arrows and its row of the table light up together."""
        return "\n".join(_rules(at, why_anchor(name)) for name, at in self._numbers.items())

    def _picture(self) -> Html:
        width, height = self._drawing.width, self._drawing.height
        members = counted(len(self._numbers), "member")
        words = (
            f"{members}. An arrow leads from each to those that require it, and to those that are "
            "released because of it. The table of packages says the same in words."
        )
        return element(
            "svg",
            stacked(
                element("title", text("Who takes whom along"), id="graph-title"),
                element("desc", text(words), id="graph-words"),
                element("g", stacked(*map(self._arrow, self._layout.lines)), aria_hidden="true"),
                *map(self._node, self._layout.places),
            ),
            viewBox=f"0 0 {width:g} {height:g}",
            width=f"{width:g}",
            height=f"{height:g}",
            role="group",
            aria_labelledby="graph-title",
            aria_describedby="graph-words",
            style=f"min-width:{width * 0.8:.0f}px",
        )

    def _arrow(self, line: Line) -> Html:
        arrow, path = line.arrow, self._drawing.path(line)
        kind = "cause" if arrow.causes else "plain"
        back = " back" if line.is_back else ""
        start, end = self._numbers[arrow.start], self._numbers[arrow.end]
        return element(
            "g",
            element("title", text(self._words(arrow))),
            element("path", d=path, class_="reach"),
            element("path", d=path, class_="mark"),
            class_=f"arrow {kind}{back} i{end} o{start}",
        )

    def _words(self, arrow: Arrow) -> str:
        if not arrow.causes:
            return f"{arrow.end} requires {arrow.start}"
        release = self._releases[arrow.start]
        why = "; ".join(cause_text(cause, release) for cause in arrow.causes)
        return f"{arrow.end} is released: {why}"

    def _node(self, place: Place) -> Html:
        moves, why = self._why(place.name)
        words = f"{place.name} {moves}: {why}"
        return element(
            "a",
            element("title", text(words)),
            *self._drawing.box(place),
            id=f"n{self._numbers[place.name]}",
            class_=f"node {_kind(self._releases.get(place.name))}",
            href=f"#{why_anchor(place.name)}",
            aria_label=words,
        )

    def _answer(self, name: NormalizedName) -> Html:
        moves, why = self._why(name)
        return element(
            "p",
            element("strong", text(name)),
            text(f" {moves}: {why}"),
            id=f"s{self._numbers[name]}",
            class_="answer",
        )

    def _why(self, name: NormalizedName) -> tuple[str, str]:
        """How far it moves, and why; or that it does not, and why not."""
        release = self._releases.get(name)
        if release is None:
            return "stays as it is", "; ".join(self._resting[name])
        moves = f"{release.current} → {release.target}, {release.bump.word}"
        return moves, "; ".join(self._causes(release))

    def _causes(self, release: Release) -> Iterator[str]:
        for cause in release.causes:
            other = behind(cause)
            yield cause_text(cause, self._releases[other] if other is not None else None)

    def _legend(self) -> Html:
        kinds = {_kind(self._releases.get(name)).split()[0] for name in self._numbers}
        signs = [
            element("li", element("span", class_=f"sign {kind}"), text(words))
            for kind, words in _LEGEND
            if kind in kinds
        ]
        if any(release.private for release in self._releases.values()):
            signs.append(element("li", element("span", class_="sign private"), text("private")))
        if any(not line.arrow.causes for line in self._layout.lines):
            signs.append(element("li", element("span", class_="dash"), text("requires, no cause")))
        return element("ul", stacked(*signs), class_="legend")


def _kind(release: Release | None) -> str:
    if release is None:
        return "rest"
    own = any(isinstance(cause, ChangedBy | Requested) for cause in release.causes)
    private = " private" if release.private else ""
    return f"{'named' if own else 'taken'} {release.bump.word}{private}"


def _rules(at: int, anchor: str) -> str:
    """Whoever is pointed at speaks, before whoever has the focus."""
    node = f"#n{at}"
    pointed = f"#packages:has(:is({node},.i{at}):hover)"
    focused = f"#packages:not(:has(.node:hover,.arrow:hover)):has({node}:focus)"
    lit = f"#packages:has({node}:is(:hover,:focus),#{anchor}:hover)"
    return (
        f"{pointed} #s{at},{focused} #s{at}{{display:block}}\n"
        f"{lit} :is(.i{at},.o{at}){{--ink:var(--accent);opacity:1}}\n"
        f"{lit} :is({node},#{anchor}){{--paper:var(--lit)}}"
    )
