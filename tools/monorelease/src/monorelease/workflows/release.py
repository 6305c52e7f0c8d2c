"""Fragments into versions, constraints and changelogs: first as a value, then in the tree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from monorelease.errors import DirtyTree, GitFailed, UsageProblem
from monorelease.formats.changelog import line_of_section
from monorelease.formats.tags import format_tag
from monorelease.formats.text import decode
from monorelease.model.channel import Snapshot as SnapshotChannel
from monorelease.model.finding import Finding
from monorelease.model.patch import Patch
from monorelease.model.plan import Release, ReleasePlan
from monorelease.model.value import value
from monorelease.model.words import first_of, some_of
from monorelease.model.workspace import Member, VersionFromTags
from monorelease.planning.checks import check_tracked
from monorelease.workflows.draft import draft
from monorelease.workflows.notes import OpenRepository, rendering_notes
from monorelease.workflows.outlook import Outlook
from monorelease.workflows.taken import check_taken

if TYPE_CHECKING:
    from monorelease.adapters.git import Repository
    from monorelease.workflows.aftermath import Means


@value
class Prepared:
    """A release that nothing speaks against, before it is an act."""

    outlook: Outlook
    patch: Patch

    @property
    def plan(self) -> ReleasePlan:
        """What is released."""
        return self.outlook.plan


def prepare(outlook: Outlook, open_repository: OpenRepository, day: date) -> Prepared:
    """Draft every file of the release; nothing is written.

    Raises:
        ProblemsFound: something speaks against it.
        ReleaseError: a file cannot be edited, or a changelog not be rendered.
    """
    snapshot = outlook.snapshot
    outlook = outlook.with_findings(_new_changelogs(outlook, open_repository))
    outlook = outlook.with_findings(_written_before(outlook))
    outlook = outlook.with_findings(check_taken(outlook))
    outlook.demand_no_errors()
    day_words = day.isoformat()
    with rendering_notes(outlook.plan, snapshot, open_repository, day_words) as finish:
        patch = draft(outlook.plan, snapshot, finish)
    return Prepared(outlook=outlook, patch=patch)


def apply(prepared: Prepared, open_repository: OpenRepository, means: Means) -> Patch:
    """Write the release into the work tree, all of it or nothing.

    The lock file and the owner's hooks follow in the same transaction, by `means`.

    Returns:
        All that was changed, by hooks too.

    Raises:
        ReleaseError: then the tree is as it was.
    """
    from monorelease.adapters.journal import transaction
    from monorelease.adapters.state import RELEASE, state_folder
    from monorelease.workflows.aftermath import run_hooks, update_lock

    snapshot = prepared.outlook.snapshot
    state = state_folder(snapshot.root)
    with transaction(snapshot.root, state, prepared.patch, label=RELEASE) as run:
        update_lock(snapshot, means, run)
        run_hooks(snapshot, means, open_repository, run)
    return run.patch_so_far()


def commit(prepared: Prepared, patch: Patch, repository: Repository) -> str:
    """Commit what `apply` wrote, and only that; the commit's name.

    Raises:
        GitFailed: git refused; then the tree is as it was before `apply`.
    """
    from monorelease.adapters.state import state_folder
    from monorelease.adapters.undo import forget, undo

    root = prepared.outlook.snapshot.root
    state = state_folder(root)
    paths = [edit.path for edit in patch.edits]
    try:
        name = repository.commit(paths, commit_message(prepared.plan))
    except GitFailed:
        undo(root, state, force=True)
        raise
    forget(state)
    return name


def tags_to_make(prepared: Prepared) -> tuple[str, ...]:
    """The tags that are the versions of members which have them nowhere else."""
    snapshot = prepared.outlook.snapshot
    return tuple(
        format_tag(snapshot.config.tag, release.name, release.target)
        for release in prepared.plan.releases
        if isinstance(snapshot.workspace[release.name].version_source, VersionFromTags)
    )


def demand_committable(channel: object, repository: Repository | None) -> Repository:
    """The repository, if a release can be committed to it now.

    Raises:
        UsageProblem: snapshots are never committed, and there is no commit without git.
        DirtyTree: there are changes that are not the release's.
    """
    if isinstance(channel, SnapshotChannel):
        raise UsageProblem("a snapshot is never committed", hint="leave --commit out")
    if repository is None:
        raise UsageProblem("--commit needs git, and there is none here", hint="leave it out")
    if dirty := repository.dirty():
        raise DirtyTree(
            f"there are uncommitted changes: {some_of([str(path) for path in dirty])}",
            hint="commit or stash them first; --commit commits the release and nothing else",
        )
    return repository


def commit_message(plan: ReleasePlan) -> str:
    """What the release commit says: who moved from where to where."""
    title = first_of([f"{r.name} {r.target}" for r in plan.releases])
    moves = "\n".join(f"{r.name} {r.current} -> {r.target}" for r in plan.releases)
    return f"Release {title}\n\n{moves}\n"


def _written_before(outlook: Outlook) -> Iterator[Finding]:
    """Changelogs that have the section already which this release would write."""
    snapshot = outlook.snapshot
    for release in outlook.plan.releases:
        path = release.path / snapshot.config.changelog.file
        data = snapshot.tree.read(path)
        line = line_of_section(decode(data, path), release.target) if data is not None else None
        if line is not None:
            yield Finding(
                code="section-exists",
                problem=f"there is a section on {release.target} already",
                hint=_way_out(snapshot.workspace[release.name], release, snapshot.config.tag),
                path=path,
                line=line,
            )


def _way_out(member: Member, release: Release, template: str) -> str:
    if isinstance(member.version_source, VersionFromTags):
        tag = format_tag(template, release.name, release.target)
        return f"if {release.target} is out, tag it: git tag {tag}"
    return "remove it, or release another version"


def _new_changelogs(outlook: Outlook, open_repository: OpenRepository) -> Iterator[Finding]:
    """Changelogs that this release begins, if git would leave them out of the commit.

    One that is there already is committed, or `check` tells; asking git takes time.
    """
    snapshot = outlook.snapshot
    if isinstance(outlook.plan.channel, SnapshotChannel):
        return
    paths = [release.path / snapshot.config.changelog.file for release in outlook.plan.releases]
    new = [path for path in paths if snapshot.tree.read(path) is None]
    if new and (repository := open_repository()) is not None:
        yield from check_tracked(repository.ignored(new))
