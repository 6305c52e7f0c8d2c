"""Releases, their files, and what an index has of them, as hypothesis draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import NamedTuple

from hypothesis import strategies as st
from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.artifact import Artifact, ArtifactKind, Build, BuiltMember, VerifiedBuild
from monorelease.model.index import IndexedFile, Project
from monorelease.model.publication import PlannedFile, PublishPlan, ReleasedMember, Upload
from monorelease.model.value import replace
from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.pending import Seen, find_pending
from monorelease.planning.publication import plan_publication
from publications import PYPI
from values import member, requires, workspace

VERSIONS = ("1.0", "1.1.0", "2.0rc1", "1!3.0.post1")
PLATFORMS = ("py3-none-any", "cp311-cp311-linux_x86_64", "cp311-cp311-macosx_11_0_arm64")
INSTALLED = (DependencyKind.RUNTIME, DependencyKind.BUILD)
"""What nobody can install a member without."""

OFFERED = (*INSTALLED, DependencyKind.EXTRA)
"""What people may install with it."""

NOISE = (
    "{name}-0.0.1-py3-none-any.whl",
    "{name}-0.0.1.tar.gz",
    "{name}-{version}-py3.11.egg",
    "{name}-{version}.win32.exe",
    "{name}-{version}.tar.bz2",
    "other-{version}-py3-none-any.whl",
    "other-{version}.tar.gz",
    "{name}-{version}.whl",
    "README.txt",
)
"""Files that say nothing about whether a version is there."""


class Scene(NamedTuple):
    """What is released, and what was built of it."""

    workspace: Workspace
    released: tuple[ReleasedMember, ...]
    build: Build
    wheels_only: frozenset[NormalizedName]

    def plan(self, seen: Seen) -> PublishPlan:
        """What is pending, as it would be published."""
        pending = find_pending(self.released, seen, self.wheels_only)
        return plan_publication(
            PYPI, self.workspace, pending, VerifiedBuild(build=self.build), seen
        )


@st.composite
def graphs(draw: st.DrawFn, most: int = 6) -> Workspace:
    """Members that require one another in any way."""
    names = [f"m{number}" for number in draw(st.permutations(range(draw(st.integers(1, most)))))]
    edges = st.tuples(st.sampled_from(names), st.sampled_from(DependencyKind))
    return workspace(
        *(
            member(
                name,
                draw(st.sampled_from(VERSIONS)),
                *(requires(on, kind=kind) for on, kind in draw(st.lists(edges, max_size=3))),
            )
            for name in names
        )
    )


@st.composite
def scenes(draw: st.DrawFn, most_wheels_only: int | None = None) -> Scene:
    """Some members of a workspace, each released at its version and built whole."""
    space = draw(graphs())
    names = draw(st.permutations(sorted(draw(st.sets(st.sampled_from(space.names), min_size=1)))))
    wheels_only = draw(st.frozensets(st.sampled_from(names), max_size=most_wheels_only))
    released = tuple(_released(space, name) for name in names)
    built = (
        BuiltMember(
            name=each.name,
            version=each.version,
            path=each.path,
            commit=each.commit,
            artifacts=files_of(
                each.name,
                each.version,
                draw(st.integers(1, len(PLATFORMS))),
                has_sdist=each.name not in wheels_only,
            ),
        )
        for each in released
    )
    return Scene(space, released, Build(members=tuple(built)), wheels_only)


@st.composite
def sights(draw: st.DrawFn, scene: Scene) -> Seen:
    """What the world may have of it: any of the files, any of the tags, and noise."""
    projects = {}
    for built in scene.build.members:
        there = draw(st.sets(st.sampled_from(built.artifacts)))
        yanked = draw(st.sampled_from([None, "", "broken"]))
        files = [IndexedFile(filename=a.filename, sha256=a.sha256, yanked=yanked) for a in there]
        files += [
            IndexedFile(
                filename=form.format(name=built.name, version=built.version), sha256="0" * 64
            )
            for form in draw(st.sets(st.sampled_from(NOISE)))
        ]
        is_known = bool(files) or draw(st.booleans())
        projects[built.name] = Project(name=built.name, files=tuple(files), is_known=is_known)
    return Seen(
        projects=projects,
        tags_here=draw(_tags(scene)),
        tags_there=draw(st.none() | _tags(scene)),
        unannounced=draw(st.sets(st.sampled_from([m.name for m in scene.released]))),
    )


def files_of(
    name: str, version: Version, wheels: int = 1, *, has_sdist: bool = True
) -> tuple[Artifact, ...]:
    """The files of one version, each with a hash of its own."""
    filenames = [f"{name}-{version}-{tags}.whl" for tags in PLATFORMS[:wheels]]
    filenames += [f"{name}-{version}.tar.gz"] * has_sdist
    return tuple(
        Artifact(
            filename=filename,
            kind=ArtifactKind.WHEEL if filename.endswith(".whl") else ArtifactKind.SDIST,
            sha256=sha256(filename.encode()).hexdigest(),
            size=len(filename),
        )
        for filename in filenames
    )


def arrived(seen: Seen, files: Iterable[PlannedFile]) -> Seen:
    """The same once these uploads are on the index."""
    projects = dict(seen.projects)
    for file in files:
        if isinstance(file, Upload):
            project, artifact = projects[file.name], file.artifact
            new = IndexedFile(filename=artifact.filename, sha256=artifact.sha256)
            projects[file.name] = replace(project, files=(*project.files, new), is_known=True)
    return replace(seen, projects=projects)


def reachable(
    start: NormalizedName, space: Workspace, kinds: Iterable[DependencyKind]
) -> set[NormalizedName]:
    """Everything that `start` needs, by way of anybody."""
    needs = {m.name: {d.on for d in m.dependencies if d.kind in set(kinds)} for m in space}
    found: set[NormalizedName] = set()
    ahead = [start]
    while ahead:
        for name in needs[ahead.pop()] - found:
            found.add(name)
            ahead.append(name)
    return found


def _released(space: Workspace, name: NormalizedName) -> ReleasedMember:
    version = space[name].version or Version("0")
    return ReleasedMember(
        name=name,
        version=version,
        path=PurePosixPath("packages", name),
        commit=f"{int(name[1:]) // 2:040x}",
        tag=f"{name}-v{version}",
    )


def _tags(scene: Scene) -> st.SearchStrategy[Mapping[str, str]]:
    """Tags on the right commit, for any of the members."""
    tags = {member.tag: member.commit for member in scene.released}
    return st.sets(st.sampled_from(sorted(tags))).map(lambda some: {tag: tags[tag] for tag in some})
