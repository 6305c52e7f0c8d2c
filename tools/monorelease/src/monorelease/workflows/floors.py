"""Hold what members import from one another against what their constraints let in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.formats.imported_names import read_uses
from monorelease.model.constraint import Constraint
from monorelease.model.finding import Finding, Severity
from monorelease.model.module_facts import Use
from monorelease.model.source import Source, Sources
from monorelease.model.value import value
from monorelease.model.words import some_of
from monorelease.model.workspace import Dependency, DependencyKind, Member
from monorelease.planning.floors import Site, Supply, check_floor, check_unborn
from monorelease.planning.known_names import belongs_to
from monorelease.workflows.members import ROOT_MANIFEST
from monorelease.workflows.name_supply import NameSupply
from monorelease.workflows.outlook import Outlook

_INSTALLED = (DependencyKind.RUNTIME, DependencyKind.EXTRA)
"""Requirements that are met when a member is imported; extras only where nothing else is."""


def check_floors(outlook: Outlook, repository: Repository | None) -> tuple[Finding, ...]:
    """Whether each member finds the names it imports in every version that it lets in.

    Nothing is imported or run: names are read in the sources, here and at the tags of the
    dependencies' releases that lead to HEAD. What cannot be told is not told.

    Raises:
        UsageProblem: there is no git.
        GitFailed: git refuses.
    """
    if repository is None:
        raise UsageProblem("--floors needs git, and this is no git repository", hint="leave it out")
    if not repository.head:
        return ()
    supply = NameSupply(outlook.snapshot, repository)
    findings = [f for edge in _edges(outlook) for f in _Look(outlook, supply, edge).findings()]
    required = dict.fromkeys(edge.on.name for edge in _edges(outlook))
    workspace = outlook.snapshot.workspace
    untold = [name for name in required if not supply.releases(workspace[name])]
    return (*findings, *_not_checked(untold, is_shallow=repository.is_shallow))


@value
class _Edge:
    """One member that requires another, and the requirements that install the other."""

    member: Member
    on: Member
    requirements: Sequence[Dependency]


def _edges(outlook: Outlook) -> Iterator[_Edge]:
    workspace = outlook.snapshot.workspace
    for member in workspace:
        by_name: dict[NormalizedName, tuple[Dependency, ...]] = {}
        for kind in _INSTALLED:
            found = [d for d in member.dependencies if d.kind is kind]
            for name in dict.fromkeys(d.on for d in found):
                by_name.setdefault(name, tuple(d for d in found if d.on == name))
        for name, requirements in by_name.items():
            yield _Edge(member=member, on=workspace[name], requirements=requirements)


class _Look:
    """One look along an edge."""

    def __init__(self, outlook: Outlook, supply: NameSupply, edge: _Edge) -> None:
        self._plan = outlook.plan
        self._supply = supply
        self._edge = edge

    def findings(self) -> Iterator[Finding]:
        edge, supply = self._edge, self._supply
        uses = [*_uses(supply.now(edge.member), supply.now(edge.on))]
        for source, use, is_star in uses:
            if is_star:
                yield _star(edge, source, use)
        needs: dict[str, Site] = {}
        for source, use, _ in uses:
            needs.setdefault(use.name, Site(path=source.path, line=use.line))
        unborn = supply.missing_now(edge.on, needs)
        written = supply.written(edge.on, unborn)
        born = [name for name in needs if name not in unborn]
        for dependency in edge.requirements:
            constraint = self._constraint(dependency)
            if constraint is not None:
                offer = Supply(
                    needs=needs,
                    released=[release.version for release in supply.releases(edge.on)],
                    coming=self._coming,
                    unborn=written if self._is_beside(constraint) else (),
                    lacking=supply.missing_in(edge.on, born),
                )
                yield from check_unborn(edge.member, dependency, offer)
                yield from check_floor(edge.member, dependency, constraint, offer)

    @property
    def _coming(self) -> Version | None:
        """What is about to be released, or was and has no tag yet."""
        on = self._edge.on
        planned = self._plan.targets.get(on.name)
        newest = next((release.version for release in self._supply.releases(on)), None)
        is_untagged = on.version is not None and newest is not None and on.version > newest
        return planned or (on.version if is_untagged else None)

    def _is_beside(self, constraint: Constraint) -> bool:
        """Whether the dependency in the work tree is one that the constraint lets in."""
        present = self._coming or self._edge.on.version
        return present is not None and constraint.allows(present)

    def _constraint(self, dependency: Dependency) -> Constraint | None:
        """As it will read after the pending release."""
        updates = (*(u for r in self._plan.releases for u in r.constraints), *self._plan.followers)
        for update in updates:
            is_this = update.dependency.key == dependency.key
            if is_this and update.member == self._edge.member.name and dependency.constraint:
                return Constraint.parse(update.after, dependency.constraint.dialect)
        return dependency.constraint


def _uses(own: Sources, theirs: Sources) -> Iterator[tuple[Source, Use, bool]]:
    """What the modules need of theirs, and whether everything is imported from there.

    Tests that are packed need what they like.
    """
    for source in (each for each in own.values() if not each.is_test):
        uses = read_uses(source)
        for use in (*uses.names, *uses.stars):
            if belongs_to(use.name, theirs) and not belongs_to(use.name, own):
                yield source, use, use in uses.stars


def _star(edge: _Edge, source: Source, use: Use) -> Finding:
    return Finding(
        code="star-import",
        problem=f"{edge.member.name} imports everything from {use.name}: which names of "
        f"{edge.on.name} it needs cannot be told",
        hint="import the names that are used",
        severity=Severity.WARNING,
        path=source.path,
        line=use.line,
    )


def _not_checked(names: Sequence[NormalizedName], *, is_shallow: bool) -> Iterator[Finding]:
    if names:
        hint = "floors are looked at from the first release on"
        if is_shallow:
            hint = "this clone is shallow: git fetch --unshallow --tags (in a workflow: "
            hint += "fetch-depth: 0)"
        yield Finding(
            code="floors-not-checked",
            problem=f"no tag of a release to read names from: {some_of(names)}",
            hint=hint,
            severity=Severity.WARNING,
            path=ROOT_MANIFEST,
        )
