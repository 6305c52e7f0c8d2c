"""Whether the planned versions can be installed together.

Nobody else asks this before a release: ``uv lock --check`` does not, for a workspace source
hides the constraint that users meet.
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from monorelease.model.constraint import Constraint
from monorelease.model.finding import Finding, Severity
from monorelease.model.plan import ConstraintUpdate, ReleasePlan
from monorelease.model.workspace import Dependency, Member, Workspace


def check_installable(workspace: Workspace, plan: ReleasePlan) -> Iterator[Finding]:
    """Every constraint between members, as it will read, against the planned versions.

    A constraint that no release of this plan concerns is only warned of.
    """
    targets = plan.targets
    updates = {
        (update.member, update.dependency.key): update
        for update in (*(u for r in plan.releases for u in r.constraints), *plan.followers)
    }
    for member in workspace:
        for dependency in member.dependencies:
            version = targets.get(dependency.on, workspace[dependency.on].version)
            update = updates.get((member.name, dependency.key))
            if version is None or _admits(dependency, update, version):
                continue
            concerns_us = member.name in targets or dependency.on in targets
            yield _finding(
                member,
                dependency,
                version,
                was_met=_met_before(dependency, workspace),
                is_error=concerns_us and dependency.is_published,
            )


def _admits(dependency: Dependency, update: ConstraintUpdate | None, version: Version) -> bool:
    if update is None or dependency.constraint is None:
        return dependency.allows(version)
    return Constraint.parse(update.after, dependency.constraint.dialect).allows(version)


def _met_before(dependency: Dependency, workspace: Workspace) -> bool:
    current = workspace[dependency.on].version
    return current is not None and dependency.allows(current)


def _finding(
    member: Member, dependency: Dependency, version: Version, *, was_met: bool, is_error: bool
) -> Finding:
    wanted = dependency.constraint.text.strip() if dependency.constraint else ""
    requirement = f"{member.name} requires {dependency.on} {wanted}"
    if was_met:
        code = "not-installable"
        problem = f"{requirement}, and {dependency.on} would become {version}"
        hint = f"widen the constraint here, or let {member.name} be released in the same wave"
    else:
        code = "excludes-current"
        problem = f"{requirement}, and {dependency.on} is at {version} in this very repository"
        hint = "widen the constraint until it admits the version in this repository"
    return Finding(
        code=code,
        problem=problem,
        hint=hint,
        severity=Severity.ERROR if is_error else Severity.WARNING,
        path=member.manifest,
        key=dependency.key,
    )
