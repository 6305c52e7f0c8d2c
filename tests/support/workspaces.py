"""Workspaces, fragments and configurations, as hypothesis draws them for the planner."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from hypothesis import strategies as st
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from monorelease.model.bump import Bump
from monorelease.model.config import Config, DependentsPolicy
from monorelease.model.constraint import Constraint
from monorelease.model.fragment import Entry, Fragment
from monorelease.model.workspace import Dependency, DependencyKind, Member, Workspace

NAMES = tuple(canonicalize_name(f"m{number}") for number in range(7))
VERSIONS = ("0.0.3", "0.4.2", "1.0.0", "1.0.1rc2", "1.2.3", "1!2.0", "2.0.0.post1", "2026.11.3")
RANGES = (
    "",
    ">={major}",
    ">={current}",
    ">={current},<{next_major}",
    "~={major}.{minor}",
    "=={current}",
    "=={major}.*",
    ">={current},!={next_patch}",
    "<{next_major}",
    ">=99",
)


class Input(NamedTuple):
    """What the planner gets."""

    workspace: Workspace
    fragments: tuple[Fragment, ...]
    config: Config


def range_on(form: str, version: Version) -> str:
    """A range of this form around `version`."""
    major, minor, micro = (*version.release, 0, 0)[:3]
    epoch = f"{version.epoch}!" if version.epoch else ""
    return form.format(
        major=f"{epoch}{major}",
        minor=minor,
        current=version.public,
        next_major=f"{epoch}{major + 1}",
        next_patch=f"{epoch}{major}.{minor}.{micro + 1}",
    )


@st.composite
def inputs(draw: st.DrawFn) -> Input:
    """A workspace of up to seven members, some fragments, and a configuration."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    versions = {name: Version(draw(st.sampled_from(VERSIONS))) for name in names}
    members = tuple(draw(_members(name, versions)) for name in names)
    workspace = Workspace(members=members)
    fragments = tuple(draw(_fragments(number, names)) for number in range(draw(st.integers(0, 4))))
    return Input(workspace, fragments, draw(_configs(names)))


@st.composite
def _members(
    draw: st.DrawFn, name: NormalizedName, versions: dict[NormalizedName, Version]
) -> Member:
    others = [other for other in versions if other != name]
    wanted = draw(st.lists(st.sampled_from(others), max_size=3)) if others else []
    return Member(
        name=name,
        written_name=name,
        path=PurePosixPath("packages", name),
        version=versions[name],
        version_source=None,
        private=draw(st.booleans()),
        dependencies=tuple(
            _dependency(
                on,
                place,
                draw(st.sampled_from(DependencyKind)),
                range_on(draw(st.sampled_from(RANGES)), versions[on]),
            )
            for place, on in enumerate(wanted)
        ),
    )


def _dependency(on: NormalizedName, place: int, kind: DependencyKind, text: str) -> Dependency:
    return Dependency(
        on=on,
        kind=kind,
        table=f"project.{kind.value}",
        key=("project", kind.value, place),
        prefix=on,
        constraint=Constraint.parse(text),
        suffix="",
    )


@st.composite
def _fragments(draw: st.DrawFn, number: int, names: tuple[NormalizedName, ...]) -> Fragment:
    named = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    return Fragment(
        path=PurePosixPath("changes", f"{number}.fix.md"),
        id=str(number),
        category="fix",
        entries=tuple(
            Entry(name=name, bump=draw(st.sampled_from(Bump)), line=line)
            for line, name in enumerate(named, 2)
        ),
        text="Words.",
    )


@st.composite
def _configs(draw: st.DrawFn, names: tuple[NormalizedName, ...]) -> Config:
    grouped = draw(st.permutations(names))
    first, second = sorted(draw(st.tuples(st.integers(0, len(names)), st.integers(0, len(names)))))
    fixed, linked = tuple(grouped[:first]), tuple(grouped[first:second])
    return Config(
        fixed=draw(st.sampled_from([(), (fixed,)])) if fixed else (),
        linked=draw(st.sampled_from([(), (linked,)])) if linked else (),
        ignore=tuple(draw(st.lists(st.sampled_from(names), max_size=1))),
        dependents=draw(st.sampled_from(DependentsPolicy)),
        raise_constraints=draw(st.sampled_from([None, Bump.PATCH, Bump.MINOR, Bump.MAJOR])),
        major_on_zero=draw(st.sampled_from([Bump.MINOR, Bump.MAJOR])),
    )
