"""Uploading a plan: wave after wave, and nothing that requires what did not arrive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.errors import IndexUnavailable
from monorelease.model.publication import (
    AlreadyThere,
    Outcome,
    PlannedFile,
    PublishPlan,
    Receipt,
    Upload,
)
from monorelease.model.value import replace
from monorelease.model.workspace import Workspace
from monorelease.planning.held_back import ARRIVED, held_back
from monorelease.workflows.sending import HALTED, Sending, await_served, send


def upload(plan: PublishPlan, workspace: Workspace, means: Sending) -> tuple[Receipt, ...]:
    """Send every file that the index does not have; one receipt a planned file, in order.

    A wave begins once the index serves what it requires of the earlier ones. What fails holds
    back only what requires it; when the index says that it was too much, all the rest waits.
    """
    receipts: dict[str, Receipt] = {}
    stopped: dict[NormalizedName, str] = {}
    is_halted = False
    for number, wave in enumerate(plan.waves):
        if is_halted:
            break
        out = {*stopped, *held_back(plan, workspace, stopped)}
        answers = send(_uploads(plan, [name for name in wave if name not in out]), means)
        is_halted = answers.is_halted
        needed = frozenset[NormalizedName]()
        if not is_halted:
            needed = _required_by(workspace, plan.waves[number + 1 :])
        served, late = _await(answers.receipts, needed, means)
        receipts |= {receipt.artifact.filename: receipt for receipt in served}
        stopped |= {r.name: r.why for r in served if r.outcome not in ARRIVED} | late
    held = held_back(plan, workspace, stopped)
    return tuple(
        receipts.get(planned.artifact.filename) or _not_sent(planned, held, stopped)
        for planned in plan.files
    )


def _uploads(plan: PublishPlan, names: Collection[NormalizedName]) -> tuple[Upload, ...]:
    return tuple(each for each in plan.files if isinstance(each, Upload) and each.name in names)


def _required_by(
    workspace: Workspace, waves: Sequence[Sequence[NormalizedName]]
) -> frozenset[NormalizedName]:
    return frozenset(
        dependency.on
        for wave in waves
        for name in wave
        for dependency in workspace[name].dependencies
        if dependency.is_published
    )


def _await(
    receipts: Sequence[Receipt], needed: Collection[NormalizedName], means: Sending
) -> tuple[tuple[Receipt, ...], dict[NormalizedName, str]]:
    """Wait until the index serves what is `needed` next.

    Returns:
        The receipts, corrected where it serves something else than what it took; and the
        members that it does not serve in time, with what to say of it.
    """
    expected = {r.artifact.filename: r for r in receipts if r.name in needed}
    awaited = {name: r.name for name, r in expected.items() if r.outcome in ARRIVED}
    try:
        served = await_served(awaited, means.index, means.pace)
    except IndexUnavailable as error:
        words = f"the index cannot be asked for it: {error}"
        return tuple(receipts), dict.fromkeys(awaited.values(), words)
    words = f"not served within {means.index.target.patience} s"
    late = {name: words for filename, name in awaited.items() if filename not in served}
    return tuple(_compared(receipt, served) for receipt in receipts), late


def _compared(receipt: Receipt, served: Mapping[str, str | None]) -> Receipt:
    theirs = served.get(receipt.artifact.filename)
    if theirs is None or theirs == receipt.artifact.sha256:
        return receipt
    why = f"the index serves other bytes than it was sent: their sha256 is {theirs}"
    return replace(receipt, outcome=Outcome.FAILED, why=why)


def _not_sent(
    planned: PlannedFile,
    held: Mapping[NormalizedName, NormalizedName],
    stopped: Mapping[NormalizedName, str],
) -> Receipt:
    """A receipt for what was there before, or never had its turn."""
    is_there = isinstance(planned, AlreadyThere)
    why = HALTED
    if (cause := held.get(planned.name)) is not None:
        why = f"requires {cause}: {stopped[cause]}"
    return Receipt(
        name=planned.name,
        version=planned.version,
        artifact=planned.artifact,
        outcome=Outcome.ALREADY_THERE if is_there else Outcome.HELD_BACK,
        why="" if is_there else why,
    )
