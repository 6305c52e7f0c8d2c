"""``monorelease init``: set it up in a repository that is there already."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.scope import add_json
from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for, and which flags it takes."""
    parser.description = (
        "Set monorelease up in the current folder: find the members (by the workspace tables of\n"
        "uv, hatch or pdm, or in packages/*), and write what is missing: [tool.monorelease] and\n"
        "[tool.towncrier] at the end of pyproject.toml, and changes/README.md. Nothing that\n"
        "exists is changed."
    )
    add_json(parser)


def run(args: Namespace, around: Surroundings) -> int:
    """Set it up, and show what was found."""
    from monorelease.model.words import counted
    from monorelease.reports.json import SCHEMA
    from monorelease.reports.printable import printable
    from monorelease.reports.terminal import aligned
    from monorelease.workflows.init import init

    done = init(around.cwd)
    console = around.console
    if args.json:
        members = [{"name": m.name, "path": str(m.path)} for m in done.members]
        written = [str(path) for path in done.written]
        console.show_json({"schema": SCHEMA, "members": members, "written": written})
        return 0
    rows = [
        (m.written_name, str(m.version or "no version"), printable(str(m.path)))
        for m in done.members
    ]
    lines = [counted(len(rows), "member"), "", *aligned(rows)]
    console.show("\n".join(lines) + "\n")
    paths = ", ".join(str(path) for path in done.written)
    console.tell(f"written: {paths}" if paths else "everything is set up already")
    console.tell("next: monorelease add")
    return 0
