"""``monorelease matrix``: the build as waves of jobs, for a CI."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.publishing import add_commit, add_target, members_to_build
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Show what `build` would build, for as many machines as there are: in waves of which\n"
        "each needs earlier ones only, and with a word on whose wheels depend on the platform.\n"
        "Every machine builds its share; `publish --from DIR` takes the shares together."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease matrix --json            what is pending, for a CI's matrix\n"
        "  monorelease matrix 'plugin-*'        some members, whatever the index has\n"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="members, or globs of them")
    add_target(parser)
    add_commit(parser)
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Lay the build out, and show it."""
    from monorelease.workflows.matrix import lay_out
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.read import read

    console = around.console
    snapshot = read(open_root(around.cwd, console.tell))
    matrix = lay_out(snapshot, members_to_build(args, snapshot, around))
    if args.json:
        from monorelease.reports.matrix import matrix_value

        console.show_json(matrix_value(matrix))
    else:
        from monorelease.reports.matrix import matrix_text

        console.show(matrix_text(matrix, console.palette))
    return 0
