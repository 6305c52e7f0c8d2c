"""Whether the planned versions can be installed together.

Nobody else asks this before a release: ``uv lock --check`` does not, for a workspace source
hides the constraint that users meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packaging.utils import NormalizedName
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
            if version is None:
                continue
            if _admits(dependency, update, version):
                if version.is_prerelease and _would_need_it(member, dependency, update, targets):
                    yield _needs_prerelease(member, dependency, version)
                continue
            concerns_us = member.name in targets or dependency.on in targets
            is_error = concerns_us and dependency.is_published
            current = workspace[dependency.on].version
            if current is None or not dependency.allows(current):
                yield _excludes(member, dependency, current or version, is_error=is_error)
            else:
                hint = _way_out(member, is_released=member.name in targets)
                problem = f"{dependency.on} would become {version}"
                yield _leaves(member, dependency, problem, hint, is_error=is_error)


def _admits(dependency: Dependency, update: ConstraintUpdate | None, version: Version) -> bool:
    constraint = _constraint(dependency, update)
    return constraint is None or constraint.allows(version)


def _would_need_it(
    member: Member,
    dependency: Dependency,
    update: ConstraintUpdate | None,
    targets: Mapping[NormalizedName, Version],
) -> bool:
    """Whether a final release would ask for no less than a pre-release of its dependency."""
    target = targets.get(member.name)
    constraint = _constraint(dependency, update)
    return (
        target is not None
        and not target.is_prerelease
        and dependency.is_published
        and constraint is not None
        and any(s.prereleases for alternative in constraint.alternatives for s in alternative)
    )


def _constraint(dependency: Dependency, update: ConstraintUpdate | None) -> Constraint | None:
    if update is None or dependency.constraint is None:
        return dependency.constraint
    return Constraint.parse(update.after, dependency.constraint.dialect)


def _needs_prerelease(member: Member, dependency: Dependency, version: Version) -> Finding:
    return _finding(
        "requires-prerelease",
        f"{_requirement(member, dependency)}, and there is nothing but {version}: the final "
        f"release of {member.name} could not be installed",
        f"release {dependency.on} in the same wave, or lower the bound to a final version",
        (member, dependency),
        is_error=True,
    )


def _way_out(member: Member, *, is_released: bool) -> str:
    if is_released:
        return "widen the constraint here: it is none that can be rewritten"
    return f"widen the constraint here, or let {member.name} be released in the same wave"


def _leaves(
    member: Member, dependency: Dependency, problem: str, hint: str, *, is_error: bool
) -> Finding:
    return _finding(
        "not-installable",
        f"{_requirement(member, dependency)}, and {problem}",
        hint,
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
