"""What other programs may build on: planners, values and ports, each signature written out.

A change here is a change for somebody else: it is made in two places, or not at all.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from enum import Enum
from types import ModuleType

import pytest

from monorelease import planning, reports
from monorelease.model.artifact import (
    Artifact,
    ArtifactKind,
    Build,
    BuiltMember,
    VerifiedBuild,
)
from monorelease.model.bump import Bump
from monorelease.model.channel import Label, Prerelease, Snapshot, Stable
from monorelease.model.config import (
    Category,
    ChangelogConfig,
    CiConfig,
    Config,
    DependentsPolicy,
    PublishConfig,
    Towncrier,
    VersionFile,
)
from monorelease.model.constraint import Constraint, Dialect
from monorelease.model.forge import (
    Change,
    ForgeConfig,
    ForgeKind,
    ForgeRelease,
    Posted,
    PullRequest,
    Site,
)
from monorelease.model.fragment import Entry, Fragment
from monorelease.model.index import IndexedFile, IndexTarget, Project
from monorelease.model.plan import (
    ChangedBy,
    ConstraintUpdate,
    Follows,
    GroupKind,
    Release,
    ReleasePlan,
    Requested,
    Scope,
    TiedTo,
)
from monorelease.model.publication import (
    AlreadyThere,
    Announcement,
    Conflict,
    Gap,
    Pending,
    PlannedTag,
    PublishPlan,
    Refusal,
    RefusalKind,
    ReleasedMember,
    RollUp,
    Sent,
    Upload,
)
from monorelease.model.workspace import (
    Dependency,
    DependencyKind,
    Member,
    StaticVersion,
    VersionFromTags,
    VersionInFile,
    Workspace,
)
from monorelease.planning.pending import Seen, find_pending
from monorelease.planning.plan import plan_release
from monorelease.planning.publication import plan_publication
from monorelease.workflows.ports import Forge, Index
from sandbox import PATIENCE, surroundings

VALUES: dict[type, dict[str, str]] = {
    Stable: {},
    Prerelease: {
        "label": "Label",
    },
    Snapshot: {
        "stamp": "int",
    },
    VersionFile: {
        "path": "PurePosixPath",
        "pattern": "str = …",
    },
    ChangelogConfig: {
        "file": "str = …",
        "aggregate": "PurePosixPath | None = …",
        "issue_link": "str = …",
        "commit_link": "str = …",
        "authors": "bool = …",
    },
    Category: {
        "directory": "str",
        "title": "str",
        "show_content": "bool = …",
    },
    Towncrier: {
        "categories": "tuple[Category, ...]",
        "template": "str | None = …",
        "title_format": "str = …",
        "issue_format": "str | None = …",
        "start_string": "str = …",
        "directory": "str = …",
    },
    PublishConfig: {
        "to": "str = …",
        "branch": "str = …",
        "remote": "str = …",
        "wheels_only": "tuple[str, ...] = …",
    },
    Config: {
        "members": "tuple[str, ...] = …",
        "exclude": "tuple[str, ...] = …",
        "fixed": "tuple[tuple[str, ...], ...] = …",
        "linked": "tuple[tuple[str, ...], ...] = …",
        "ignore": "tuple[str, ...] = …",
        "dependents": "DependentsPolicy = …",
        "raise_constraints": "Bump | None = …",
        "major_on_zero": "Bump = …",
        "version_files": "Mapping[NormalizedName, tuple[VersionFile, ...]] = …",
        "tag": "str = …",
        "changelog": "ChangelogConfig = …",
        "hooks_after_release": "tuple[tuple[str, ...], ...] = …",
        "publish": "PublishConfig = …",
        "indexes": "tuple[IndexTarget, ...] = …",
        "forge": "ForgeConfig = …",
        "ci": "CiConfig = …",
        "api": "Severity | None = …",
        "towncrier": "Towncrier = …",
    },
    Constraint: {
        "text": "str",
        "dialect": "Dialect = …",
        "alternatives": "tuple[SpecifierSet, ...]",
    },
    Entry: {
        "name": "NormalizedName",
        "bump": "Bump",
        "line": "int",
    },
    Fragment: {
        "path": "PurePosixPath",
        "id": "str",
        "category": "str",
        "entries": "tuple[Entry, ...]",
        "text": "str",
    },
    ChangedBy: {
        "fragment": "PurePosixPath",
    },
    Follows: {
        "on": "NormalizedName",
        "constraint": "str",
        "table": "str",
        "leaves": "bool = …",
    },
    TiedTo: {
        "kind": "GroupKind",
        "partner": "NormalizedName",
    },
    Requested: {
        "version": "Version",
    },
    ConstraintUpdate: {
        "member": "NormalizedName",
        "dependency": "Dependency",
        "before": "str",
        "after": "str",
    },
    Release: {
        "name": "NormalizedName",
        "path": "PurePosixPath",
        "bump": "Bump",
        "current": "Version",
        "target": "Version",
        "private": "bool",
        "causes": "tuple[Cause, ...]",
        "fragments": "tuple[PurePosixPath, ...]",
        "constraints": "tuple[ConstraintUpdate, ...]",
    },
    ReleasePlan: {
        "channel": "Channel",
        "releases": "tuple[Release, ...]",
        "followers": "tuple[ConstraintUpdate, ...] = …",
    },
    Scope: {
        "versions": "Mapping[NormalizedName, Version] = …",
        "only": "frozenset[NormalizedName] = …",
        "held": "frozenset[NormalizedName] = …",
    },
    Dependency: {
        "on": "NormalizedName",
        "kind": "DependencyKind",
        "table": "str",
        "key": "TomlKey",
        "prefix": "str",
        "constraint": "Constraint | None",
        "suffix": "str",
    },
    StaticVersion: {
        "key": "TomlKey",
    },
    VersionInFile: {
        "path": "PurePosixPath",
        "pattern": "str",
    },
    VersionFromTags: {},
    Member: {
        "name": "NormalizedName",
        "written_name": "str",
        "path": "PurePosixPath",
        "version": "Version | None",
        "version_source": "VersionSource | None",
        "version_copies": "tuple[VersionInFile, ...] = …",
        "private": "bool = …",
        "dependencies": "tuple[Dependency, ...] = …",
    },
    Workspace: {
        "members": "tuple[Member, ...]",
    },
    IndexTarget: {
        "name": "str",
        "url": "str = …",
        "upload_url": "str = …",
        "folder": "PurePosixPath | None = …",
        "username": "str = …",
        "snapshots": "bool = …",
        "new_projects_per_day": "int | None = …",
        "patience": "int = …",
    },
    IndexedFile: {
        "filename": "str",
        "sha256": "str | None",
        "yanked": "str | None = …",
    },
    Project: {
        "name": "NormalizedName",
        "files": "tuple[IndexedFile, ...] = …",
        "is_known": "bool = …",
    },
    Artifact: {
        "filename": "str",
        "kind": "ArtifactKind",
        "sha256": "str",
        "size": "int",
    },
    BuiltMember: {
        "name": "NormalizedName",
        "version": "Version",
        "path": "PurePosixPath",
        "commit": "str",
        "artifacts": "tuple[Artifact, ...]",
    },
    Build: {
        "members": "tuple[BuiltMember, ...]",
    },
    VerifiedBuild: {
        "build": "Build",
    },
    ReleasedMember: {
        "name": "NormalizedName",
        "version": "Version",
        "path": "PurePosixPath",
        "commit": "str",
        "tag": "str",
        "tag_first": "bool = …",
    },
    Seen: {
        "projects": "Mapping[NormalizedName, Project]",
        "tags_here": "Mapping[str, str]",
        "tags_there": "Mapping[str, str] | None",
        "unannounced": "Collection[NormalizedName] = …",
        "roll_up": "RollUp | None = …",
    },
    Pending: {
        "member": "ReleasedMember",
        "gap": "Gap | None",
        "tag_here": "bool",
        "tag_there": "bool",
        "announce": "bool",
    },
    Upload: {
        "name": "NormalizedName",
        "version": "Version",
        "artifact": "Artifact",
    },
    AlreadyThere: {
        "name": "NormalizedName",
        "version": "Version",
        "artifact": "Artifact",
    },
    Conflict: {
        "name": "NormalizedName",
        "version": "Version",
        "artifact": "Artifact",
        "theirs": "str | None",
    },
    PlannedTag: {
        "name": "str",
        "member": "NormalizedName",
        "version": "Version",
        "commit": "str",
        "make": "bool",
        "push": "bool",
        "first": "bool = …",
    },
    PublishPlan: {
        "index": "IndexTarget",
        "waves": "tuple[tuple[NormalizedName, ...], ...]",
        "files": "tuple[PlannedFile, ...]",
        "tags": "tuple[PlannedTag, ...]",
        "announcements": "tuple[ReleasedMember, ...]",
        "roll_up": "RollUp | None = …",
        "new_names": "tuple[NormalizedName, ...] = …",
        "knows_nobody": "bool = …",
    },
    Refusal: {
        "kind": "RefusalKind",
        "words": "str",
    },
    Sent: {
        "filename": "str",
        "seconds": "float",
        "refusal": "Refusal | None = …",
    },
    Announcement: {
        "member": "ReleasedMember",
        "notes": "str",
    },
    RollUp: {
        "tag": "str",
        "commit": "str",
        "members": "tuple[ReleasedMember, ...]",
    },
    Site: {
        "kind": "ForgeKind",
        "url": "str",
        "repository": "str",
    },
    ForgeConfig: {
        "kind": "ForgeKind | None = …",
        "url": "str = …",
        "repository": "str = …",
        "branch": "str = …",
        "announce": "bool = …",
        "roll_up": "str = …",
    },
    CiConfig: {
        "test": "str = …",
        "pythons": "tuple[str, ...] = …",
        "tool": "str = …",
    },
    PullRequest: {
        "number": "int",
        "address": "str",
        "title": "str",
        "body": "str",
        "base": "str",
        "head": "str",
        "head_commit": "str",
        "head_repository": "str",
        "author": "str",
        "labels": "tuple[str, ...] = …",
        "is_open": "bool = …",
    },
    Posted: {
        "change": "Change",
        "address": "str",
    },
    ForgeRelease: {
        "tag": "str",
        "commit": "str",
        "title": "str",
        "notes": "str",
        "is_prerelease": "bool = …",
        "is_latest": "bool = …",
    },
}
"""What goes into the planners and what comes out: fields, their types, ``…`` for a default."""

WORDS: dict[type[Enum], list[str]] = {
    Bump: ["none", "patch", "minor", "major"],
    Label: ["a", "b", "rc"],
    DependentsPolicy: ["out-of-range", "always", "never"],
    Dialect: ["pep440", "poetry"],
    GroupKind: ["fixed", "linked"],
    DependencyKind: ["runtime", "extra", "build", "group"],
    ArtifactKind: ["wheel", "sdist"],
    Gap: [
        "a new name",
        "not on the index",
        "no wheel on the index",
        "no source distribution on the index",
    ],
    ForgeKind: ["github", "gitlab", "forgejo"],
    Change: ["created", "updated", "unchanged", "removed"],
    RefusalKind: ["exists", "forbidden", "invalid", "too many", "server", "unreachable"],
}
"""The choices, in their order."""

PORTS: dict[type, dict[str, str]] = {
    Index: {
        "target": "() -> IndexTarget",
        "simple_url": "() -> str",
        "projects": "(names: Sequence[NormalizedName]) -> Mapping[NormalizedName, Project]",
        "find_credentials": "() -> str",
        "credentials_problem": "() -> str",
        "upload": "(files: Sequence[Path]) -> Iterator[Sent]",
    },
    Forge: {
        "site": "() -> Site",
        "longest": "() -> int",
        "released": "(tags: Sequence[str]) -> frozenset[str]",
        "release": "(release: ForgeRelease) -> Posted",
        "pull_request": "(number: int) -> PullRequest",
        "open_requests": "(head: str, owner: str = ) -> tuple[PullRequest, ...]",
        "propose": "(head: str, base: str, title: str, body: str) -> Posted",
        "withdraw": "(head: str, base: str, why: str) -> Posted | None",
        "comment": "(number: int, marker: str, text: str) -> Posted",
    },
}
"""What another index, or a forge, has to answer; a property takes nothing."""


OFFLINE = """
import sys
from pathlib import PurePosixPath
from packaging.utils import canonicalize_name
from packaging.version import Version
from monorelease.model.bump import Bump
from monorelease.model.config import Config
from monorelease.model.forge import (
    Change,
    ForgeConfig,
    ForgeKind,
    ForgeRelease,
    Posted,
    PullRequest,
    Site,
)
from monorelease.model.fragment import Entry, Fragment
from monorelease.model.workspace import Member, Workspace
from monorelease.planning.plan import plan_release

