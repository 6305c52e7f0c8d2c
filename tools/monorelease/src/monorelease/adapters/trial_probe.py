"""Imports what a release offers, inside the fresh environment that it was installed into.

It is run by its path, with nothing but the standard library around it. Its arguments: a file of
tasks (JSON: ``[[module, attribute], …]``), the file to which it adds a line of JSON at the end of
each, a file for where it crashes or hangs, and the seconds that each may take.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path

LAST_LINES = 8


def main(tasks: str, reports: str, trace: str, seconds: str) -> None:
    """Do every task, whatever the others come to."""
    with Path(reports).open("w", encoding="utf-8") as report, Path(trace).open("w") as file:
        faulthandler.enable(file)
        for number, (module, attribute) in enumerate(json.loads(Path(tasks).read_text("utf-8"))):
            # No thread of Python's own: what hangs may never let one run.
            faulthandler.dump_traceback_later(float(seconds), exit=True, file=file)
            failure = _failure(module, attribute)
            faulthandler.cancel_dump_traceback_later()
            report.write(f"{json.dumps({'ended': number, 'failure': failure})}\n")
            report.flush()
    os._exit(0)  # what was imported may have left threads that nobody stops


def _failure(module: str, attribute: str) -> str:
    """How it could not be had, in the exception's last lines; empty where it could."""
    try:
        found: object = import_module(module)
        for name in filter(None, attribute.split(".")):
            found = getattr(found, name)
    except BaseException as error:  # noqa: BLE001 - SystemExit, too: an import must not end anything
        lines = "".join(traceback.format_exception(error)).rstrip().splitlines()
        return "\n".join(lines[-LAST_LINES:])
    return ""


if __name__ == "__main__":
    given, sys.argv[1:] = sys.argv[1:], []  # which are nobody's that is imported
    main(*given)
