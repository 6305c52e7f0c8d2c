"""The artifacts of releases: made here, or gathered from where they were made, and inspected."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from packaging.utils import NormalizedName

from monorelease.adapters.artifacts import read_folder
from monorelease.errors import BadManifest, MissingTool, ProblemsFound
from monorelease.model.artifact import Build
from monorelease.model.finding import Finding
from monorelease.model.index import Project
from monorelease.model.publication import Gap, Pending, ReleasedMember
from monorelease.model.value import value
from monorelease.planning.merging import check_complete, merge
from monorelease.workflows.build import BuildMeans, build, check_rebuild
from monorelease.workflows.outstanding import released_of, wheels_only_of
from monorelease.workflows.ports import Index
from monorelease.workflows.read import Snapshot
from monorelease.workflows.released import overlay_of
from monorelease.workflows.sources import sources
from monorelease.workflows.verify import VerifyMeans, check, compare, verify


@value
class Workshop:
    """With what artifacts are made and tried."""

    uv: tuple[str, ...]
    environment: Mapping[str, str]
    """For builds and imports: without what opens an index or a forge."""
    tell: Callable[[str], None]
    """Hears one line of progress at a time."""

    def build_means(self, snapshot: Snapshot) -> BuildMeans:
        """The same for building what the configuration of `snapshot` is about."""
        return BuildMeans(
            uv=self.uv,
            environment=self.environment,
            tell=self.tell,
            wheels_only=wheels_only_of(snapshot),
        )

    def verify_means(self, index: Index, projects: Mapping[NormalizedName, Project]) -> VerifyMeans:
        """The same for verifying what goes to `index`, which has `projects` already."""
        return VerifyMeans(
            simple_url=index.simple_url,
            projects=projects,
            uv=self.uv,
            environment=self.environment,
            tell=self.tell,
        )


@value
class Inspection:
    """What `inspect` looks at, and how closely."""

    folders: tuple[Path, ...]
    at: str | None = None
    """The commit for every member, instead of the one that released it."""
    installs: bool = True
    rebuilds: bool = False


def make(
    members: Sequence[ReleasedMember], snapshot: Snapshot, out: Path, means: BuildMeans
) -> tuple[Build, tuple[Finding, ...]]:
    """Build these members, each from its own commit, into `out`; nothing at all for nobody.

    Returns:
        The manifest, and what is odd about what was built.

    Raises:
        ProblemsFound: members that do not build, or into something else than their tree says.
    """
    if not members:
        return Build(members=()), ()
    with sources(snapshot.root, members, overlay_of(snapshot)) as snapshots:
        made = build(members, snapshots, out, means)
        files = {artifact.filename: out / artifact.filename for artifact in made.artifacts}
        return made, compare(made, files, snapshots)


def gather(
    folders: Sequence[Path],
    due: Sequence[Pending],
    wheels_only: Collection[NormalizedName] = frozenset(),
) -> tuple[Build, Mapping[str, Path]]:
    """What was built into these folders, as one build, and where its files are.

    Raises:
        BadManifest: what is in a folder is not what its manifest says.
        ProblemsFound: the folders contradict each other, or are not what is `due`.
    """
    builds = {str(folder): read_folder(folder) for folder in folders}
    made, findings = merge([(name, each) for name, (each, _) in builds.items()])
    findings = (*findings, *check_complete(made, due, wheels_only))
    if any(finding.is_error for finding in findings):
        raise ProblemsFound(findings)
    return made, {name: path for _, paths in builds.values() for name, path in paths.items()}


def listed(
    members: Sequence[ReleasedMember], snapshots: Mapping[str, Snapshot], index: Index
) -> Mapping[NormalizedName, Project]:
    """What the index has of these members, and of all whom they require.

    Raises:
        IndexUnavailable: it cannot be asked.
    """
    names = {member.name: None for member in members}
    for member in members:
        workspace = snapshots[member.commit].workspace
        dependencies = workspace[member.name].dependencies if member.name in workspace else ()
        # A private name is nothing that an index for others should hear of.
        names |= {
            d.on: None for d in dependencies if d.is_published and not workspace[d.on].private
        }
    return index.projects(tuple(names))


def made_before(
    folder: Path, due: Sequence[Pending], wheels_only: Collection[NormalizedName]
) -> tuple[Build, Mapping[str, Path]] | None:
    """What an earlier run has built into `folder`, where a version of it has arrived in part.

    That one can only be completed with the very same files, and not every backend makes them
    twice. It has to be all that is `due`, of these commits; of a snapshot no commit tells what
    lay over it. Whatever else there is, is built anew.
    """
    is_in_part = any(pending.gap in {Gap.NO_WHEEL, Gap.NO_SDIST} for pending in due)
    if not is_in_part or not all(pending.member.tag for pending in due):
        return None
    try:
        made, files = gather([folder], due, wheels_only)
    except (BadManifest, ProblemsFound):
        return None
    names = {pending.member.name for pending in due}
    return Build(members=tuple(m for m in made.members if m.name in names)), files


@contextmanager
def collecting(findings: list[Finding]) -> Iterator[None]:
    """Problems do not end the search for others."""
    try:
        yield
    except ProblemsFound as problems:
        findings += problems.findings
    except MissingTool as missing:
        findings.append(Finding(code="missing-tool", problem=str(missing), hint=missing.hint))


def inspect(
    inspection: Inspection, snapshot: Snapshot, index: Index, workshop: Workshop
) -> tuple[Build, tuple[Finding, ...]]:
    """Verify what was built earlier; what is in the folders, and warnings.

    Raises:
        ProblemsFound: it is not fit to be published; all reasons at once.
    """
    built, _ = gather(inspection.folders, ())
    released = released_of(snapshot, at=inspection.at)
    names = {member.name for member in built.members}
    members = [member for member in released if member.name in names]
    due = [_settled(member) for member in members]
    made, files = gather(inspection.folders, due)
    overlay = overlay_of(snapshot)
    findings: list[Finding] = []
    with sources(snapshot.root, members, overlay) as snapshots:
        means = workshop.verify_means(index, listed(members, snapshots, index))
        with collecting(findings):
            if inspection.installs:
                findings += verify(made, files, snapshots, means).findings
            else:
                findings += check(made, files, snapshots, means)
    if inspection.rebuilds:
        for folder in inspection.folders:
            again = workshop.build_means(snapshot)
            findings += check_rebuild(folder, snapshot.root, members, again, overlay)
    if any(finding.is_error for finding in findings):
        raise ProblemsFound(tuple(findings))
    return made, tuple(findings)


def _settled(member: ReleasedMember) -> Pending:
    """A member of which nothing has to be there, but what is there has to be right."""
    return Pending(member=member, gap=None, tag_here=False, tag_there=False, announce=False)
