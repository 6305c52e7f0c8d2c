"""What is done next to a process that has to end: ask, dump, terminate, kill."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

from agents_core.jobs.options import ProcessOptions


class Stage(enum.IntEnum):
    """How far it has come; never back, and none twice."""

    ASKED = 1
    """It was asked to end, and has not said that it does."""
    ANNOUNCED = 2
    """It said that it ends, and how long its steps may take."""
    DUMPING = 3
    """It overran: it is writing down where its threads are."""
    TERMINATING = 4
    """SIGTERM was sent."""
    KILLED = 5
    """SIGKILL was sent: the kernel does the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Where the ending of one process has come to."""

    stage: Stage
    until: float
    """By the monotonic clock, when the next stage is due."""


def ask(now: float, options: ProcessOptions) -> Escalation:
    """Begin with the request."""
    return Escalation(stage=Stage.ASKED, until=now + options.deadlines.acknowledge)


def announce(
    escalation: Escalation | None, now: float, longest: float, options: ProcessOptions
) -> Escalation:
    """The process says that it ends, asked or by itself, and claims `longest` seconds for it.

    Believed once, before anything stronger has begun, and up to the deadlines that the process
    was given: a broken process cannot buy itself time.
    """
    if escalation is not None and escalation.stage is not Stage.ASKED:
        return escalation
    total = options.deadlines.total
    believed = longest if 0 <= longest <= total else total
    return Escalation(stage=Stage.ANNOUNCED, until=now + believed + options.shutdown_margin)


def advance(escalation: Escalation, now: float, options: ProcessOptions) -> Escalation:
    """The next stage if it is due at `now`, else the same."""
    if now < escalation.until:
        return escalation
    match escalation.stage:
        case Stage.ASKED | Stage.ANNOUNCED:
            return Escalation(stage=Stage.DUMPING, until=now + options.dump_timeout)
        case Stage.DUMPING:
            return Escalation(stage=Stage.TERMINATING, until=now + options.deadlines.terminate)
        case Stage.TERMINATING | Stage.KILLED:
            return Escalation(stage=Stage.KILLED, until=math.inf)
