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
            is_error = concerns_us and dependency.is_published
            current = workspace[dependency.on].version
            if current is None or not dependency.allows(current):
                yield _excludes(member, dependency, current or version, is_error=is_error)
            else:
                yield _leaves(member, dependency, version, is_error=is_error)


def _admits(dependency: Dependency, update: ConstraintUpdate | None, version: Version) -> bool:
    if update is None or dependency.constraint is None:
        return dependency.allows(version)
    return Constraint.parse(update.after, dependency.constraint.dialect).allows(version)


def _leaves(member: Member, dependency: Dependency, version: Version, *, is_error: bool) -> Finding:
    return _finding(
        "not-installable",
        f"{_requirement(member, dependency)}, and {dependency.on} would become {version}",
        f"widen the constraint here, or let {member.name} be released in the same wave",
        (member, dependency),
        is_error=is_error,
    )


def _excludes(
    member: Member, dependency: Dependency, current: Version, *, is_error: bool
) -> Finding:
    return _finding(
        "excludes-current",
        f"{_requirement(member, dependency)}, and {dependency.on} is at {current} in this "
        "very repository",
        "widen the constraint until it admits the version in this repository",
        (member, dependency),
        is_error=is_error,
    )


def _requirement(member: Member, dependency: Dependency) -> str:
    wanted = dependency.constraint.text.strip() if dependency.constraint else ""
    return f"{member.name} requires {dependency.on} {wanted}"


def _finding(
    code: str, problem: str, hint: str, place: tuple[Member, Dependency], *, is_error: bool
) -> Finding:
    member, dependency = place
    return Finding(
        code=code,
        problem=problem,
        hint=hint,
        severity=Severity.ERROR if is_error else Severity.WARNING,
        path=member.manifest,
        key=dependency.key,
    )
