"""Which members the owner's name globs mean, and which of them move together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from packaging.utils import NormalizedName

from monorelease.model.config import Config
from monorelease.model.plan import Group, GroupKind

_ENOUGH = 8


def matching(
    patterns: Iterable[str], names: Iterable[NormalizedName]
) -> tuple[NormalizedName, ...]:
    """Those of `names`, in their order, that one of `patterns` means.

    A pattern is a name or a glob. One that begins with ``!`` takes names out again that a
    pattern before it had put in.
    """
    positive = [_normalized(p) for p in patterns if not p.startswith("!")]
    negative = [_normalized(p[1:]) for p in patterns if p.startswith("!")]
    return tuple(
        name
        for name in names
        if any(fnmatchcase(name, p) for p in positive)
        and not any(fnmatchcase(name, p) for p in negative)
    )


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


def some_of(names: Sequence[NormalizedName]) -> str:
    """Enough of `names` for a hint."""
    return ", ".join(names[:_ENOUGH]) + (", …" if len(names) > _ENOUGH else "")


def _normalized(pattern: str) -> str:
    """A glob over names as it must read to meet normalised names (PEP 503)."""
    return pattern.lower().replace("_", "-").replace(".", "-")
