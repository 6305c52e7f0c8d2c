"""``monorelease status``: what would be released, and why."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.scope import add_json, add_scope, channel_of, scope_of
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Show what the pending fragments would release: every member with its versions, the\n"
        "bump and the causes. Nothing is written. Exit status 3 where `release` would refuse."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease status --verbose         with every fragment's words\n"
        "  monorelease status --only NAME       what one member's fragments would release\n"
        "  monorelease status --json            for programs\n"
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="show the fragments' words and every constraint too",
    )
    add_scope(parser)
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Show the outlook."""
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.outlook import look_ahead
    from monorelease.workflows.read import read

    console = around.console
    snapshot = read(open_root(around.cwd, console.tell))
    scope = scope_of(args, snapshot, console.tell)
    outlook = look_ahead(snapshot, channel_of(args, around), scope)
    if args.json:
        from monorelease.reports.json import status_value

        console.show_json(status_value(outlook.plan, outlook.findings))
    else:
        from monorelease.reports.terminal import details_text, plan_text

        console.show(plan_text(outlook.plan, console.palette))
        if args.verbose:
            fragments = {fragment.path: fragment for fragment in snapshot.fragments}
            console.show(details_text(outlook.plan, fragments, console.palette))
        console.tell_findings(outlook.findings)
    return 3 if any(finding.is_error for finding in outlook.findings) else 0
