"""Constraints before and after, those that change alike on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.plan import ConstraintUpdate, ReleasePlan
from monorelease.model.words import counted
from monorelease.reports.review_markup import Html, element, stacked, table, text

Change = tuple[NormalizedName, str, str, str]
"""On whom, before, after, and in which table."""


def constraint_updates(plan: ReleasePlan) -> tuple[ConstraintUpdate, ...]:
    """All of them, those of members that are not released last."""
    return (*(u for release in plan.releases for u in release.constraints), *plan.followers)


def alike(updates: Sequence[ConstraintUpdate]) -> Mapping[Change, tuple[NormalizedName, ...]]:
    """Whose constraints change in the same way."""
    found: dict[Change, tuple[NormalizedName, ...]] = {}
    for update in updates:
        on, place = update.dependency.on, update.dependency.table
        change = (on, update.before.strip(), update.after.strip(), place)
        found[change] = (*found.get(change, ()), update.member)
    return found


def constraints_html(plan: ReleasePlan) -> Html:
    """The table, or that nothing changes."""
    changes = alike(constraint_updates(plan))
    if not changes:
        return element("p", text("No constraint between members changes."))
    rows = [_row(change, names) for change, names in changes.items()]
    note = text("")
    if plan.followers:
        names = ", ".join(dict.fromkeys(update.member for update in plan.followers))
        note = element(
            "p", text(f"Not released, and edited all the same: {names}."), class_="quiet"
        )
    columns = ("On", "Before", "After", "Table", "Of")
    return stacked(table("Constraints", columns, rows, class_="constraints"), note)


def _row(change: Change, names: Sequence[NormalizedName]) -> Html:
    on, before, after, place = change
    members = element("ul", *(element("li", text(name)) for name in names), class_="names")
    if len(names) > 1:
        members = element(
            "details", element("summary", text(counted(len(names), "package"))), members
        )
    return element(
        "tr",
        element("th", text(on), scope="row"),
        element("td", element("code", text(before or "any version"), class_="del")),
        element("td", element("code", text(after or "any version"), class_="ins")),
        element("td", element("code", text(place))),
        element("td", members),
    )
