"""``monorelease matrix``: the build as waves of jobs, for a CI."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from monorelease.cli.publishing import add_commit, add_target, members_to_build, open_index
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem
from monorelease.model.words import counted

if TYPE_CHECKING:
    from monorelease.workflows.read import Snapshot

MOST_JOBS = 256
"""In one matrix of a GitHub workflow."""


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Show what `build` would build, for as many machines as there are: in waves of which\n"
        "each needs earlier ones only, and with a word on whose wheels depend on the platform.\n"
        "Every machine builds its share; `publish --from DIR` takes the shares together.\n\n"
        "`--compatibility` shows instead what has to work together: what is published with the\n"
        "new version of what it requires, and what is new with the lowest versions it lets in.\n"
        "Each job is a list of requirements to be installed for a command of yours."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease matrix --json            what is pending, for a CI's matrix\n"
        "  monorelease matrix 'plugin-*'        some members, whatever the index has\n"
        "  monorelease matrix --compatibility   what to try before the release\n"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="members, or globs of them")
    parser.add_argument(
        "--compatibility",
        action="store_true",
        help="jobs that try new versions with published ones, instead of the build's",
    )
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
    if args.compatibility:
        return _try_together(args, snapshot, around)
    matrix = lay_out(snapshot, members_to_build(args, snapshot, around))
    if args.json:
        from monorelease.reports.matrix import matrix_value

        console.show_json(matrix_value(matrix))
    else:
        from monorelease.reports.matrix import matrix_text

        console.show(matrix_text(matrix, console.palette))
    return 0


def _try_together(args: Namespace, snapshot: Snapshot, around: Surroundings) -> int:
    from monorelease.cli.names import members_named
    from monorelease.reports.compatibility import trials_text, trials_value
    from monorelease.workflows.compatibility import lay_out_trials

    if args.at is not None:
        raise UsageProblem("--compatibility looks at the work tree", hint="leave out --at")
    names = members_named(args.names, snapshot.workspace)
    index = open_index(args, snapshot, around)
    trials = lay_out_trials(snapshot, index, names)
    if len(trials) > MOST_JOBS:
        around.console.tell(
            f"warning: {counted(len(trials), 'job')}, and GitHub takes {MOST_JOBS} in one matrix: "
            "name members, and make several matrices of them"
        )
    if args.json:
        around.console.show_json(trials_value(trials))
    else:
        around.console.show(trials_text(trials, index.target, around.console.palette))
    return 0
