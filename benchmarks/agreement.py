"""Fairness: the same plan before anything is timed, and the same work done afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.contestants.port import Contestant, Layout, Plan
from benchmarks.generator import Member, Repository
from benchmarks.measure import run


class Disagreement(Exception):
    """Two tools would not do the same work, so their times must not be compared."""


def ask_plan(contestant: Contestant, root: Path) -> Plan:
    """What the tool's `status` answers about the repository at `root`."""
    output = run(contestant.status_command(root), root).output
    file = contestant.plan_file(root)
    return contestant.read_plan(file.read_text("utf-8") if file else output)


def check_plans(plans: Mapping[str, Plan]) -> None:
    """Refuse plans, one a tool, that are not all the same.

    Raises:
        Disagreement: naming the first members on which two tools differ.
    """
    (first, expected), *others = plans.items()
    for other, plan in others:
        moves = sorted(set(expected.items()) ^ set(plan.items()))
        if moves:
            raise Disagreement(f"{first} and {other} plan differently: {moves[:6]}")


def check_release(
    contestant: Contestant, root: Path, layout: Layout, repository: Repository, plan: Plan
) -> None:
    """Refuse a released tree at `root` that is not what `plan` says.

    All tools must have done the same work: moved exactly the planned versions, raised the ranges
    between released members, headed a changelog section for each, and consumed every fragment.

    Raises:
        Disagreement: naming the first members with which something is wrong.
    """
    left = [path for path in layout.fragments if (root / path).exists()]
    wrong = [
        member.name
        for member in repository.members
        if not _is_released(contestant, root / "packages" / member.name, member, plan)
    ]
    if left or wrong:
        raise Disagreement(f"{contestant.name} left {left[:3]}, and wrote otherwise: {wrong[:6]}")


def _is_released(contestant: Contestant, folder: Path, member: Member, plan: Plan) -> bool:
    manifest = contestant.read_manifest(folder)
    move = plan.get(member.name)
    if move is None:
        return manifest.version == member.version
    raised = {r.on: plan[r.on].to for r in member.requires if r.on in plan}
    heading = f"\n## {move.to}"
    return (
        manifest.version == move.to
        and raised.items() <= manifest.lower_bounds.items()
        and heading in (folder / "CHANGELOG.md").read_text("utf-8")
    )
