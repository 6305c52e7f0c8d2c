"""Find everything that would go wrong, before anything is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.commit_log import file_at
from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.formats.fragment_names import is_fragment
from monorelease.formats.tags import format_tag
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.version import read_version
from monorelease.model.workspace import VersionFromTags, Workspace
from monorelease.planning.checks import check_touched, check_tracked
from monorelease.workflows.ci import check_workflows
from monorelease.workflows.members import NOTHING_YET
from monorelease.workflows.outlook import Outlook, look_ahead
from monorelease.workflows.read import Snapshot
from monorelease.workflows.taken import check_taken


def check(
    snapshot: Snapshot,
    repository: Repository | None,
    since: str | None = None,
    *,
    api: bool = False,
    floors: bool = False,
) -> tuple[Finding, ...]:
    """Everything found: in fragments and configuration, between members, and with git.

    With `since`, also every member that was changed since that ref parted from HEAD and that
    no fragment of the change names. With `api`, or where the configuration has a level for
    it, also versions that the public API belies; with `floors` constraints that let in what
    lacks a name.

    Raises:
        UsageProblem: `since` without git, with an unknown ref, or beyond a shallow clone; `api`
            or `floors` without git.
    """
    outlook = look_ahead(snapshot).with_findings(check_workflows(snapshot))
    outlook = outlook.with_findings(check_taken(outlook))
    if repository is not None:
        outlook = outlook.with_findings(_changelogs(snapshot, repository))
        outlook = outlook.with_findings(_depth(repository, since))
        outlook = outlook.with_findings(_untagged(snapshot, repository))
    if since is not None:
        outlook = outlook.with_findings(_since(outlook, repository, since))
    if api or (snapshot.config.api is not None and repository is not None):
        from monorelease.workflows.api import check_api

        touched = _touched(snapshot, repository, since)
        outlook = outlook.with_findings(check_api(outlook, repository, touched))
    if floors:
        from monorelease.workflows.floors import check_floors

        outlook = outlook.with_findings(check_floors(outlook, repository))
    return outlook.findings


def touched_members(
    paths: Iterable[PurePosixPath], workspace: Workspace, config: Config
) -> dict[NormalizedName, PurePosixPath]:
    """For each member with a file among `paths`: the first such file.

    A file belongs to the member with the deepest folder around it. Fragments and changelogs
    do not count, which speak of changes; nor do hidden files and what is in hidden folders,
    which configure tools.
    """
    fragments = PurePosixPath(config.towncrier.directory)
    folders = {member.path: member.name for member in workspace}
    touched: dict[NormalizedName, PurePosixPath] = {}
    for path in sorted(paths):
        folder = next((f for f in path.parents if f in folders), None)
        if folder is None or fragments in path.parents or path == config.changelog.aggregate:
            continue
        below = path.relative_to(folder)
        if str(below) != config.changelog.file and not any(p[0] == "." for p in below.parts):
            touched.setdefault(folders[folder], path)
    return touched


def members_released(
    changed: Collection[PurePosixPath], snapshot: Snapshot
) -> Iterator[NormalizedName]:
    """Members that the change itself releases: it consumes fragments and writes changelogs.

    Those that only follow, with a constraint in a dependency group, say, need no words either.
    """
    folder = PurePosixPath(snapshot.config.towncrier.directory)
    if any(path.parent == folder and not snapshot.tree.exists(path) for path in changed):
        for member in snapshot.workspace:
            own = {path for path in changed if member.path in path.parents}
            is_follower = own == {member.manifest}
            if is_follower or member.path / snapshot.config.changelog.file in own:
                yield member.name


def _touched(
    snapshot: Snapshot, repository: Repository | None, since: str | None
) -> Collection[NormalizedName]:
    """The members that were changed since that ref; none where it is not asked."""
    if repository is None or since is None:
        return ()
    changed = repository.changed_since(since)
    return touched_members(changed, snapshot.workspace, snapshot.config).keys()


def _changelogs(snapshot: Snapshot, repository: Repository) -> Iterator[Finding]:
    file = snapshot.config.changelog.file
    paths = [member.path / file for member in snapshot.workspace]
    yield from check_tracked(repository.ignored(paths))


def _depth(repository: Repository, since: str | None) -> Iterator[Finding]:
    if since is None and repository.is_shallow:
        yield Finding(
            code="shallow-clone",
            problem="this clone is shallow: which commit added a fragment cannot be told",
            hint="fetch the history (git fetch --unshallow; in a workflow fetch-depth: 0) "
            "before a release that links to commits",
            severity=Severity.WARNING,
        )


def _untagged(snapshot: Snapshot, repository: Repository) -> Iterator[Finding]:
    """Members whose version is a tag of another name than tags have here."""
    tagged = (m for m in snapshot.workspace if isinstance(m.version_source, VersionFromTags))
    none = [member for member in tagged if member.version == NOTHING_YET]
    versions = {t: read_version(t.removeprefix("v")) for t in repository.tags()} if none else {}
    plain = max(((v, tag) for tag, v in versions.items() if v is not None), default=None)
    if plain is None:
        return
    version, tag = plain
    for member in none:
        wanted = format_tag(snapshot.config.tag, member.name, version)
        yield Finding(
            code="version-without-tag",
            problem=f"the version of {member.name} is a tag, and none is named like {wanted}: it "
            f"counts as {NOTHING_YET}",
            hint=f"if {version} is out, say so: git tag {wanted} {tag}; or see to `tag` of "
            "[tool.monorelease]",
            severity=Severity.WARNING,
            path=member.manifest,
        )


def _since(outlook: Outlook, repository: Repository | None, since: str) -> Iterator[Finding]:
    if repository is None:
        raise UsageProblem("--since needs git, and this is no git repository", hint="leave it out")
    snapshot = outlook.snapshot
    changed = set(repository.changed_since(since))
    fragments = [f for f in snapshot.fragments if f.path in changed]
    touched = touched_members(changed, snapshot.workspace, snapshot.config)
    released = tuple(members_released(changed, snapshot))
    for name in released:
        touched.pop(name, None)
    yield from check_touched(touched, fragments, snapshot.workspace, snapshot.config)
    if not released:
        start = repository.fork_point(since)
        yield from _taken_back(snapshot, repository, start, changed)


def _taken_back(
    snapshot: Snapshot, repository: Repository, start: str, changed: Collection[PurePosixPath]
) -> Iterator[Finding]:
    """Fragments that were there, and that no other one repeats under another name."""
    folder = PurePosixPath(snapshot.config.towncrier.directory)
    said = {snapshot.tree.read(f.path) for f in snapshot.fragments if f.path in changed}
    for path in sorted(changed):
        is_gone = path.parent == folder and is_fragment(path) and not snapshot.tree.exists(path)
        if is_gone and file_at(repository, start, path) not in said:
            yield Finding(
                code="fragment-taken-back",
                problem=f"{path} is taken away: what it says goes out with no release",
                hint="put it back if that is not meant",
                severity=Severity.WARNING,
            )
