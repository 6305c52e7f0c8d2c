"""Imports what a release offers, inside the fresh environment that it was installed into.

It is run by its path, with nothing but the standard library around it. Its arguments: a file of
tasks (JSON: ``[[module, attribute], …]``), the file to which it adds a line of JSON at the end of
each, a file for where it crashes or hangs, and the seconds that each may take.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import sys
import traceback
from pathlib import Path

LAST_LINES = 8


def main(tasks: str, reports: str, trace: str, seconds: str) -> None:
    """Do every task, whatever the others come to."""
    with Path(reports).open("w", encoding="utf-8") as report, Path(trace).open("w") as file:
        faulthandler.enable(file)
        for number, (module, attribute) in enumerate(json.loads(Path(tasks).read_text("utf-8"))):
            # No thread of Python's own: what hangs may never let one run.
            faulthandler.dump_traceback_later(float(seconds), exit=True, file=file)
            failure, is_missing = failure_of(module, attribute)
            faulthandler.cancel_dump_traceback_later()
            end = {"ended": number, "failure": failure, "is_missing": is_missing}
            report.write(f"{json.dumps(end)}\n")
            report.flush()
    os._exit(0)  # what was imported may have left threads that nobody stops


def failure_of(module: str, attribute: str) -> tuple[str, bool]:
    """How it could not be had, in the exception's last lines; empty where it could.

    And whether that is for want of a module that is not one of its own.
    """
    try:
        found: object = importlib.import_module(module)
        for name in filter(None, attribute.split(".")):
            found = getattr(found, name)
    except BaseException as error:  # noqa: BLE001 - SystemExit, too: an import must not end anything
        return _last_lines(error), _is_for_want(error, module.partition(".")[0])
    return "", False


def _last_lines(error: BaseException) -> str:
    """Without the frames that led from here to the module: they are the same for all."""
    told = traceback.TracebackException.from_exception(error)
    way = (__file__, importlib.__file__)
    frames = [f for f in told.stack if f.filename not in way and not f.filename.startswith("<froz")]
    told.stack = traceback.StackSummary.from_list(frames)
    return "\n".join("".join(told.format()).rstrip().splitlines()[-LAST_LINES:])


def _is_for_want(error: BaseException, own: str) -> bool:
    """Whether it began with a module that is not there, and is not below `own`."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    name = error.name or "" if isinstance(error, ModuleNotFoundError) else ""
    return bool(name) and name.partition(".")[0] != own


if __name__ == "__main__":
    given, sys.argv[1:] = sys.argv[1:], []  # which are nobody's that is imported
    main(*given)
