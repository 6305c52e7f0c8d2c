"""What yanking versions comes to: in which order, for whom, and what installers get instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.config import Config
from monorelease.model.index import Project
from monorelease.model.plan import GroupKind
from monorelease.model.value import replace, value
from monorelease.model.withdrawal import Affected, Mending, Pin, Standing, Step, Withdrawal
from monorelease.model.workspace import Workspace
from monorelease.planning.checks import Inspection
from monorelease.planning.graph import dependents_of
from monorelease.planning.groups import resolve_groups
from monorelease.planning.listed import Listed, listed_versions, offered_versions, preferred_version
from monorelease.planning.stranding import find_affected
from monorelease.planning.waves import publication_order
from monorelease.planning.withdrawal_checks import check_withdrawal, unknown_version

_Offered = Mapping[NormalizedName, frozenset[Version]]


def concerned_members(
    names: Iterable[NormalizedName], workspace: Workspace, config: Config
) -> tuple[NormalizedName, ...]:
    """The members whom a yank of `names` may concern, of which an index has to be asked.

    Themselves, their fixed groups, who requires one of these, and so on: those that are
    published, in the workspace's order.
    """
    partners, dependents = _partners(workspace, config), dependents_of(workspace)
    concerned: set[NormalizedName] = set()
    open_ends = list(names)
    while open_ends:
        name = open_ends.pop()
        if name not in concerned:
            concerned.add(name)
            open_ends += partners.get(name, ())
            open_ends += (member.name for member, _ in dependents.get(name, ()))
    return tuple(m.name for m in workspace if m.name in concerned and not m.private)


def plan_withdrawal(
    wanted: Sequence[Pin],
    projects: Mapping[NormalizedName, Project],
    inspection: Inspection,
    *,
    is_taken_back: bool = False,
) -> Withdrawal:
    """What is to be done about the versions in `wanted`, and what follows from it.

    A version that the index does not have is an error among the findings, and no step.

    Args:
        wanted: versions of members that are published.
        projects: what the index has under the names of `concerned_members`.
        inspection: the tree, and what its fragments would release.
        is_taken_back: whether yanks are to be taken back instead of made.
    """
    listed = {name: listed_versions(project) for name, project in projects.items()}
    view = _View(inspection=inspection, listed=listed, is_taken_back=is_taken_back)
    asked = tuple(dict.fromkeys(wanted))
    known = tuple(pin for pin in asked if pin.version in view.of(pin.name))
    offered = view.offered_after(known)
    together = whole = known
    if not is_taken_back:
        together = view.closed(known, view.grown)
        whole = view.closed(known, lambda pins: view.grown(pins) | view.with_groups(pins))
    withdrawal = Withdrawal(
        steps=tuple(view.step(pin, offered[pin.name]) for pin in view.in_order(known)),
        affected=view.affected(known),
        together=together if len(together) > len(known) else (),
        whole=whole if len(whole) > len(together) else (),
        findings=tuple(
            unknown_version(pin, view.of(pin.name)) for pin in asked if pin not in known
        ),
        is_taken_back=is_taken_back,
    )
    return replace(withdrawal, findings=(*withdrawal.findings, *check_withdrawal(withdrawal)))


@value
class _View:
    """An index beside the tree, before anything is yanked there."""

    inspection: Inspection
    listed: Mapping[NormalizedName, Listed]
    is_taken_back: bool

    def of(self, name: NormalizedName) -> Listed:
        """What the index has of one member."""
        return self.listed.get(name, {})

    def offered_after(self, pins: Iterable[Pin]) -> _Offered:
        """What installers may choose from once `pins` are as they should be."""
        offered = {name: offered_versions(listed) for name, listed in self.listed.items()}
        for pin in pins:
            here = {pin.version}
            others = offered[pin.name] - here
            offered[pin.name] = others | here if self.is_taken_back else others
        return offered

    def in_order(self, pins: Iterable[Pin]) -> tuple[Pin, ...]:
        """The pins as they had better be yanked, or given back.

        Dependents go before dependencies, and of one member the older version first: nobody
        is moved to another bad one in between. Giving back is the other way round.
        """
        wanted = sorted(pins, key=lambda pin: pin.version, reverse=True)
        names = publication_order(self.inspection.workspace, {pin.name for pin in wanted})
        given = tuple(pin for name in names for pin in wanted if pin.name == name)
        return given if self.is_taken_back else given[::-1]

    def step(self, pin: Pin, offered: frozenset[Version]) -> Step:
        """What is to be done about one version, and what comes after it."""
        files = self.of(pin.name)[pin.version]
        yanked = tuple(file.filename for file in files if file.yanked is not None)
        fresh = tuple(file.filename for file in files if file.yanked is None)
        standing = Standing.IN_PART if fresh else Standing.YANKED
        instead = preferred_version(offered)
        mending, mended_by = self._mending(pin, instead)
        return Step(
            pin=pin,
            standing=standing if yanked else Standing.OFFERED,
            files=yanked if self.is_taken_back else fresh,
            instead=instead,
            mending=mending,
            mended_by=mended_by,
        )

    def affected(self, pins: Collection[Pin]) -> tuple[Affected, ...]:
        """Who is worse off; when yanks are taken back, who of these is not better off."""
        offered = self.offered_after(pins)
        workspace = self.inspection.workspace
        if not self.is_taken_back:
            return find_affected(workspace, offered, pins)
        yanked = (
            Pin(name=name, version=version)
            for name, listed in self.listed.items()
            for version in listed
            if version not in offered[name]
        )
        return tuple(each for each in find_affected(workspace, offered, yanked) if each.pin in pins)

    def grown(self, pins: frozenset[Pin]) -> frozenset[Pin]:
        """`pins`, and the members that yanking them affects."""
        return pins | {each.pin for each in self.affected(pins)}

    def with_groups(self, pins: frozenset[Pin]) -> frozenset[Pin]:
        """`pins`, and what else their fixed groups offer at the same versions."""
        partners = _partners(self.inspection.workspace, self.inspection.config)
        return pins | {
            Pin(name=other, version=pin.version)
            for pin in pins
            for other in partners.get(pin.name, ())
            if pin.version in offered_versions(self.of(other))
        }

    def closed(
        self, pins: Iterable[Pin], grow: Callable[[frozenset[Pin]], frozenset[Pin]]
    ) -> tuple[Pin, ...]:
        """`pins` and what `grow` adds to them, until it adds nothing more."""
        closed = frozenset(pins)
        while (more := grow(closed)) != closed:
            closed = more
        return self.in_order(closed)

    def _mending(self, pin: Pin, instead: Version | None) -> tuple[Mending, Version | None]:
        current = self.inspection.workspace[pin.name].version
        target = self.inspection.plan.targets.get(pin.name)
        if instead is not None and instead > pin.version:
            return Mending.OUT, instead
        if current is not None and current > pin.version and current not in self.of(pin.name):
            return Mending.RELEASED, current
        return (Mending.PENDING if target else Mending.MISSING), target


def _partners(
    workspace: Workspace, config: Config
) -> Mapping[NormalizedName, tuple[NormalizedName, ...]]:
    """The members of the fixed group of every member that is in one."""
    groups = resolve_groups(config, workspace.names)
    return {
        name: group.members
        for group in groups
        if group.kind is GroupKind.FIXED
        for name in group.members
    }
