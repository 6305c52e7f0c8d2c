"""Take a bad release from an index: look first, then do it where that can be done from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monorelease.adapters.directory_index import DirectoryIndex
from monorelease.model.withdrawal import Pin, Withdrawal
from monorelease.planning.checks import Inspection
from monorelease.planning.withdrawal import concerned_members, plan_withdrawal
from monorelease.workflows.ports import Index


def look(
    wanted: Sequence[Pin], index: Index, inspection: Inspection, *, is_taken_back: bool
) -> Withdrawal:
    """How these versions stand on the index now, and what yanking them comes to.

    Raises:
        IndexUnavailable: the index cannot be asked.
    """
    names = [pin.name for pin in wanted]
    concerned = concerned_members(names, inspection.workspace, inspection.config)
    projects = index.projects(concerned)
    return plan_withdrawal(wanted, projects, inspection, is_taken_back=is_taken_back)


def carry_out(
    withdrawal: Withdrawal, index: DirectoryIndex, reason: str
) -> Mapping[Pin, Sequence[str]]:
    """Do every step that is left, in order; the files that were changed.

    PyPI, and what is like it, has no API for this: there a person has to.
    """
    done = {}
    for step in withdrawal.left:
        name, version = step.pin.name, step.pin.version
        done[step.pin] = (
            index.unyank(name, version)
            if withdrawal.is_taken_back
            else index.yank(name, version, reason)
        )
    return done
