"""What a command is made of."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents_core.worker.options import WorkerOptions

DONE = 0
"""It ended as it was asked to."""
FAILED = 1
"""It could not go on: the server refuses it, is gone for good, or a port is taken."""
USAGE = 2
"""It was called wrongly: arguments, the agent's file, or a variable that is missing."""
SIGNALLED = 128
"""And the number of the signal that came a second time: running jobs were not waited for."""


class UsageError(Exception):
    """It was called wrongly; the message says what to put right."""


def _no_arguments(_: argparse.ArgumentParser) -> None:
    """Most commands have none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing to do with an agent."""

    name: str
    help: str
    run: Callable[[WorkerOptions, argparse.Namespace], int]
    """Does it, and returns the exit status."""
    add_arguments: Callable[[argparse.ArgumentParser], None] = _no_arguments
    log_level: str = "INFO"
    """Unless another one is asked for."""
