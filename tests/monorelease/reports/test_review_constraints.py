from __future__ import annotations

from monorelease.model.config import Config
from monorelease.model.plan import ReleasePlan
from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.plan import plan_release
from monorelease.reports.review_constraints import alike, constraint_updates, constraints_html
from reviews import Page
from values import fragment, member, requires, workspace

STAR = workspace(
    member("core"),
    member("a", "1.0", requires("core", "==1.0.0")),
    member("b", "1.0", requires("core", "==1.0.0")),
    member("c", "1.0", requires("core", "<1.0.1,>=1")),
)


def plan(space: Workspace = STAR, config: Config | None = None) -> ReleasePlan:
    return plan_release(space, [fragment(core="patch")], config or Config())


def page(made: ReleasePlan) -> Page:
    return Page(f"<main>{constraints_html(made)}</main>")


def test_constraints_that_change_alike_are_one_row() -> None:
    found = page(plan())
    rows = [each.text for each in found.all("tr")[1:]]

    assert len(constraint_updates(plan())) == 3
    assert len(rows) == len(alike(constraint_updates(plan()))) == 2
    assert rows[0] == "core==1.0.0==1.0.1project.dependencies2 packagesab"
    assert rows[1].endswith("project.dependenciesc")


def test_who_is_not_released_and_edited_all_the_same_is_named() -> None:
    group = requires("core", "==1.0.0", DependencyKind.GROUP)
    made = plan(workspace(member("core"), member("docs", "1.0", group)))

    assert [update.member for update in constraint_updates(made)] == ["docs"]
    assert page(made).one("p").text == "Not released, and edited all the same: docs."


def test_where_nothing_changes_that_is_said() -> None:
    made = plan(workspace(member("core")))

    assert page(made).one("p").text == "No constraint between members changes."
