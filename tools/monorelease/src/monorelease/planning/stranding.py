"""Who is left with nothing to install, or with nothing better, once versions are yanked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.constraint import Constraint
from monorelease.model.value import value
from monorelease.model.withdrawal import Affected, Effect, Pin
from monorelease.model.workspace import Dependency, DependencyKind, Workspace

Versions = Mapping[NormalizedName, Collection[Version]]


def find_affected(
    workspace: Workspace, offered: Versions, yanked: Iterable[Pin]
) -> tuple[Affected, ...]:
    """The released members that are worse off, one entry a requirement, in order.

    A member counts at the version that the tree has, if it is offered: what older versions
    require is not known here. Who needs at run time what cannot be installed cannot be
    installed either, and so on.

    Args:
        workspace: all members, with their requirements on one another.
        offered: by name, what installers may choose; nothing of `yanked` among it.
        yanked: what installers pass over.
    """
    stock = _Stock(offered, yanked)
    open_ends = tuple(_requirements(workspace, offered))
    found: dict[_Requirement, Effect] = {}
    while news := {
        end: effect
        for end in open_ends
        if end not in found and (effect := stock.effect_on(end)) is not None
    }:
        found |= news
        for end, effect in news.items():
            if effect is Effect.STRANDED and end.dependency.kind is DependencyKind.RUNTIME:
                stock.drop(end.pin)
    return tuple(_affected(end, found[end]) for end in open_ends if end in found)


@value
class _Requirement:
    """What one released version asks for."""

    pin: Pin
    dependency: Dependency
    constraint: Constraint


class _Stock:
    """What installers find, by name, while one member after the other drops out."""

    def __init__(self, offered: Versions, yanked: Iterable[Pin]) -> None:
        self._usable = {name: set(versions) for name, versions in offered.items()}
        self._yanked = frozenset(yanked)
        self._gone: dict[NormalizedName, set[Version]] = {}
        for pin in self._yanked:
            self._gone.setdefault(pin.name, set()).add(pin.version)

    def drop(self, pin: Pin) -> None:
        """Take one version out, for it cannot be installed."""
        self._usable[pin.name].discard(pin.version)
        self._gone.setdefault(pin.name, set()).add(pin.version)

    def effect_on(self, requirement: _Requirement) -> Effect | None:
        """None where something usable satisfies it, or nothing that is gone ever did."""
        on, constraint = requirement.dependency.on, requirement.constraint
        lost = [version for version in self._gone.get(on, ()) if constraint.allows(version)]
        if not lost or _is_satisfied(constraint, self._usable.get(on, ())):
            return None
        is_followed = any(Pin(name=on, version=version) in self._yanked for version in lost)
        return Effect.STILL_PULLS if is_followed and _is_pin(constraint) else Effect.STRANDED


def _requirements(workspace: Workspace, offered: Versions) -> Iterator[_Requirement]:
    for member in workspace:
        version = member.version
        if member.private or version is None or version not in offered.get(member.name, ()):
            continue
        pin = Pin(name=member.name, version=version)
        for dependency in member.dependencies:
            if dependency.is_published and dependency.constraint is not None:
                yield _Requirement(pin=pin, dependency=dependency, constraint=dependency.constraint)


def _is_satisfied(constraint: Constraint, usable: Collection[Version]) -> bool:
    """Whether every installer finds something.

    uv takes a pre-release only where the constraint names one, or where there is nothing
    else; what pip takes beyond that is not counted on.
    """
    names_one = any(s.prereleases for alternative in constraint.alternatives for s in alternative)
    finals = [version for version in usable if not version.is_prerelease]
    return any(map(constraint.allows, usable if names_one or not finals else finals))


def _is_pin(constraint: Constraint) -> bool:
    """Whether it says one version and no other, as PEP 592 has it: ``==`` or ``===``."""
    return any(
        specifier.operator == "===" or (specifier.operator == "==" and "*" not in specifier.version)
        for alternative in constraint.alternatives
        for specifier in alternative
    )


def _affected(requirement: _Requirement, effect: Effect) -> Affected:
    return Affected(
        pin=requirement.pin,
        on=requirement.dependency.on,
        constraint=requirement.constraint.text.strip(),
        table=requirement.dependency.table,
        effect=effect,
    )
