"""Job processes for real-time voice agents that always end, and leave nothing behind."""

from __future__ import annotations

from agents_core.jobs.deadlines import Deadlines
from agents_core.jobs.shutdown import Shutdown
from agents_core.jobs.steps import Done, Failed, Outcome, Skipped, StepReport, TimedOut

__all__ = [
    "Deadlines",
    "Done",
    "Failed",
    "Outcome",
    "Shutdown",
    "Skipped",
    "StepReport",
    "TimedOut",
]
