"""``monorelease changelog``: the notes that a release would write."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.scope import (
    a_date,
    add_json,
    add_scope,
    channel_of,
    members_named,
    release_date,
    scope_of,
)
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Show what each changelog would get from the pending fragments, for all members or\n"
        "for some; with --roll-up, the notes of the whole release on one page."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="members (names or globs)")
    parser.add_argument("--roll-up", action="store_true", help="one page for the whole release")
    parser.add_argument(
        "--date", type=a_date, metavar="YYYY-MM-DD", help="the date in the changelogs"
    )
    add_scope(parser)
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Show the notes."""
    from monorelease.adapters.git import Repository
    from monorelease.workflows.notes import render_notes
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outlook import look_ahead
    from monorelease.workflows.read import read

    console = around.console
    root = open_root(around.cwd, console.tell)
    snapshot = read(root)
    outlook = look_ahead(snapshot, channel_of(args, around), scope_of(args, snapshot.workspace))
    outlook.demand_no_errors()
    day = release_date(args.date, around).isoformat()
    notes = render_notes(outlook.plan, snapshot, lambda: Repository.at(root), day)
    wanted = members_named(args.names, snapshot.workspace) or tuple(notes.rendered)
    sections = {name: text for name, text in notes.rendered.items() if name in wanted}
    page = notes.roll_up() if args.roll_up and notes.rendered else None
    if args.json:
        value = {"schema": 1, "changelogs": sections}
        console.show_json(value if page is None else {**value, "roll_up": page})
    elif page is not None:
        console.show(page)
    elif sections:
        titled = (f"# {name}\n\n{text}" for name, text in sections.items())
        console.show("\n".join(titled))
    else:
        console.show("Nothing to release: no pending fragment moves a member.\n")
    return 0
