"""``monorelease migrate``: not written yet."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from monorelease.cli.wiring import Surroundings
from monorelease.errors import UsageProblem


def configure(parser: ArgumentParser) -> None:
    """Say what the command is for."""
    parser.description = "Not written yet."


def run(args: Namespace, around: Surroundings) -> int:
    """Refuse."""
    raise UsageProblem("not written yet", hint="wait")
