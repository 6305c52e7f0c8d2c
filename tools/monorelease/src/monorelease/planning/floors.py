"""Whether the lowest version that a constraint allows has every name that is imported from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import PurePosixPath

from packaging.version import Version

from monorelease.model.constraint import Constraint, Dialect
from monorelease.model.finding import Finding
from monorelease.model.value import value
from monorelease.model.words import counted
from monorelease.model.workspace import Dependency, Member
from monorelease.planning.constraints import raise_constraint

_ANY = frozenset({"", "*"})
"""How one writes that any version will do."""

Lacking = Callable[[Version], Collection[str]]
"""The names, of those that are needed, which a version surely does not have."""


@value
class Site:
    """Where a name is needed first."""

    path: PurePosixPath
    """Relative to the repository's root."""
    line: int


@value
class Supply:
    """What there is of one dependency, for one member that needs names of it."""

    needs: Mapping[str, Site]
    """By the full name."""
    released: Sequence[Version]
    """Final versions, the highest first."""
    coming: Version | None
    """What is being released; None where nothing is."""
    unborn: Collection[str]
    """Names that not even the work tree has."""
    lacking: Lacking
    """Of a released version; it may take a while, so that no version is asked in vain."""


@value
class Shortfall:
    """The newest version that is allowed and lacks something."""

    version: Version
    names: Sequence[str]
    bound: Version | None
    """The lowest version from which on nothing is missing; None where none is released, or
    about to be."""


def find_shortfall(constraint: Constraint, supply: Supply) -> Shortfall | None:
    """The newest version in `constraint` without all the names; None where all have them.

    Versions are gone through from the newest one back until one lacks something: names may
    vanish and return, so that nothing can be skipped. Only where no allowed one is left above
    it do versions count that the constraint does not allow yet.
    """
    above: Version | None = None
    for version in supply.released:
        if not constraint.allows(version):
            continue
        names = supply.lacking(version)
        if names:
            bound = above or _bound_beyond(version, supply)
            return Shortfall(version=version, names=sorted(names), bound=bound)
        above = version
    return None


def check_floor(
    member: Member, dependency: Dependency, constraint: Constraint, supply: Supply
) -> Iterator[Finding]:
    """What is wrong with one requirement, as it will read after the pending release.

    Args:
        member: whose requirement it is.
        dependency: the requirement.
        constraint: its constraint after the release.
        supply: what there is of the dependency.
    """
    found = find_shortfall(constraint, supply)
    if found is None:
        return
    name = found.names[0]
    site = supply.needs[name]
    more = f" (and {counted(len(found.names) - 1, 'name')} more)" if found.names[1:] else ""
    problem = (
        f"{member.name} imports {name}{more} in {site.path}:{site.line}, and "
        f"{dependency.on} {found.version}, which {_shown(constraint)} allows, does not have it"
    )
    if found.bound is None:
        yield Finding(
            code="needs-unreleased",
            problem=f"{problem}; nor does any other release",
            hint=f"release {dependency.on} with {member.name}, so that the constraint follows: "
            f"monorelease add --minor {dependency.on} --patch {member.name}",
            path=member.manifest,
            key=dependency.key,
        )
        return
    yield Finding(
        code="floor-too-low",
        problem=f"{problem}; {found.bound} is the first that has",
        hint=_hint(member, dependency, constraint, found, is_coming=found.bound == supply.coming),
        path=member.manifest,
        key=dependency.key,
    )


def check_unborn(member: Member, dependency: Dependency, supply: Supply) -> Iterator[Finding]:
    """Every name that is imported is there, in the sources beside it at least."""
    for name in sorted(supply.unborn):
        site = supply.needs[name]
        yield Finding(
            code="import-missing",
            problem=f"{member.name} imports {name}, and {dependency.on} has no such name",
            hint=f"correct the name, or add it to {dependency.on}; where it may be missing, "
            "import it in a `try` with `except ImportError`",
            path=site.path,
            line=site.line,
        )


def honest_constraint(constraint: Constraint, bound: Version, version: Version) -> str:
    """The constraint's text with `bound` for its floor, in the style in which it was written.

    Where that style cannot say it, as ``~=1.3`` cannot say 1.3.1 without an end at 1.4, the
    floor stands beside it. Empty where that does not allow `bound`, which is excluded, or still
    allows `version`.
    """
    raised = raise_constraint(constraint, bound)
    if raised is not None and _says(raised, constraint.dialect, bound, version):
        return raised
    floor = f">={bound}"
    written = (raised or constraint.text).rstrip()
    beside = floor if written.strip() in _ANY else f"{written},{floor}"
    return beside if _says(beside, constraint.dialect, bound, version) else ""


def _says(text: str, dialect: Dialect, bound: Version, version: Version) -> bool:
    try:
        meaning = Constraint.parse(text, dialect)
    except ValueError:
        return False
    return meaning.allows(bound) and not meaning.allows(version)


def _bound_beyond(version: Version, supply: Supply) -> Version | None:
    """The lowest version above it with all names, of those that the constraint has to let in."""
    above = [*takewhile(lambda v: v > version and not supply.lacking(v), supply.released)]
    return above[-1] if above else supply.coming


def _shown(constraint: Constraint) -> str:
    return constraint.text.strip() or "a requirement without a floor"


def _hint(
    member: Member,
    dependency: Dependency,
    constraint: Constraint,
    found: Shortfall,
    *,
    is_coming: bool,
) -> str:
    bound = found.bound or found.version
    text = honest_constraint(constraint, bound, found.version)
    literal = f"{dependency.prefix}{text}{dependency.suffix}".strip()
    write = f"write {literal}" if text else f"raise the floor to {bound}"
    if is_coming:
        write += (
            f"; {bound} is about to be released, and a fragment that names {member.name} "
            "raises the constraint with it"
        )
    return write
