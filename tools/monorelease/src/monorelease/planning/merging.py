"""Builds that were made in several places, put together as if they had been made in one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.model.artifact import Artifact, ArtifactKind, Build, BuiltMember
from monorelease.model.finding import Finding
from monorelease.model.publication import Gap, Pending
from monorelease.model.value import replace
from monorelease.model.words import short
from monorelease.planning.graph import knots_of

_WORDS = {ArtifactKind.WHEEL: "wheel", ArtifactKind.SDIST: "source distribution"}

_Share = tuple[str, BuiltMember]
"""What one folder has of a member, and the folder's name."""


def merge(builds: Sequence[tuple[str, Build]]) -> tuple[Build, tuple[Finding, ...]]:
    """One build with the files of all, and where they contradict one another.

    Shares of a member add up, as wheels for several platforms do. What contradicts an earlier
    folder is found and left out. Members stand in an order that agrees with every manifest, if
    there is one.

    Args:
        builds: each with the name by which messages call its folder.
    """
    shares: dict[NormalizedName, list[_Share]] = {}
    for folder, build in builds:
        for member in build.members:
            shares.setdefault(member.name, []).append((folder, member))
    findings = tuple(
        finding
        for found in shares.values()
        for check in (_check_origins, _check_files)
        for finding in check(found)
    )
    members = tuple(_united(shares[name]) for name in _in_order([b for _, b in builds]))
    return Build(members=members), findings


def check_complete(
    build: Build,
    pending: Sequence[Pending],
    wheels_only: Collection[NormalizedName] = frozenset(),
) -> Iterator[Finding]:
    """Everything that has to be uploaded was built, at the version and commit of its release.

    Args:
        build: what there is.
        pending: what is needed.
        wheels_only: members without a source distribution.
    """
    built = {member.name: member for member in build.members}
    for each in pending:
        released, found = each.member, built.get(each.member.name)
        if found is None:
            if each.gap is not None:
                yield Finding(
                    code="not-built",
                    problem=f"{released.name} {released.version} is pending "
                    f"({each.gap.value}), and was not built",
                    hint="add the folder that has it with --from, or publish the others alone: "
                    f"--only '*,!{released.name}'",
                )
        elif (found.version, found.commit) != (released.version, released.commit):
            yield Finding(
                code="built-elsewhere",
                problem=f"{released.name} was built as {_told(found)}, and is released as "
                f"{released.version} by commit {short(released.commit)}",
                hint=f"build it from that commit: `monorelease build {released.name}` in this "
                "clone, or on a checkout of this branch",
            )
        elif each.gap is not None:
            yield from _check_kinds(found, each.gap, needs_sdist=found.name not in wheels_only)


def _check_kinds(found: BuiltMember, gap: Gap, *, needs_sdist: bool) -> Iterator[Finding]:
    """What is there is of the kinds that the index lacks."""
    kinds = {artifact.kind for artifact in found.artifacts}
    lacking = {
        ArtifactKind.WHEEL: gap is not Gap.NO_SDIST,
        ArtifactKind.SDIST: gap is not Gap.NO_WHEEL and needs_sdist,
    }
    for kind, is_lacking in lacking.items():
        if is_lacking and kind not in kinds:
            yield Finding(
                code="not-built",
                problem=f"{found.name} {found.version} is pending ({gap.value}), and no "
                f"{_WORDS[kind]} of it was built",
                hint=f"build the {_WORDS[kind]} in one of the jobs, and add its folder with --from",
            )


def _united(shares: Sequence[_Share]) -> BuiltMember:
    """The first share, with the files that others add; wheels before the source distribution."""
    artifacts: dict[str, Artifact] = {}
    for _, share in _agreeing(shares):
        for artifact in share.artifacts:
            artifacts.setdefault(artifact.filename, artifact)
    wheels_first = sorted(artifacts.values(), key=lambda a: a.kind is not ArtifactKind.WHEEL)
    return replace(shares[0][1], artifacts=tuple(wheels_first))


def _check_origins(shares: Sequence[_Share]) -> Iterator[Finding]:
    """A member was built from one folder of one commit, as one version."""
    place, first = shares[0]
    agreeing = _agreeing(shares)
    for folder, share in shares:
        if (folder, share) not in agreeing:
            yield Finding(
                code="builds-disagree",
                problem=f"{first.name} is {_told(first)} in {place}, and {_told(share)} "
                f"in {folder}",
                hint="let every job build the same commit, and throw old artifacts away",
            )


def _check_files(shares: Sequence[_Share]) -> Iterator[Finding]:
    """A file that several folders have is the same in all of them."""
    seen: dict[str, tuple[str, Artifact]] = {}
    for folder, share in _agreeing(shares):
        for artifact in share.artifacts:
            place, first = seen.setdefault(artifact.filename, (folder, artifact))
            if artifact.sha256 != first.sha256:
                yield Finding(
                    code="artifacts-differ",
                    problem=f"{artifact.filename} has sha256 {first.sha256} in {place}, and "
                    f"{artifact.sha256} in {folder}",
                    hint="let one job alone build what is the same for all platforms, or make "
                    "the build reproducible",
                )


def _agreeing(shares: Sequence[_Share]) -> list[_Share]:
    """Those that come from where the first comes from."""
    origin = _origin(shares[0][1])
    return [(folder, share) for folder, share in shares if _origin(share) == origin]


def _origin(member: BuiltMember) -> tuple[Version, PurePosixPath, str]:
    return member.version, member.path, member.commit


def _told(member: BuiltMember) -> str:
    return f"{member.version} of {member.path} at commit {short(member.commit)}"


def _in_order(builds: Sequence[Build]) -> Iterator[NormalizedName]:
    """Every name once, after those before it in any manifest; else as it appears first."""
    after: dict[NormalizedName, list[NormalizedName]] = {}
    for build in builds:
        names = [member.name for member in build.members]
        after |= {name: after.get(name, []) for name in names}
        for earlier, later in pairwise(names):
            after[later].append(earlier)
    position = {name: place for place, name in enumerate(after)}
    for knot in knots_of(after, after.__getitem__):
        yield from sorted(knot, key=position.__getitem__)
