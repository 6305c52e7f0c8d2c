"""What a worker and its job processes tell the one who measures, a line of JSON each."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def mark(what: str, **facts: object) -> None:
    """Note `what`, with the monotonic clock that all processes of a machine share."""
    line = json.dumps({"mark": what, "at": time.monotonic(), "pid": os.getpid(), **facts})
    with Path(sys.argv[1]).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
