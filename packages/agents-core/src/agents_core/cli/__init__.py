"""The command line: `agents-core COMMAND AGENT.py`, or `python agent.py COMMAND`."""

from __future__ import annotations

from agents_core.cli.commands import main, run_app

__all__ = ["main", "run_app"]
