"""``monorelease check``: everything that would go wrong, at once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Find everything that would go wrong in a release: fragments with typos, groups that\n"
        "overlap, circles, constraints that no longer hold, changelogs that git ignores.\n"
        "All findings are shown at once, each with file, line and hint.\n\n"
        "For a pull request, `check --since origin/main` also names every member that was\n"
        "changed and that no fragment of the change names. Only --since, --api and\n"
        "--floors need git's history. Exit status 3 where a finding is an error.\n\n"
        "`--api` compares each member that is about to be released with its last release tag:\n"
        "a breaking change under a version that promises none is a finding. `--floors` says\n"
        "which constraints let in a version without a name that is imported from it. Both read\n"
        "sources, here and in git; nothing is imported or run."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease check --since origin/main     for a pull request\n"
        "  monorelease check --api --floors          before a release\n"
    )
    parser.add_argument(
        "--since",
        metavar="REF",
        help="demand a fragment for every member changed since HEAD parted from REF, "
        "a branch, tag or commit",
    )
    parser.add_argument(
        "--api",
        action="store_true",
        help="hold versions against the public API, at the level of `api` in the configuration "
        "(default: warn); where that is set, the flag is not needed",
    )
    parser.add_argument(
        "--floors",
        action="store_true",
        help="hold constraints between members against the names that are imported",
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Show the findings."""
    from monorelease.adapters.git import Repository
    from monorelease.workflows.check import check
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.read import read

    root = open_root(around.cwd, around.console.tell)
    findings = check(read(root), Repository.at(root), args.since, api=args.api, floors=args.floors)
    if args.json:
        from monorelease.reports.json import findings_value

        around.console.show_json(findings_value(findings))
    elif findings:
        from monorelease.reports.terminal import findings_text

        around.console.show(findings_text(findings, around.console.palette))
    else:
        around.console.show("Everything is in order.\n")
    return 3 if any(finding.is_error for finding in findings) else 0
