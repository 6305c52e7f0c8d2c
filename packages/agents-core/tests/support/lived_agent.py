"""An agent's file as a user would write it: `python lived_agent.py start`, with a log in JSON."""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

from lived_jobs import entrypoint

from agents_core import cli
from agents_core.jobs.deadlines import Deadlines
from agents_core.worker.options import WorkerOptions
from agents_core.worker.timings import Timings

TIMINGS = Timings(status=0.1, sample=0.1, ping=0.5, first_retry=0.05, longest_retry=0.2, close=2)


class AsJson(logging.Formatter):
    """One object a line, that says whose line it is."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        said = {"name": record.name, "level": record.levelname, "said": record.getMessage()}
        of = {"pid": record.process, "job": getattr(record, "job_id", None), "at": record.created}
        return json.dumps(said | of | {"exception": record.exc_text})


def options() -> WorkerOptions:
    """What the test wants, over what suits every test."""
    wanted: dict[str, Any] = json.loads(os.environ["OPTIONS"])  # noqa: TID251 - a test's
    deadlines = Deadlines(**wanted.pop("deadlines"))
    return WorkerOptions(
        **{
            "entrypoint_fnc": entrypoint,
            "host": "127.0.0.1",
            "port": 0,
            "num_idle_processes": 0,
            "load_threshold": float("inf"),  # other tests may keep the machine busy
            "job_load": 0.0,
            "timings": TIMINGS,
            "deadlines": deadlines,
            **wanted,
        }
    )


if __name__ == "__main__":
    log = logging.StreamHandler(sys.stderr)
    log.setFormatter(AsJson())
    logging.basicConfig(level=logging.INFO, handlers=[log])
    cli.run_app(options())
