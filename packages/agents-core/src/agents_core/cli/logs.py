"""Where the worker's log goes: to standard error, one line a record."""

from __future__ import annotations

import logging

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s %(message)s"


def set_up_logging(level: str) -> None:
    """Log from `level` on; an agent that has set up logging of its own keeps it."""
    logging.basicConfig(level=level, format=_FORMAT)
