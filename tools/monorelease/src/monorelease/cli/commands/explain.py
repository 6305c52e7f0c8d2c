"""``monorelease explain``: the chain of causes of one member's release, or of its absence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.scope import add_json, add_scope, channel_of, members_named, scope_of
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Tell why a member is in the next release: through constraints and groups down to the\n"
        "fragment, and to the commit that added it. Or why it is not in it."
    )
    parser.add_argument("name", metavar="NAME", help="a member")
    add_scope(parser)
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Show why, or why not."""
    from monorelease.adapters.git import Repository
    from monorelease.planning.explanation import why, why_not
    from monorelease.reports.explanation import (
        why_not_text,
        why_not_value,
        why_text,
        why_value,
    )
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outlook import look_ahead
    from monorelease.workflows.read import origins_of, read

    root = open_root(around.cwd, around.console.tell)
    snapshot = read(root)
    (name, *_) = members_named([args.name], snapshot.workspace)
    scope = scope_of(args, snapshot.workspace)
    outlook = look_ahead(snapshot, channel_of(args, around), scope)
    console = around.console
    release = next((r for r in outlook.plan.releases if r.name == name), None)
    if release is None:
        absences = why_not(name, outlook.inspection, scope)
        if args.json:
            console.show_json(why_not_value(name, absences))
        else:
            console.show(why_not_text(name, absences, console.palette))
        return 0
    chain = why(release, outlook.plan)
    fragments = {fragment.path: fragment for fragment in snapshot.fragments}
    origins = origins_of(snapshot, Repository.at(root))
    if args.json:
        console.show_json(why_value(release, chain, fragments, origins))
    else:
        console.show(why_text(release, chain, fragments, origins, console.palette))
    return 0
