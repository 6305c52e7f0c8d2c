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
        "changed and that no fragment of the change names. Everything but --since works\n"
        "without git's history. Exit status 3 where a finding is an error."
    )
    parser.add_argument(
        "--since",
        metavar="REF",
        help="demand a fragment for every member changed since HEAD parted from REF, "
        "a branch, tag or commit",
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Show the findings."""
    from monorelease.adapters.git import Repository
    from monorelease.workflows.check import check
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.read import read

    root = open_root(around.cwd, around.console.tell)
    findings = check(read(root), Repository.at(root), args.since)
    if args.json:
        from monorelease.reports.json import findings_value

        around.console.show_json(findings_value(findings))
    elif findings:
        from monorelease.reports.terminal import findings_text

        around.console.show(findings_text(findings, around.console.palette))
    else:
        around.console.show("Everything is in order.\n")
    return 3 if any(finding.is_error for finding in findings) else 0
