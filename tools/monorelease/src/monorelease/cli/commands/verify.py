"""``monorelease verify``: whether what was built is fit to be published."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from monorelease.cli.publishing import (
    add_commit,
    add_target,
    artifacts_folder,
    open_index,
    open_workshop,
)
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Open what was built and compare it with the commit that it was built from; then install\n"
        "it all together into a fresh environment, import its modules and load its entry points."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease verify                   what `build` put into dist/\n"
        "  monorelease verify share-*           what the jobs of a CI matrix built, together\n"
        "  monorelease verify --rebuild         does a second build give the same bytes?\n"
    )
    parser.add_argument(
        "folders", nargs="*", type=Path, metavar="DIR", help="folders of builds (default: dist)"
    )
    add_target(parser)
    add_commit(parser)
    parser.add_argument(
        "--rebuild", action="store_true", help="build everything again, and compare the bytes"
    )
    parser.add_argument(
        "--no-install", action="store_true", help="open and compare, and leave it at that"
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Verify, and say what was found."""
    from monorelease.workflows.artifacts import Inspection, inspect
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.read import read

    console = around.console
    root = open_root(around.cwd, console.tell)
    snapshot = read(root)
    with artifacts_folder(root) as dist:
        asked = Inspection(
            folders=tuple(around.cwd / folder for folder in args.folders) or (dist,),
            at=args.at,
            installs=not args.no_install,
            rebuilds=args.rebuild,
        )
        index = open_index(args, snapshot, around)
        made, findings = inspect(asked, snapshot, index, open_workshop(around))
    if args.json:
        from monorelease.reports.publication_json import verdict_value

        console.show_json(verdict_value(made, findings, is_verified=asked.installs))
    else:
        from monorelease.reports.artifacts import verdict_text

        is_same = asked.rebuilds and not any(f.code == "not-reproducible" for f in findings)
        console.show(verdict_text(made, is_installed=asked.installs, is_rebuilt=is_same))
        console.tell_findings(findings)
    return 0
