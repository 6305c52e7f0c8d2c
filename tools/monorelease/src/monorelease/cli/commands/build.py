"""``monorelease build``: wheels and source distributions of what is pending."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from monorelease.cli.publishing import (
    add_commit,
    add_target,
    artifacts_folder,
    members_to_build,
    open_workshop,
)
from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings

if TYPE_CHECKING:
    from monorelease.workflows.build import BuildMeans
    from monorelease.workflows.read import Snapshot


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Build the wheel and the source distribution of every pending member, or of those that\n"
        "are named, from a clean checkout of the commit that released it; with a manifest. What\n"
        "is not as its tree says is refused; whether all of it fits together, `verify` tells."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease build                    what is pending, into dist/\n"
        "  monorelease build NAME --out share   one member, for a job of a CI matrix\n"
        "  monorelease build NAME --at COMMIT   not from the commit that released it\n"
        "  monorelease build --waves            dist/wave-1, dist/wave-2 … in the order of upload\n"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="members, or globs of them")
    add_target(parser)
    add_commit(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where the files go (default: dist in the root)"
    )
    parser.add_argument(
        "--waves",
        action="store_true",
        help="a folder for each wave of uploads: who requires others comes after them",
    )
    parser.add_argument(
        "--no-sdist",
        action="store_true",
        help="make wheels alone: for all jobs of a CI matrix but one",
    )
    parser.add_argument(
        "--find-links",
        dest="links",
        action="append",
        type=Path,
        default=[],
        metavar="DIR",
        help="find what builds require of earlier builds there, too",
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Build, and show what was built."""
    from monorelease.adapters.state import exclusive, state_folder
    from monorelease.workflows.artifacts import make
    from monorelease.workflows.build_waves import make_waves
    from monorelease.workflows.opening import open_root
    from monorelease.workflows.read import read

    console = around.console
    root = open_root(around.cwd, console.tell)
    snapshot = read(root)
    members = members_to_build(args, snapshot, around)
    with (
        exclusive(state_folder(root), command="monorelease build"),
        artifacts_folder(root, args.out and around.cwd / args.out) as out,
    ):
        build = make_waves if args.waves else make
        made, findings = build(members, snapshot, out, _means(args, snapshot, around))
    if args.json:
        from monorelease.reports.publication_json import build_value

        console.show_json(build_value(made, findings))
    else:
        from monorelease.reports.artifacts import build_text

        place = out / "wave-*" if args.waves else out
        console.show(build_text(made, _shown(place, around.cwd), console.palette))
        console.tell_findings(findings)
    return 0


def _means(args: Namespace, snapshot: Snapshot, around: Surroundings) -> BuildMeans:
    from monorelease.model.value import replace

    means = open_workshop(around).build_means(snapshot)
    if args.no_sdist:
        means = replace(means, wheels_only=snapshot.workspace.names)
    return replace(means, links=tuple(around.cwd / folder for folder in args.links))


def _shown(folder: Path, cwd: Path) -> str:
    """As somebody in `cwd` would name it."""
    return str(folder.relative_to(cwd) if folder.is_relative_to(cwd) else folder)
