"""Build what is released: all of it, or nothing and every reason why not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.artifacts import measure, read_folder, store
from monorelease.adapters.build_job import Job, Made, NotMade
from monorelease.adapters.builder import Builder
from monorelease.adapters.difference import first_difference
from monorelease.adapters.export import NOTHING, commit_time
from monorelease.errors import ProblemsFound
from monorelease.model.artifact import Build, BuiltMember
from monorelease.model.finding import Finding
from monorelease.model.publication import ReleasedMember
from monorelease.model.value import value
from monorelease.model.words import short
from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.waves import publication_order
from monorelease.workflows.read import Snapshot
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
    """
    with _built(members, snapshots, means) as (manifest, files):
        store(manifest, files, out)
        return manifest


def read_build(folder: Path) -> tuple[Build, Mapping[str, Path]]:
    """What an earlier build left in `folder`, and where each of its files is, by name.

    Raises:
        BadManifest: there is no manifest, or files are not what it says: all are named.
    """
    return read_folder(folder)


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
            _not_reproducible(member, old[artifact.filename], new.get(artifact.filename))
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
    if findings:
        raise ProblemsFound(tuple(findings))
    together = _together(members, snapshots)
    made = {}
    with TemporaryDirectory(prefix="monorelease-", ignore_cleanup_errors=True) as scratch:
        jobs = tuple(_jobs(members, snapshots, means))
        for result in Builder(means.uv, means.environment).build(jobs, Path(scratch)):
            means.tell(_progress(result))
            if isinstance(result, NotMade):
                findings.append(_does_not_build(result, together[result.job.name].path))
            else:
                made[result.job.name] = result
        if findings:
            raise ProblemsFound(tuple(findings))
        commits = {member.name: member.commit for member in members}
        manifest = Build(
            members=tuple(
                _built_member(made[job.name], commits[job.name], together[job.name].path)
                for job in jobs
            )
        )
        yield manifest, {path.name: path for each in made.values() for path in each.files}


def _jobs(
    members: Sequence[ReleasedMember], snapshots: Mapping[str, Snapshot], means: BuildMeans
) -> Iterator[Job]:
    """Dependencies before dependents."""
    together = _together(members, snapshots)
    times = {c: commit_time(snapshots[c].root, c) for c in {m.commit for m in members}}
    released = {member.name: member for member in members}
    for name in publication_order(together, together.names):
        member = released[name]
        yield Job(
            name=name,
            version=member.version,
            folder=snapshots[member.commit].root / together[name].path,
            epoch=times[member.commit],
            needs=_needed_to_build(name, together),
            wheel_only=name in means.wheels_only,
        )


def _together(members: Sequence[ReleasedMember], snapshots: Mapping[str, Snapshot]) -> Workspace:
    """The members, each as its own commit has it."""
    return Workspace(members=tuple(snapshots[m.commit].workspace[m.name] for m in members))


def _needed_to_build(name: NormalizedName, workspace: Workspace) -> tuple[NormalizedName, ...]:
    """What its build system requires, and all that this requires to be installed."""
    found: dict[NormalizedName, None] = {}
    waiting = [d.on for d in workspace[name].dependencies if d.kind is DependencyKind.BUILD]
    while waiting:
        needed = waiting.pop()
        if needed in workspace and needed not in found and needed != name:
            found[needed] = None
            waiting += [d.on for d in workspace[needed].dependencies if d.is_published]
    return tuple(found)


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


def _not_reproducible(member: BuiltMember, before: Path, now: Path | None) -> Finding:
    if now is None:
        what = f"{before.name} was not built again"
    elif inside := first_difference(before, now):
        what = (
            f"{before.name} came out differently: {inside} is the first file that is not the same"
        )
    else:
        what = f"{before.name} came out differently, in its time stamp or compression alone"
    return Finding(
        code="not-reproducible",
        problem=what,
        hint="pin what its build requires, and let it take the time from SOURCE_DATE_EPOCH",
        path=member.path / "pyproject.toml",
    )


def _progress(result: Made | NotMade) -> str:
    word = "built" if isinstance(result, Made) else "does not build"
    return f"{result.job.name} {result.job.version}: {word}"
