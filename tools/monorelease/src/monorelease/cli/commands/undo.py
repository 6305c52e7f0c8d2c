"""``monorelease undo``: the tree as it was before the last release."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Put every file back that the last `release` changed, made or removed, as long as it\n"
        "is not committed. If one of them was edited since, nothing is done; with --force a copy\n"
        "of each edited file is kept, and named, before it is put back."
    )
    parser.add_argument("--force", action="store_true", help="put edited files back too")
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Take the release back."""
    from monorelease.adapters.git import Repository
    from monorelease.model.words import counted
    from monorelease.reports.json import SCHEMA
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.undo import take_back

    console = around.console
    root = open_root(around.cwd, console.tell)
    undone = take_back(root, Repository.at(root), force=args.force)
    if args.json:
        restored = [str(path) for path in undone.restored]
        kept = {str(saved.path): str(saved.copy) for saved in undone.saved}
        console.show_json({"schema": SCHEMA, "restored": restored, "kept": kept})
        return 0
    console.show(f"{counted(len(undone.restored), 'file')} put back\n")
    for saved in undone.saved:
        console.tell(f"{saved.path} had been edited: kept as {saved.copy}")
    return 0
