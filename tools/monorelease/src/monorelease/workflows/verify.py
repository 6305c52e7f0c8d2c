"""Open what was built, compare it with its tree, install it all together and import it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.adapters.archives import digest_of, open_archive
from monorelease.adapters.readme import check_readmes
from monorelease.adapters.trial import Candidate, Trial
from monorelease.errors import ProblemsFound
from monorelease.formats.contents import parse_contents
from monorelease.formats.declared import read_declared
from monorelease.formats.text import decode
from monorelease.formats.toml import parse
from monorelease.model.artifact import ArtifactKind, Build, BuiltMember, VerifiedBuild
from monorelease.model.contents import Declared, OpenedMember
from monorelease.model.finding import Finding
from monorelease.model.index import Project
from monorelease.model.value import value
from monorelease.model.words import short
from monorelease.planning.verification import check_contents
from monorelease.workflows.read import Snapshot


@value
class VerifyMeans:
    """What verifying needs to know of the world, and to work with."""

    simple_url: str
    """Where siblings are installed from that are not in the build."""
    projects: Mapping[NormalizedName, Project]
    """What the index has already, by member."""
    uv: tuple[str, ...]
    environment: Mapping[str, str]
    """For all that is started: without secrets."""
    tell: Callable[[str], None]
    """Hears one line of progress at a time."""


@value
class Verdict:
    """A build that may be published, and what is odd about it all the same."""

    verified: VerifiedBuild
    findings: tuple[Finding, ...]
    """Warnings."""


def compare(
    build: Build, files: Mapping[str, Path], snapshots: Mapping[str, Snapshot]
) -> tuple[Finding, ...]:
    """What is odd about what was built, whatever else it will stand among.

    The arguments are those of `check`.

    Raises:
        ProblemsFound: what speaks against it.
    """
    opened, problems = _open_all(build, files, snapshots)
    findings = (*problems, *check_contents(opened, build, projects=None))
    _demand_no_errors(findings)
    return findings


def check(
    build: Build,
    files: Mapping[str, Path],
    snapshots: Mapping[str, Snapshot],
    means: VerifyMeans,
) -> tuple[Finding, ...]:
    """What is odd about what is in the files; this alone lets nothing be published.

    Args:
        build: the manifest.
        files: where each of its artifacts is, by name.
        snapshots: for each commit that it was built from, the tree there.
        means: what it takes.

    Raises:
        ProblemsFound: all that speaks against it.
    """
    _, findings = _examine(build, files, snapshots, means)
    return findings


def verify(
    build: Build,
    files: Mapping[str, Path],
    snapshots: Mapping[str, Snapshot],
    means: VerifyMeans,
) -> Verdict:
    """The same build, verified: nothing else makes what is published.

    It is installed only once nothing speaks against what is in it: that takes longest, and would
    mostly say the same again. The arguments are those of `check`.

    Raises:
        ProblemsFound: all that speaks against it.
        MissingTool: uv is not there.
    """
    opened, warnings = _examine(build, files, snapshots, means)
    candidates = [_candidate(member, files) for member in opened]
    trial = Trial(means.uv, means.environment)
    findings = (*warnings, *trial.run(candidates, means.simple_url, means.tell))
    _demand_no_errors(findings)
    return Verdict(verified=VerifiedBuild(build=build), findings=findings)


def _examine(
    build: Build,
    files: Mapping[str, Path],
    snapshots: Mapping[str, Snapshot],
    means: VerifyMeans,
) -> tuple[tuple[OpenedMember, ...], tuple[Finding, ...]]:
    means.tell(f"opening {len(build.artifacts)} files")
    opened, problems = _open_all(build, files, snapshots)
    contents = check_contents(opened, build, means.projects)
    readmes = check_readmes(_in_rst(opened), means.uv, means.environment)
    findings = (*problems, *contents, *readmes)
    _demand_no_errors(findings)
    return opened, findings


def _demand_no_errors(findings: tuple[Finding, ...]) -> None:
    if any(finding.is_error for finding in findings):
        raise ProblemsFound(findings)


def _open_all(
    build: Build, files: Mapping[str, Path], snapshots: Mapping[str, Snapshot]
) -> tuple[tuple[OpenedMember, ...], tuple[Finding, ...]]:
    """Those members of which everything is there, and what is wrong with them and the others."""
    opened = []
    findings: list[Finding] = []
    for built in build.members:
        snapshot = snapshots.get(built.commit)
        missing = [*_check_files(built, files)]
        if snapshot is None or built.name not in snapshot.workspace:
            missing.append(_stranger(built))
        elif not missing:
            member, problems = _open(built, files, snapshot)
            opened.append(member)
            findings += problems
        findings += missing
    return tuple(opened), tuple(findings)


def _check_files(built: BuiltMember, files: Mapping[str, Path]) -> Iterator[Finding]:
    """The files are those that the manifest lists, byte for byte."""
    for artifact in built.artifacts:
        try:
            is_same = digest_of(files[artifact.filename]) == (artifact.sha256, artifact.size)
            problem = "" if is_same else "is not the file that was built: its bytes are others"
        except KeyError:
            problem = "is not there"
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
        if problem:
            yield Finding(
                code="changed-since-build",
                problem=f"{artifact.filename} {problem}",
                hint="build it again",
                path=built.path / "pyproject.toml",
            )


def _stranger(built: BuiltMember) -> Finding:
    return Finding(
        code="not-in-tree",
        problem=f"{built.name} {built.version} was built from {short(built.commit)}, where there "
        "is no such member",
        hint="build it again, from its release commit",
        path=built.path / "pyproject.toml",
    )


def _open(
    built: BuiltMember, files: Mapping[str, Path], snapshot: Snapshot
) -> tuple[OpenedMember, tuple[Finding, ...]]:
    manifest = built.path / "pyproject.toml"
    pairs = [
        parse_contents(artifact, open_archive(files[artifact.filename]), manifest)
        for artifact in built.artifacts
    ]
    opened = OpenedMember(
        built=built,
        workspace=snapshot.workspace,
        declared=_declared(snapshot, manifest),
        contents=tuple(contents for contents, _ in pairs),
    )
    return opened, tuple(finding for _, findings in pairs for finding in findings)


def _declared(snapshot: Snapshot, manifest: PurePosixPath) -> Declared:
    data = snapshot.tree.read(manifest)
    return read_declared(parse(decode(data, manifest)) if data is not None else {})


def _in_rst(members: Sequence[OpenedMember]) -> dict[PurePosixPath, str]:
    """The descriptions that only PyPI's own renderer can judge."""
    return {
        opened.member.manifest: contents.metadata.description
        for opened in members
        for contents in opened.contents
        if contents.metadata is not None
        and contents.metadata.description_content_type == "text/x-rst"
    }


def _candidate(opened: OpenedMember, files: Mapping[str, Path]) -> Candidate:
    wheels = [c for c in opened.contents if c.kind is ArtifactKind.WHEEL]
    described = [c.metadata for c in wheels if c.metadata is not None]
    return Candidate(
        name=opened.built.name,
        manifest=opened.member.manifest,
        wheels=tuple(files[wheel.filename].absolute() for wheel in wheels),
        requires_python=next((m.requires_python for m in described), None),
        needs=frozenset(
            name
            for metadata in described
            for requirement in metadata.requirements
            if (name := canonicalize_name(requirement.name)) in opened.workspace
            and (requirement.marker is None or requirement.marker.evaluate({"extra": ""}))
        ),
        modules=tuple(dict.fromkeys(m for wheel in wheels for m in wheel.modules)),
        entry_points=tuple(dict.fromkeys(e for wheel in wheels for e in wheel.entry_points)),
        has_extras=any(metadata.extras for metadata in described),
    )
