"""Everything about a release on one value: the one that would be made, or the one in the tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.past import Past
from monorelease.adapters.tree import Tree
from monorelease.errors import ProblemsFound
from monorelease.formats.changelog import section_of
from monorelease.formats.tags import format_tag
from monorelease.formats.text import decode
from monorelease.model.channel import Snapshot as SnapshotChannel
from monorelease.model.finding import Finding, Severity
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.plan import ReleasePlan, Scope
from monorelease.model.review import Prospect, Review, Stage
from monorelease.model.value import replace
from monorelease.model.workspace import VersionFromTags
from monorelease.planning.explanation import why_not
from monorelease.planning.waves import waves
from monorelease.reports.explanation import absence_text
from monorelease.workflows.aftermath import UV_LOCK
from monorelease.workflows.notes import OpenRepository
from monorelease.workflows.outlook import Outlook
from monorelease.workflows.read import Snapshot, origins_of, read, read_tree
from monorelease.workflows.release import prepare
from monorelease.workflows.target import target_of
from monorelease.workflows.written import retrace

_NOTHING = Patch(edits=())
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def review(outlook: Outlook, scope: Scope, open_repository: OpenRepository, day: date) -> Review:
    """The release that would be made now; without changelogs where errors stop it.

    Raises:
        ReleaseError: a file cannot be edited, or a changelog not be rendered.
    """
    try:
        prepared = prepare(outlook, open_repository, day)
    except ProblemsFound as found:
        stopped = replace(outlook, findings=found.findings)
        seen = _look_at(stopped, scope, _NOTHING, open_repository)
        return replace(seen, stage=Stage.STOPPED, date=day.isoformat())
    seen = _look_at(prepared.outlook, scope, prepared.patch, open_repository)
    return replace(seen, date=day.isoformat(), afterwards=_afterwards(outlook.snapshot))


def review_written(root: Path, patch: Patch, open_repository: OpenRepository) -> Review:
    """The release that `patch` wrote into the tree, with what was edited in its files since.

    Raises:
        ReleaseError: the tree cannot be read any more.
    """
    before, tree = read_tree(Past(root, patch)), Tree(root)
    outlook, scope = retrace(before, read(root))
    now = Patch.of(
        tuple(FileEdit(path=e.path, before=e.before, after=tree.read(e.path)) for e in patch.edits)
    )
    outlook = outlook.with_findings(_edited(edit, tree) for edit in _differing(patch, tree))
    seen = _look_at(outlook, scope, now, open_repository)
    days = (found[0] for text in seen.notes.values() if (found := _DAY.search(text)))
    return replace(seen, stage=Stage.WRITTEN, date=next(days, ""))


def _differing(patch: Patch, tree: Tree) -> tuple[FileEdit, ...]:
    return tuple(edit for edit in patch.edits if tree.read(edit.path) != edit.after)


def _edited(edit: FileEdit, tree: Tree) -> Finding:
    word = "is gone" if tree.read(edit.path) is None else "was edited"
    return Finding(
        code="edited-since-release",
        problem=f"{word} since the release wrote it",
        hint="this page shows it as it is now; `monorelease undo --force` would keep a copy",
        severity=Severity.WARNING,
        path=edit.path,
    )


def _look_at(
    outlook: Outlook, scope: Scope, patch: Patch, open_repository: OpenRepository
) -> Review:
    snapshot, plan = outlook.snapshot, outlook.plan
    file = snapshot.config.changelog.file
    repository = open_repository()
    is_known = repository is not None and not repository.is_shallow
    notes = _notes(plan, patch, file)
    return Review(
        title=snapshot.root.name,
        date="",
        stage=Stage.WAITING,
        workspace=snapshot.workspace,
        plan=plan,
        patch=patch,
        notes=notes,
        changelogs={r.name: r.path / file for r in plan.releases if r.name in notes},
        fragments=snapshot.fragments,
        origins=origins_of(snapshot, repository) if is_known else None,
        resting=_resting(outlook, scope),
        findings=outlook.findings,
        prospect=_prospect(snapshot, plan),
    )


def _notes(plan: ReleasePlan, patch: Patch, file: str) -> Mapping[NormalizedName, str]:
    """Each new section as it stands in the changelog that the patch leaves behind."""
    texts = {edit.path: edit.after for edit in patch.edits}
    found = {}
    for release in plan.releases:
        path = release.path / file
        data = texts.get(path)
        section = section_of(decode(data, path), release.target) if data is not None else None
        if section is not None:
            found[release.name] = section
    return found


def _resting(outlook: Outlook, scope: Scope) -> Mapping[NormalizedName, tuple[str, ...]]:
    return {
        name: tuple(absence_text(each) for each in why_not(name, outlook.inspection, scope))
        for name in outlook.snapshot.workspace.names
        if name not in outlook.plan
    }


def _prospect(snapshot: Snapshot, plan: ReleasePlan) -> Prospect:
    config, workspace = snapshot.config, snapshot.workspace
    index = target_of(config, None)
    published = [release for release in plan.releases if not release.private]
    is_snapshot = isinstance(plan.channel, SnapshotChannel)
    tagged = [] if is_snapshot else published
    by_tags = {m.name for m in workspace if isinstance(m.version_source, VersionFromTags)}
    return Prospect(
        index=index,
        waves=waves(workspace, [release.name for release in published]),
        tags={r.name: format_tag(config.tag, r.name, r.target) for r in tagged},
        tagged_first=frozenset(by_tags.intersection(release.name for release in tagged)),
        private=tuple(release.name for release in plan.releases if release.private),
        remote="" if index.is_rehearsal else config.publish.remote,
        forge=config.forge,
    )


def _afterwards(snapshot: Snapshot) -> tuple[str, ...]:
    """What is done once the patch is written: nobody can tell before what will come of it."""
    import shlex

    hooks = (shlex.join(command) for command in snapshot.config.hooks_after_release)
    has_lock = snapshot.tree.read(PurePosixPath(UV_LOCK)) is not None
    return (*["uv lock"] * has_lock, *hooks)