def refuse(event, arguments):
    if event.split(".")[0] in {"open", "os", "socket", "subprocess", "import"}:
        raise AssertionError(f"{event} {arguments}")

name = canonicalize_name("core")
core = Member(
    name=name,
    written_name="core",
    path=PurePosixPath("packages/core"),
    version=Version("1.0.43"),
    version_source=None,
)
fragment = Fragment(
    path=PurePosixPath("changes/1042.fix.md"),
    id="1042",
    category="fix",
    entries=(Entry(name=name, bump=Bump.PATCH, line=2),),
    text="Resources are freed.",
)
sys.addaudithook(refuse)
(release,) = plan_release(Workspace(members=(core,)), (fragment,), Config()).releases
sys.stdout.write(str(release.target))
"""


def test_the_planner_takes_values_and_returns_one() -> None:
    signature = inspect.signature(plan_release)

    assert {p.name: (p.annotation, p.kind.name) for p in signature.parameters.values()} == {
        "workspace": ("Workspace", "POSITIONAL_OR_KEYWORD"),
        "fragments": ("Sequence[Fragment]", "POSITIONAL_OR_KEYWORD"),
        "config": ("Config", "POSITIONAL_OR_KEYWORD"),
        "channel": ("Channel", "POSITIONAL_OR_KEYWORD"),
        "scope": ("Scope", "KEYWORD_ONLY"),
    }
    assert signature.return_annotation == "ReleasePlan"
    assert signature.parameters["channel"].default == Stable()
    assert signature.parameters["scope"].default == Scope()


def test_the_planner_of_publishing_takes_values_and_returns_one() -> None:
    assert told(plan_publication) == (
        "(target: IndexTarget, workspace: Workspace, pending: Sequence[Pending], "
        "verified: VerifiedBuild | None, seen: Seen) -> PublishPlan"
    )
    assert told(find_pending) == (
        "(released: Sequence[ReleasedMember], seen: Seen, "
        "wheels_only: Collection[NormalizedName]) -> tuple[Pending, ...]"
    )


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_a_port_asks_this_and_no_more(port: type) -> None:
    asked = {name: each for name, each in vars(port).items() if not name.startswith("_")}
    functions = {n: each.fget if isinstance(each, property) else each for n, each in asked.items()}

    assert PORTS[port] == {
        name: told(function).replace("(self, ", "(").replace("(self)", "()")
        for name, function in functions.items()
        if function is not None
    }


def told(function: Callable[..., object]) -> str:
    """A signature as it is written, without quotes around its types."""
    return str(inspect.signature(function)).replace("'", "")


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_a_value_has_these_fields(value: type) -> None:
    types, own = inspect.get_annotations(value), vars(value)

    assert VALUES[value] == {
        name: f"{types[name]} = …" if name in own["_defaults"] else types[name]
        for name in own["_fields"]
    }


@pytest.mark.parametrize("choice", WORDS, ids=lambda choice: choice.__name__)
def test_a_choice_has_these_words(choice: type[Enum]) -> None:
    assert WORDS[choice] == [getattr(each, "word", each.value) for each in choice]


def test_planning_touches_nothing_in_the_world() -> None:
    """No file, no process, no socket, and no import that was put off."""
    ended = subprocess.run(
        [sys.executable, "-P", "-c", OFFLINE],
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (0, "1.0.44"), ended.stderr


@pytest.mark.parametrize("floor", [planning, reports], ids=lambda floor: floor.__name__)
def test_what_a_floor_offers_to_others_is_there_and_what_it_does_not_is_not(
    floor: ModuleType,
) -> None:
    assert sorted(floor.__all__) == sorted(floor._ROOMS) == list(floor.__all__)
    for name, room in floor._ROOMS.items():
        assert getattr(floor, name).__module__ == f"{floor.__name__}.{room}"
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        floor.nonsense  # noqa: B018 - asking is the test


@pytest.mark.parametrize("floor", ["planning", "reports"])
def test_who_asks_for_nothing_loads_no_room(floor: str) -> None:
    asked = (
        f"import sys, monorelease.{floor}\n"
        f"print([name for name in sys.modules if name.startswith('monorelease.{floor}.')])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, timeout=PATIENCE, check=True
    )

    assert ended.stdout == b"[]\n"
