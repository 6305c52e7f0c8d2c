"""``monorelease schema``: the JSON schema of the configuration, for editors."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.wiring import Surroundings


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for."""
    parser.description = (
        "Print a JSON schema (draft 2020-12) of [tool.monorelease], from which editors\n"
        "complete and check the table."
    )


def run(args: Namespace, around: Surroundings) -> int:  # noqa: ARG001 - every command takes both
    """Print the schema."""
    from monorelease.formats.schema import format_schema

    around.console.show(format_schema())
    return 0
