"""``monorelease changelog``: the notes that a release would write."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName

from monorelease.cli.names import members_named
from monorelease.cli.scope import (
    a_date,
    add_json,
    add_scope,
    channel_of,
    release_date,
    scope_of,
)
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem

if TYPE_CHECKING:
    from monorelease.model.plan import ReleasePlan


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Show the section that each changelog would get from the pending fragments, for all\n"
        "members or for some; with --roll-up, the notes of the whole wave on one page."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease changelog                every section\n"
        "  monorelease changelog NAME           one member's\n"
        "  monorelease changelog --roll-up      one page, say for an announcement\n"
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="members (names or globs; default: all)"
    )
    parser.add_argument("--roll-up", action="store_true", help="one page for the whole wave")
    parser.add_argument(
        "--date",
        type=a_date,
        metavar="YYYY-MM-DD",
        help="the date in the changelogs (default: SOURCE_DATE_EPOCH, or today)",
    )
    add_scope(parser)
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Show the notes."""
    from monorelease.adapters.git import Repository
    from monorelease.reports.json import SCHEMA
    from monorelease.workflows.notes import render_notes
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outlook import look_ahead
    from monorelease.workflows.read import read

    if args.roll_up and args.names:
        raise UsageProblem("--roll-up is one page for all members", hint="leave out the names")
    console = around.console
    root = open_root(around.cwd, console.tell)
    snapshot = read(root)
    scope = scope_of(args, snapshot, console.tell)
    outlook = look_ahead(snapshot, channel_of(args, around), scope)
    outlook.demand_no_errors()
    day = release_date(args.date, around).isoformat()
    notes = render_notes(outlook.plan, snapshot, lambda: Repository.at(root), day)
    names = members_named(args.names, snapshot.workspace)
    sections = {n: text for n, text in notes.rendered.items() if not names or n in names}
    page = notes.roll_up() if args.roll_up and notes.rendered else None
    if args.json:
        value = {"schema": SCHEMA, "changelogs": sections}
        console.show_json(value if page is None else {**value, "roll_up": page})
    elif page is not None:
        console.show_page(page)
    elif sections:
        console.show_page("\n".join(f"# {name}\n\n{text}" for name, text in sections.items()))
    else:
        console.show(f"{_why_none(outlook.plan, names)}\n")
    return 0


def _why_none(plan: ReleasePlan, names: Sequence[NormalizedName]) -> str:
    from monorelease.reports.terminal import NOTHING

    if not plan.releases:
        return NOTHING
    released = [name for name in names if name in plan]
    if names and not released:
        return f"Not released, and so without notes: {', '.join(names)}."
    return "A snapshot writes no changelog."
