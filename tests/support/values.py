"""Values of the model in one line each, for tests that say only what differs."""

from __future__ import annotations

from pathlib import PurePosixPath

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from monorelease.model.bump import Bump
from monorelease.model.constraint import Constraint
from monorelease.model.fragment import Entry, Fragment
from monorelease.model.workspace import Dependency, DependencyKind, Member, Workspace

TABLES = {
    DependencyKind.RUNTIME: ("project", "dependencies"),
    DependencyKind.EXTRA: ("project", "optional-dependencies", "more"),
    DependencyKind.BUILD: ("build-system", "requires"),
    DependencyKind.GROUP: ("dependency-groups", "test"),
}
"""Where a requirement of each kind usually stands."""


def named(text: str) -> NormalizedName:
    """The name of a member."""
    return canonicalize_name(text)


def requires(
    on: str, constraint: str | None = "", kind: DependencyKind = DependencyKind.RUNTIME
) -> Dependency:
    """A requirement on `on`; None for a direct reference."""
    return Dependency(
        on=named(on),
        kind=kind,
        table=".".join(TABLES[kind]),
        key=(*TABLES[kind], f"{on}{constraint}"),
        prefix=on,
        constraint=None if constraint is None else Constraint.parse(constraint),
        suffix="",
    )


def member(
    name: str, version: str | None = "1.0.0", *dependencies: Dependency, private: bool = False
) -> Member:
    """A member in ``packages/``."""
    return Member(
        name=named(name),
        written_name=name,
        path=PurePosixPath("packages", name),
        version=None if version is None else Version(version),
        version_source=None,
        private=private,
        dependencies=dependencies,
    )


def workspace(*members: Member) -> Workspace:
    """The members, in this order."""
    return Workspace(members=members)


def fragment(name: str = "1.fix.md", text: str = "Words.", **bumps: str) -> Fragment:
    """A fragment in ``changes/``; each of `bumps` is an entry."""
    issue, category, *_ = name.split(".")
    return Fragment(
        path=PurePosixPath("changes", name),
        id=issue,
        category=category,
        entries=tuple(
            Entry(name=named(name), bump=Bump.from_word(word), line=line)
            for line, (name, word) in enumerate(bumps.items(), 2)
        ),
        text=text,
    )
