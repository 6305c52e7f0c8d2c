"""`start` and `dev`: a worker, until a signal ends it."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from agents_core.cli.command import Command

if TYPE_CHECKING:
    from agents_core.worker.options import WorkerOptions


def _start(options: WorkerOptions, _: argparse.Namespace) -> int:
    return _serve(options, devmode=False)


def _dev(options: WorkerOptions, _: argparse.Namespace) -> int:
    return _serve(options, devmode=True)


def _serve(options: WorkerOptions, *, devmode: bool) -> int:
    from agents_core.cli.farewell import serve

    return asyncio.run(serve(options, devmode=devmode))


START = Command(name="start", help="run a worker in production", run=_start)
DEV = Command(
    name="dev",
    help="run a worker on a laptop: every job is taken, and nothing is waited for at the end",
    run=_dev,
    log_level="DEBUG",
)
