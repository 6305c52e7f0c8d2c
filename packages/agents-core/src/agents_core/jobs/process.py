"""The process that a job runs in, as its code sees it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class JobProcess:
    """Given to prewarm, and to the job as `JobContext.proc`."""

    pid: int = field(default_factory=os.getpid)
    userdata: dict[str, Any] = field(default_factory=dict)
    """What prewarm prepared for the job: models that take long to load, and the like."""
