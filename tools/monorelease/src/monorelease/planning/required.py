"""Whether what was built requires what its manifest says, and whether others can get that."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from monorelease.model.contents import Metadata, OpenedMember
from monorelease.model.finding import Finding, TomlKey
from monorelease.model.value import replace, value
from monorelease.model.words import some_of
from monorelease.model.workspace import Dependency, DependencyKind

_DYNAMIC = frozenset({"dependencies", "optional-dependencies"})


@value
class Offers:
    """Which versions of the members there will be to install."""

    built: Mapping[NormalizedName, Version]
    """Published together with what requires them."""
    indexed: Mapping[NormalizedName, Collection[Version]]
    """On the index already, and not yanked."""

    def of(self, name: NormalizedName) -> frozenset[Version]:
        """Everything under one name."""
        built = self.built.get(name)
        return frozenset(self.indexed.get(name, ())) | ({built} if built is not None else set())


def check_requirements(
    opened: OpenedMember, filename: str, metadata: Metadata, offers: Offers | None
) -> Iterator[Finding]:
    """What it requires is what its manifest says, and nobody is left without it.

    Without `offers` nobody can tell the latter.
    """
    yield from _check_references(opened, filename, metadata)
    internal = [
        requirement
        for requirement in metadata.requirements
        if (name := canonicalize_name(requirement.name)) in opened.workspace
        and name != opened.built.name
        and requirement.url is None
    ]
    if _DYNAMIC.isdisjoint(opened.declared.dynamic):
        yield from _check_declared(opened, filename, internal)
    if offers is not None:
        for requirement in internal:
            yield from _check_available(opened, filename, requirement, offers)


def _check_references(opened: OpenedMember, filename: str, metadata: Metadata) -> Iterator[Finding]:
    """Nothing leads straight to a place of its own: no index takes such metadata."""
    for requirement in metadata.requirements:
        if requirement.url is not None:
            yield Finding(
                code="leaves-workspace",
                problem=f"{filename} requires {requirement}: others do not have that place, and "
                "indexes refuse a direct reference",
                hint=f"require a version: {requirement.name}>=…; a source to develop with belongs "
                "in a tool's own table",
                path=opened.member.manifest,
                key=_key(opened, canonicalize_name(requirement.name)),
            )


@value
class _Demand:
    """A requirement as far as it means something, however it is spelled."""

    name: NormalizedName
    extras: frozenset[str]
    specifier: SpecifierSet
    conditions: frozenset[str]


def _check_declared(
    opened: OpenedMember, filename: str, internal: Collection[Requirement]
) -> Iterator[Finding]:
    """Poetry's own ranges and markers are compared by the names alone: it translates them."""
    declared = [
        dependency
        for dependency in opened.member.dependencies
        if dependency.kind in _PUBLISHED and dependency.constraint is not None
    ]
    translated = {d.on for d in declared if d.key[:2] == ("tool", "poetry")}
    said = {_declared(d): d for d in declared if d.on not in translated}
    found = {_demand(requirement): requirement for requirement in internal}
    names = {demand.name for demand in found}
    for demand, dependency in said.items():
        if demand not in found:
            yield _not_kept(opened, f"{filename} does not require {_literal(dependency)}", demand)
    for name in sorted(translated - names):
        yield _not_kept(opened, f"{filename} does not require {name}", None)
    extras = {plain for demand in said if (plain := _without_extra(demand)) != demand}
    for demand, requirement in found.items():
        if demand in said or demand.name in translated:
            continue
        # An extra that names others of the same member (``all = ["core[x]"]``) is written out.
        is_of_an_extra = (plain := _without_extra(demand)) != demand
        if not (is_of_an_extra and plain in extras):
            yield _not_kept(opened, f"{filename} requires {requirement}", demand)


def _without_extra(demand: _Demand) -> _Demand:
    conditions = frozenset(c for c in demand.conditions if not c.startswith("extra == "))
    return replace(demand, conditions=conditions)


