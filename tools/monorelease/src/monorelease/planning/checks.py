"""What must hold before a release: named checks, all run, everything found shown at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.model.bump import Bump
from monorelease.model.channel import Snapshot
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity, TomlKey
from monorelease.model.fragment import Fragment
from monorelease.model.guess import suggestion
from monorelease.model.plan import ReleasePlan
from monorelease.model.value import value
from monorelease.model.words import some_of
from monorelease.model.workspace import DependencyKind, VersionFromTags, Workspace
from monorelease.planning.graph import Circle, find_circles
from monorelease.planning.groups import matching
from monorelease.planning.installable import check_installable

ROOT_MANIFEST = PurePosixPath("pyproject.toml")
_TABLE: TomlKey = ("tool", "monorelease")


@value
class Inspection:
    """All that the checks look at."""

    workspace: Workspace
    fragments: Sequence[Fragment]
    config: Config
    plan: ReleasePlan


Check = Callable[[Inspection], Iterator[Finding]]


def check_release(inspection: Inspection) -> tuple[Finding, ...]:
    """Everything found by every check, in the order of the checks."""
    return tuple(finding for check in CHECKS for finding in check(inspection))


def check_names(inspection: Inspection) -> Iterator[Finding]:
    """A fragment names members of this workspace, and none that is ignored."""
    workspace = inspection.workspace
    ignored = frozenset(matching(inspection.config.ignore, workspace.names))
    for fragment in inspection.fragments:
        for entry in fragment.entries:
            if entry.name not in workspace:
                yield Finding(
                    code="unknown-member",
                    problem=f"{entry.name!r} is not a member of this workspace",
                    hint=_did_you_mean(entry.name, workspace.names),
                    path=fragment.path,
                    line=entry.line,
                )
            elif entry.name in ignored and entry.bump > Bump.NONE:
                yield Finding(
                    code="ignored-member",
                    problem=f"{entry.name!r} is ignored: nothing would come of this entry",
                    hint="take the entry out, or take the member out of `ignore`",
                    path=fragment.path,
                    line=entry.line,
                )


def check_groups(inspection: Inspection) -> Iterator[Finding]:
    """A member belongs to one group at most, and every pattern means somebody."""
    names = inspection.workspace.names
    claimed: dict[NormalizedName, str] = {}
    config = inspection.config
    for kind, groups in (("fixed", config.fixed), ("linked", config.linked)):
        for place, patterns in enumerate(groups):
            for name in matching(patterns, names):
                if name in claimed:
                    yield Finding(
                        code="group-overlap",
                        problem=f"{name!r} is in two groups: {claimed[name]} and {kind}",
                        hint="groups are disjoint: take the member out of one of them",
                        path=ROOT_MANIFEST,
                        key=(*_TABLE, kind, place),
                    )
                claimed[name] = kind
            yield from _unmatched(patterns, names, (*_TABLE, kind, place))


def check_ignored(inspection: Inspection) -> Iterator[Finding]:
    """Every pattern in `ignore` means somebody."""
    patterns, names = inspection.config.ignore, inspection.workspace.names
    yield from _unmatched(patterns, names, (*_TABLE, "ignore"))


def check_version_files(inspection: Inspection) -> Iterator[Finding]:
    """Copies of versions are kept for members."""
    names = inspection.workspace.names
    for name in inspection.config.version_files:
        if name not in inspection.workspace:
            yield Finding(
                code="unknown-member",
                problem=f"version-files names {name!r}, which is not a member",
                hint=_did_you_mean(name, names),
                path=ROOT_MANIFEST,
                key=(*_TABLE, "version-files", name),
            )


def check_circles(inspection: Inspection) -> Iterator[Finding]:
    """Members can be built, and installed, one after the other.

    What is needed to build a member must be installed first, with all that it requires. Circles
    through extras are fine: nobody needs an extra to install what it names.
    """
    kinds = (DependencyKind.BUILD, DependencyKind.RUNTIME)
    for circle in find_circles(inspection.workspace, kinds):
        yield _circle(circle, inspection.workspace)


def check_private(inspection: Inspection) -> Iterator[Finding]:
    """What is published requires nothing that is not."""
    workspace = inspection.workspace
    for member in workspace:
        for dependency in member.dependencies:
            is_met = dependency.is_published and not member.private
            if is_met and workspace[dependency.on].private:
                yield Finding(
                    code="requires-private",
                    problem=f"{member.name} requires {dependency.on}, which is private: "
                    "nobody outside could install it",
                    hint=f"move the requirement from {dependency.table} into a dependency "
                    f"group, or publish {dependency.on}",
                    severity=Severity.WARNING,
                    path=member.manifest,
                    key=dependency.key,
                )


def check_snapshots(inspection: Inspection) -> Iterator[Finding]:
    """A snapshot is in the files: a member whose version is its tag cannot have one."""
    if not isinstance(inspection.plan.channel, Snapshot):
        return
    for release in inspection.plan.releases:
        member = inspection.workspace[release.name]
        if isinstance(member.version_source, VersionFromTags):
            yield Finding(
                code="snapshot-of-tags",
                problem=f"{member.name} takes its version from tags: no build would make "
                f"{release.target}",
                hint=f"leave it out with --except {member.name}",
                path=member.manifest,
            )


def check_constraints(inspection: Inspection) -> Iterator[Finding]:
    """What is released can be installed together."""
    return check_installable(inspection.workspace, inspection.plan)


def check_touched(
    touched: Mapping[NormalizedName, PurePosixPath],
    fragments: Sequence[Fragment],
    workspace: Workspace,
    config: Config,
) -> Iterator[Finding]:
    """Every member that a change touches is named by one of its fragments.

    An empty fragment says for all members that no release is needed. `touched` holds, for
    each touched member, one file that was changed; `fragments` those of this change alone.
    """
    if any(not fragment.entries for fragment in fragments):
        return
    named = {entry.name for fragment in fragments for entry in fragment.entries}
    ignored = frozenset(matching(config.ignore, workspace.names))
    for name, path in touched.items():
        if name not in named and name not in ignored:
            yield Finding(
                code="missing-fragment",
                problem=f"{name} was changed, and no fragment of this change names it",
                hint=f"say what the change means for its users: monorelease add --patch {name} "
                f"(or --none {name} where no release is needed)",
                path=path,
            )


def check_tracked(ignored: Collection[PurePosixPath]) -> Iterator[Finding]:
    """Git takes every changelog into the release commit."""
    for path in sorted(ignored):
        yield Finding(
            code="changelog-ignored",
            problem="git ignores this changelog: the notes would be lost",
            hint=f"take it out of .gitignore (a line `!{path.name}` does)",
            path=path,
        )


CHECKS: tuple[Check, ...] = (
    check_names,
    check_groups,
    check_ignored,
    check_version_files,
    check_circles,
    check_private,
    check_snapshots,
    check_constraints,
)


def _unmatched(
    patterns: Sequence[str], names: Sequence[NormalizedName], key: TomlKey
) -> Iterator[Finding]:
    for pattern in patterns:
        if not matching([pattern.removeprefix("!")], names):
            yield Finding(
                code="pattern-matches-nothing",
                problem=f"{pattern!r} matches no member",
                hint=_did_you_mean(pattern, names),
                severity=Severity.WARNING,
                path=ROOT_MANIFEST,
                key=key,
            )


def _circle(circle: Circle, workspace: Workspace) -> Finding:
    is_build = circle.dependency.kind is DependencyKind.BUILD
    first = circle.names[0]
    way = " → ".join((*circle.names, first))
    return Finding(
        code="build-cycle" if is_build else "dependency-cycle",
        problem=f"these {'cannot be built before' if is_build else 'require'} one another: {way}",
        hint="break the circle at one of these requirements"
        + ("" if is_build else ", or make it an extra"),
        severity=Severity.ERROR if is_build else Severity.WARNING,
        path=workspace[first].manifest,
        key=circle.dependency.key,
    )


def _did_you_mean(word: str, names: Sequence[NormalizedName]) -> str:
    return suggestion(word, names, otherwise=f"members are {some_of(names)}")
