"""What publishing will do to index and tags: decided whole, before the first upload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from packaging.utils import NormalizedName

from monorelease.model.artifact import Artifact, BuiltMember, VerifiedBuild
from monorelease.model.index import IndexTarget, Project
from monorelease.model.publication import (
    AlreadyThere,
    Conflict,
    Pending,
    PlannedFile,
    PlannedTag,
    PublishPlan,
    Upload,
)
from monorelease.model.workspace import Workspace
from monorelease.planning.pending import Seen
from monorelease.planning.waves import waves


def plan_publication(
    target: IndexTarget,
    workspace: Workspace,
    pending: Sequence[Pending],
    verified: VerifiedBuild | None,
    seen: Seen,
) -> PublishPlan:
    """The fate of every file of what is pending, in the order of upload; tags, announcements.

    Every file that was built of what is pending is looked for by itself, and be it pending for
    its tag alone: a wheel for one more platform may be missing. What was built and is not
    pending, or was built at another version or commit, has no part in it. Without a build there
    are no files: waves, tags and new names are known all the same, so that what speaks against
    them can be told before anything is built.
    """
    built = _built(pending, verified)
    due = [p.member.name for p in pending if p.gap is not None or p.member.name in built]
    in_order = waves(workspace, due)
    names = [name for wave in in_order for name in wave]
    return PublishPlan(
        index=target,
        waves=in_order,
        files=tuple(
            _fate(built[name], artifact, seen.projects[name])
            for name in names
            if name in built
            for artifact in built[name].artifacts
        ),
        tags=tuple(_tags(pending)),
        announcements=tuple(p.member for p in pending if p.announce),
        roll_up=seen.roll_up,
        new_names=tuple(name for name in names if not seen.projects[name].is_known),
        knows_nobody=_knows_nobody(workspace, seen),
    )


def _built(
    pending: Sequence[Pending], verified: VerifiedBuild | None
) -> Mapping[NormalizedName, BuiltMember]:
    wanted = {(p.member.name, p.member.version, p.member.commit) for p in pending}
    members = verified.build.members if verified else ()
    return {m.name: m for m in members if (m.name, m.version, m.commit) in wanted}


def _fate(member: BuiltMember, artifact: Artifact, project: Project) -> PlannedFile:
    listed = {file.filename: file.sha256 for file in project.files}
    name, version = member.name, member.version
    if artifact.filename not in listed:
        return Upload(name=name, version=version, artifact=artifact)
    theirs = listed[artifact.filename]
    if theirs == artifact.sha256:
        return AlreadyThere(name=name, version=version, artifact=artifact)
    return Conflict(name=name, version=version, artifact=artifact, theirs=theirs)


def _tags(pending: Sequence[Pending]) -> Iterator[PlannedTag]:
    """The tags that have to go somewhere, and those that builds rely on."""
    for each in pending:
        member = each.member
        if each.tag_here or each.tag_there or (member.tag_first and member.tag):
            yield PlannedTag(
                name=member.tag,
                member=member.name,
                version=member.version,
                commit=member.commit,
                make=each.tag_here,
                push=each.tag_there,
                first=member.tag_first,
            )


def _knows_nobody(workspace: Workspace, seen: Seen) -> bool:
    """Whether the index, asked for everybody, has nothing under any name."""
    everybody = {m.name for m in workspace if not m.private and m.version is not None}
    is_asked = len(everybody) > 1 and everybody <= seen.projects.keys()
    return is_asked and not any(project.is_known for project in seen.projects.values())
