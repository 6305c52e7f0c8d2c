"""``monorelease init``: set it up in a repository that is there already."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings

if TYPE_CHECKING:
    from monorelease.cli.console import Console
    from monorelease.model.finding import Finding
    from monorelease.model.workspace import Member
    from monorelease.workflows.ci import Generated


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Set monorelease up in the current folder: find the members (by the workspace tables of\n"
        "uv, hatch or pdm, or in packages/*), and write what is missing: [tool.monorelease] and\n"
        "[tool.towncrier] at the end of pyproject.toml, and changes/README.md. Nothing that\n"
        "exists is changed, but for workflows that an earlier --github has written."
    )
    parser.epilog = (
        "examples:\n"
        "  monorelease init              tables, and a page for contributors\n"
        "  monorelease init --github     workflows too, or anew after the configuration changed\n"
    )
    parser.add_argument(
        "--github",
        action="store_true",
        help="write workflows for GitHub Actions into .github/workflows, from [tool.monorelease]",
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Set it up, and show what was found."""
    from monorelease.reports.json import SCHEMA
    from monorelease.workflows.init import init

    done = init(around.cwd)
    made = _workflows(around.cwd) if args.github else None
    written = (*done.written, *(made.written if made else ()))
    kept = made.kept if made else ()
    if args.json:
        members = [{"name": m.name, "path": str(m.path)} for m in done.members]
        paths = {"written": [*map(str, written)], "kept": [*map(str, kept)]}
        around.console.show_json({"schema": SCHEMA, "members": members, **paths})
    else:
        around.console.show(_members_text(done.members))
        _tell(around.console, written, kept)
        if made:
            around.console.tell_findings(_missing(around.cwd))
        _tell_next(around.console, around.cwd)
    return 0


def _workflows(root: Path) -> Generated:
    from monorelease.workflows.ci import write_workflows
    from monorelease.workflows.read import read

    return write_workflows(read(root))


def _missing(root: Path) -> tuple[Finding, ...]:
    """What the workflows need beside themselves."""
    from monorelease.workflows.ci import check_workflows
    from monorelease.workflows.read import read

    return tuple(check_workflows(read(root)))


def _members_text(members: Sequence[Member]) -> str:
    from monorelease.model.words import counted
    from monorelease.reports.printable import printable
    from monorelease.reports.terminal import aligned

    rows = [
        (m.written_name, str(m.version or "no version"), printable(str(m.path))) for m in members
    ]
    return "\n".join([counted(len(rows), "member"), "", *aligned(rows)]) + "\n"


def _tell(
    console: Console, written: Sequence[PurePosixPath], kept: Sequence[PurePosixPath]
) -> None:
    paths = ", ".join(map(str, written))
    console.tell(f"written: {paths}" if paths else "everything is set up already")
    if kept:
        console.tell(f"left as they are, being your own: {', '.join(map(str, kept))}")


def _tell_next(console: Console, root: Path) -> None:
    from monorelease.model.words import all_of
    from monorelease.workflows.legacies import find_legacies
    from monorelease.workflows.read import read

    if tools := [tool.value for tool in find_legacies(read(root))]:
        console.tell(f"next: monorelease migrate --dry-run, for what {all_of(tools)} left here")
    else:
        console.tell("next: monorelease add")
