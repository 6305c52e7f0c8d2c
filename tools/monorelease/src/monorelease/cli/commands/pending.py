"""``monorelease pending``: what is released in the tree, and not out in the world yet."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.publishing import (
    add_members,
    add_target,
    members_asked,
    open_access,
    open_index,
)
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Show what is released in the tree and not whole on the index, or not tagged, or not\n"
        "announced. There is no state file: the index is asked, the tags here and on the remote,\n"
        "and the forge, where one is configured and there is a token for it."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease pending                    for the index that `publish` takes by default\n"
        "  monorelease pending --to pypi --json   for another one, and for programs\n"
    )
    add_target(parser)
    add_members(parser)
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Ask, and show."""
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outstanding import look_outside, released_of
    from monorelease.workflows.read import read

    console = around.console
    snapshot = read(open_root(around.cwd, console.tell))
    released = released_of(snapshot, members_asked(args, snapshot))
    index = open_index(args, snapshot, around)
    outstanding = look_outside(
        snapshot, released, index, open_access(args, snapshot, around, index)
    )
    pending, roll_up = outstanding.pending, outstanding.seen.roll_up
    if args.json:
        from monorelease.reports.publication_json import pending_value

        console.show_json(pending_value(pending, index.target, outstanding.findings, roll_up))
    else:
        from monorelease.reports.publication import pending_text

        console.show(pending_text(pending, index.target, console.palette, roll_up))
        console.tell_findings(outstanding.findings)
    return 0
