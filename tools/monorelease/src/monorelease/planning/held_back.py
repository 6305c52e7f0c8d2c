"""What an upload that failed means for the others: who waits, and who may be tagged."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.publication import (
    AlreadyThere,
    Outcome,
    PlannedTag,
    PublishPlan,
    Receipt,
    Upload,
)
from monorelease.model.workspace import Workspace
from monorelease.planning.waves import TO_OFFER, needs_among

ARRIVED = frozenset({Outcome.UPLOADED, Outcome.ALREADY_THERE})
"""How a file may end that people can install afterwards."""


def held_back(
    plan: PublishPlan, workspace: Workspace, stopped: Collection[NormalizedName]
) -> Mapping[NormalizedName, NormalizedName]:
    """Members with something to upload that must wait, each with the nearest of `stopped`.

    Whoever requires what does not arrive waits, and so does who requires that one; the members
    of a circle wait together. A requirement on a later wave, as extras may have one, is no
    reason: its owner was published before.
    """
    wave_of = {name: number for number, wave in enumerate(plan.waves) for name in wave}
    required_by: dict[NormalizedName, list[NormalizedName]] = {name: [] for name in wave_of}
    for name, needed in needs_among(workspace, tuple(wave_of), TO_OFFER).items():
        for on in needed:
            if wave_of[on] <= wave_of[name]:
                required_by[on].append(name)
    causes = {name: name for name in wave_of if name in stopped}
    ahead = deque(causes)
    while ahead:
        on = ahead.popleft()
        for name in required_by[on]:
            if name not in causes:
                causes[name] = causes[on]
                ahead.append(name)
    waiting = {file.name for file in plan.files if isinstance(file, Upload)}.difference(stopped)
    return {name: causes[name] for name in wave_of if name in causes and name in waiting}


def releasable_tags(plan: PublishPlan, receipts: Sequence[Receipt]) -> tuple[PlannedTag, ...]:
    """The tags that may be made and pushed now: those of members that are on the index whole.

    Those that come first are left out: they were made before.
    """
    arrived = {r.artifact.filename for r in receipts if r.outcome in ARRIVED}
    missing = {
        file.name
        for file in plan.files
        if not isinstance(file, AlreadyThere) and file.artifact.filename not in arrived
    }
    unbuilt = {name for wave in plan.waves for name in wave}.difference(f.name for f in plan.files)
    return tuple(
        tag
        for tag in plan.tags
        if (tag.make or tag.push) and not tag.first and tag.member not in missing | unbuilt
    )
