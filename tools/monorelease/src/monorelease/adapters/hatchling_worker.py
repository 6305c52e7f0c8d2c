"""Hatchling as a program: it builds many members in one process, and reports on each.

``python -m monorelease.adapters.hatchling_worker REQUEST REPORT``: both are files, because
whatever hatchling prints may stand on the streams. The request is a JSON list of tables with
``folder``, ``out`` and ``targets``; the report has one JSON line for each, in their order: null,
or why it does not build.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from monorelease.adapters.commands import LAST_LINES


def serve(request: Path, report: Path) -> None:
    """Build what the request asks for; one that fails does not keep others from being built."""
    with report.open("w", encoding="utf-8") as lines:
        for job in json.loads(request.read_text("utf-8")):
            lines.write(json.dumps(_build(job)) + "\n")
            lines.flush()


def _build(job: Mapping[str, Any]) -> str | None:
    try:
        _call_hatchling(job["folder"], job["out"], job["targets"])
    except (OSError, TypeError, ValueError) as error:  # how it says what is wrong with a member
        return "".join(traceback.format_exception_only(error)).rstrip()
    except (Exception, SystemExit):  # noqa: BLE001 - whatever is wrong with a member is reported
        return "\n".join(traceback.format_exc().splitlines()[-LAST_LINES:])
    return None


def _call_hatchling(folder: str, out: str, targets: Sequence[str]) -> None:
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    builders = {"sdist": SdistBuilder, "wheel": WheelBuilder}
    for target in targets:
        for _ in builders[target](folder).build(directory=out, versions=["standard"]):
            pass  # it is built while it is asked for


if __name__ == "__main__":
    serve(*map(Path, sys.argv[1:]))
