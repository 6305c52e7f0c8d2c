"""Which members the owner's name globs mean, and which of them move together."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.model.config import Config
from monorelease.model.plan import Group, GroupKind


def matching(
    patterns: Iterable[str], names: Iterable[NormalizedName]
) -> tuple[NormalizedName, ...]:
    """Those of `names`, in their order, that one of `patterns` means.

    A pattern is a name or a glob. One that begins with ``!`` takes names out again that a
    pattern before it had put in.
    """
    everyone = tuple(names)
    chosen: set[NormalizedName] = set()
    for pattern in patterns:
        glob = canonicalize_name(pattern.removeprefix("!"))
        meant = {name for name in everyone if fnmatchcase(name, glob)}
        chosen = chosen - meant if pattern.startswith("!") else chosen | meant
    return tuple(name for name in everyone if name in chosen)


def resolve_groups(config: Config, names: Iterable[NormalizedName]) -> tuple[Group, ...]:
    """The fixed groups, then the linked ones, with the members their globs mean.

    They are disjoint: of two groups that claim one member the first has it (and
    `planning.checks` says so).
    """
    everyone = tuple(names)
    taken: set[NormalizedName] = set()
    groups = []
    for kind, wanted in ((GroupKind.FIXED, config.fixed), (GroupKind.LINKED, config.linked)):
        for patterns in wanted:
            members = tuple(n for n in matching(patterns, everyone) if n not in taken)
            taken.update(members)
            if members:
                groups.append(Group(kind=kind, members=members))
    return tuple(groups)