_PUBLISHED = (DependencyKind.RUNTIME, DependencyKind.EXTRA)


def _declared(dependency: Dependency) -> _Demand:
    """What the metadata should say; an extra becomes a condition there."""
    demand = _demand(Requirement(_literal(dependency)))
    if dependency.kind is DependencyKind.RUNTIME:
        return demand
    extra = canonicalize_name(str(dependency.key[2]))
    return _Demand(
        name=demand.name,
        extras=demand.extras,
        specifier=demand.specifier,
        conditions=demand.conditions | {f'extra == "{extra}"'},
    )


def _literal(dependency: Dependency) -> str:
    text = dependency.constraint.text if dependency.constraint is not None else ""
    return f"{dependency.prefix}{text}{dependency.suffix}".strip()


def _demand(requirement: Requirement) -> _Demand:
    marker = str(requirement.marker) if requirement.marker is not None else ""
    return _Demand(
        name=canonicalize_name(requirement.name),
        extras=frozenset(map(canonicalize_name, requirement.extras)),
        specifier=requirement.specifier,
        conditions=conditions_of(marker),
    )


_JOINT = re.compile(r"""[()]| and | or |"[^"]*"|'[^']*'""")


def conditions_of(marker: str) -> frozenset[str]:
    """What must hold all at once; backends join the parts in different orders and parentheses.

    Args:
        marker: as `packaging` spells it; may be empty.
    """
    parts, depth, start = [], 0, 0
    for joint in _JOINT.finditer(marker):
        depth += (joint[0] == "(") - (joint[0] == ")")
        if depth == 0 and joint[0] == " or ":
            return frozenset({marker})
        if depth == 0 and joint[0] == " and ":
            parts.append(marker[start : joint.start()])
            start = joint.end()
    parts.append(marker[start:])
    found: frozenset[str] = frozenset()
    for part in filter(None, parts):
        found |= conditions_of(part[1:-1]) if part.startswith("(") else {part}
    return found


def _not_kept(opened: OpenedMember, problem: str, demand: _Demand | None) -> Finding:
    return Finding(
        code="metadata-differs",
        problem=f"{problem}, other than its pyproject.toml",
        hint="build it again from its commit; if the build backend computes requirements, say so "
        "in `dynamic`",
        path=opened.member.manifest,
        key=_key(opened, demand.name) if demand is not None else None,
    )


def _check_available(
    opened: OpenedMember, filename: str, requirement: Requirement, offers: Offers
) -> Iterator[Finding]:
    """Somebody who installs it finds a version; pre-releases count as PEP 440 has it."""
    name = canonicalize_name(requirement.name)
    if opened.workspace[name].private:
        yield Finding(
            code="requires-private",
            problem=f"{filename} requires {requirement}, which is private: nobody outside could "
            "install it",
            hint=f"move the requirement into a dependency group, or publish {name}",
            path=opened.member.manifest,
            key=_key(opened, name),
        )
    elif not any(requirement.specifier.filter(offers.of(name))):
        yield Finding(
            code="not-satisfied",
            problem=f"{filename} requires {requirement}, and there is {_told(name, offers)}",
            hint=f"publish a version of {name} that it admits first, or widen the requirement and "
            "release again",
            path=opened.member.manifest,
            key=_key(opened, name),
        )


def _told(name: NormalizedName, offers: Offers) -> str:
    newest = [str(version) for version in sorted(offers.indexed.get(name, ()), reverse=True)]
    parts = [
        f"{offers.built[name]} in this release" if name in offers.built else "",
        f"{some_of(newest)} on the index" if newest else "",
    ]
    return " and ".join(filter(None, parts)) or f"no {name} at all, here or on the index"


def _key(opened: OpenedMember, name: NormalizedName) -> TomlKey | None:
    """Where the manifest names it, if it does."""
    keys = (d.key for d in opened.member.dependencies if d.on == name and d.kind in _PUBLISHED)
    return next(keys, None)
