"""Build what is released: all of it, or nothing and every reason why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.artifacts import measure, read_folder, store
from monorelease.adapters.build_job import Job, Made, NotMade
from monorelease.adapters.builder import Builder
from monorelease.adapters.export import NOTHING
from monorelease.adapters.submodules import empty_submodules
from monorelease.errors import ProblemsFound
from monorelease.model.artifact import Build, BuiltMember
from monorelease.model.finding import Finding
from monorelease.model.publication import ReleasedMember
from monorelease.model.value import value
from monorelease.model.words import short
from monorelease.workflows.build_jobs import build_jobs, linked_versions
from monorelease.workflows.read import Snapshot
from monorelease.workflows.reproduction import not_reproducible
from monorelease.workflows.sources import sources


@value
class BuildMeans:
    """With what members are built."""

    uv: tuple[str, ...]
    environment: Mapping[str, str]
    """What build backends see; without secrets."""
    tell: Callable[[str], None]
    """Hears one line a member."""
    wheels_only: Collection[NormalizedName] = ()
    """Members without a source distribution."""
    links: tuple[Path, ...] = ()
    """Folders of earlier builds, with siblings that builds require."""


def build(
    members: Sequence[ReleasedMember],
    snapshots: Mapping[str, Snapshot],
    out: Path,
    means: BuildMeans,
) -> Build:
    """Build all of `members` into the folder `out`, with a manifest.

    Of what else is in that folder only the files of an earlier build are removed.

    Args:
        members: in the workspace's order.
        snapshots: a clean checkout of each of their commits.
        out: made if need be.
        means: with what.

    Returns:
        The manifest, dependencies before dependents.

    Raises:
        ProblemsFound: members that do not build, each with its reasons; `out` is untouched.
        TreeNotWritable: `out` cannot be written.
        MissingTool: a member needs uv, and there is none.
        UsageProblem: one of the folders of `means.links` is not there.
    """
    with _built(members, snapshots, means) as (manifest, files):
        store(manifest, files, out)
        return manifest


def check_rebuild(
    folder: Path,
    root: Path,
    members: Sequence[ReleasedMember],
    means: BuildMeans,
    overlay: Mapping[PurePosixPath, bytes | None] = NOTHING,
) -> tuple[Finding, ...]:
    """Build what is in `folder` again, from fresh checkouts; a finding for each other file.

    Args:
        folder: with an earlier build.
        root: the workspace in the work tree.
        members: among them, those that were built.
        means: with what.
        overlay: as it was given for the earlier build.

    Raises:
        BadManifest: what is in `folder` is not what its manifest says.
        ProblemsFound: it does not even build again.
    """
    before, old = read_folder(folder)
    names = {member.name for member in before.members}
    again = [member for member in members if member.name in names]
    with (
        sources(root, again, overlay) as snapshots,
        _built(again, snapshots, means) as (now, new),
    ):
        digests = {artifact.filename: artifact.sha256 for artifact in now.artifacts}
        return tuple(
            not_reproducible(member, old[artifact.filename], new.get(artifact.filename))
            for member in before.members
            for artifact in member.artifacts
            if artifact.sha256 != digests.get(artifact.filename)
        )


@contextmanager
def _built(
    members: Sequence[ReleasedMember], snapshots: Mapping[str, Snapshot], means: BuildMeans
) -> Iterator[tuple[Build, Mapping[str, Path]]]:
    """The build, and its files by name, in a scratch folder."""
    from tempfile import TemporaryDirectory

    findings = [_not_a_member(m) for m in members if m.name not in snapshots[m.commit].workspace]
    findings = findings or [*_without_submodules(members, snapshots)]
    if findings:
        raise ProblemsFound(tuple(findings))
    made = {}
    with TemporaryDirectory(prefix="monorelease-", ignore_cleanup_errors=True) as scratch:
        jobs = build_jobs(members, snapshots, linked_versions(means.links), means.wheels_only)
        links = [folder.absolute() for folder in means.links]
        for result in Builder(means.uv, means.environment, links).build(jobs, Path(scratch)):
            means.tell(_progress(result))
            if isinstance(result, NotMade):
                findings.append(_does_not_build(result, _place(result.job, snapshots)))
            else:
                made[result.job.name] = result
        if findings:
            raise ProblemsFound(tuple(findings))
        commits = {member.name: member.commit for member in members}
        released = [made[job.name] for job in jobs if job.name in commits]
        manifest = Build(
            members=tuple(
                _built_member(each, commits[each.job.name], _place(each.job, snapshots))
                for each in released
            )
        )
        yield manifest, {path.name: path for each in released for path in each.files}


def _place(job: Job, snapshots: Mapping[str, Snapshot]) -> PurePosixPath:
    """Its folder, relative to the root of the checkout that it is in."""
    roots = (snapshot.root for snapshot in snapshots.values())
    root = next(root for root in roots if job.folder.is_relative_to(root))
    return PurePosixPath(job.folder.relative_to(root).as_posix())


def _built_member(made: Made, commit: str, path: PurePosixPath) -> BuiltMember:
    return BuiltMember(
        name=made.job.name,
        version=made.job.version,
        path=path,
        commit=commit,
        artifacts=tuple(measure(file, made.job.name, made.job.version) for file in made.files),
    )


def _not_a_member(member: ReleasedMember) -> Finding:
    return Finding(
        code="does-not-build",
        problem=f"{member.name} {member.version} is no member of the workspace at its commit, "
        f"{short(member.commit)}",
        hint=f"look at that commit; publish it from another one with --at COMMIT, or release it "
        f"anew; {_others(member.name)}",
        path=member.path / "pyproject.toml",
    )


def _without_submodules(
    members: Sequence[ReleasedMember], snapshots: Mapping[str, Snapshot]
) -> Iterator[Finding]:
    """Members may build without their files, into something else.

    A root that is a member is passed over: it has everybody's submodules, and may need none.
    """
    for commit, snapshot in snapshots.items():
        empty = empty_submodules(snapshot.root, commit)
        for name in (member.name for member in members if member.commit == commit):
            path = snapshot.workspace[name].path
            for submodule in empty if path.parts else ():
                if submodule.is_relative_to(path):
                    yield _empty(name, submodule, path)


def _empty(name: NormalizedName, submodule: PurePosixPath, path: PurePosixPath) -> Finding:
    return Finding(
        code="empty-submodule",
        problem=f"{name}: {submodule} is a submodule, and its files are not in this clone",
        hint=f"git submodule update --init {submodule} (in a workflow: `submodules: true`)",
        path=path / "pyproject.toml",
    )


def _does_not_build(result: NotMade, path: PurePosixPath) -> Finding:
    job = result.job
    return Finding(
        code="does-not-build",
        problem=f"{job.name} {job.version} does not build:\n{result.last_words}",
        hint="mend it, and publish it from the commit that does with --at COMMIT, or release it "
        f"anew; {_others(job.name)}",
        path=path / "pyproject.toml",
    )


def _others(name: NormalizedName) -> str:
    return f"the others: publish --only '*,!{name}'"


def _progress(result: Made | NotMade) -> str:
    word = "built" if isinstance(result, Made) else "does not build"
    return f"{result.job.name} {result.job.version}: {word}"
