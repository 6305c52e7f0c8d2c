"""From what is released to what people can install: prepared whole, then carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.git import Repository
from monorelease.adapters.git_process import GitProcess
from monorelease.adapters.remote import Remote
from monorelease.errors import ProblemsFound
from monorelease.formats.changelog import section_of
from monorelease.formats.text import decode
from monorelease.model.artifact import Build, VerifiedBuild
from monorelease.model.finding import Finding
from monorelease.model.publication import Announcement, PublishPlan, ReleasedMember
from monorelease.model.value import replace, value
from monorelease.planning.obstacles import Circumstances, check_publication
from monorelease.planning.publication import plan_publication
from monorelease.workflows.artifacts import Workshop, collecting, gather, listed, made_before
from monorelease.workflows.build import build
from monorelease.workflows.outstanding import Outstanding
from monorelease.workflows.ports import Index
from monorelease.workflows.read import Snapshot
from monorelease.workflows.sources import sources
from monorelease.workflows.verify import verify


@value
class Prepared:
    """A publication that nothing speaks against, before it is an act."""

    outstanding: Outstanding
    plan: PublishPlan
    files: Mapping[str, Path]
    """Where each artifact is, by its name."""
    notes: Mapping[NormalizedName, Announcement]
    findings: tuple[Finding, ...]
    """What a person should know all the same."""


def prepare(
    outstanding: Outstanding,
    index: Index,
    workshop: Workshop,
    out: Path,
    given: Sequence[Path] = (),
) -> Prepared:
    """Build, verify and plan; nothing outside of `out` is touched.

    Args:
        outstanding: what is pending.
        index: where it will go.
        workshop: with what it is built.
        out: where artifacts and their manifest are put.
        given: folders with artifacts and manifests that were made elsewhere, instead.

    Raises:
        ProblemsFound: everything that speaks against it, at once.
    """
    members = _told_of(outstanding)
    verified: VerifiedBuild | None = None
    files: Mapping[str, Path] = {}
    findings: list[Finding] = []
    with sources(outstanding.snapshot.root, members, outstanding.overlay) as snapshots:
        notes = {m.name: _announcement(m, snapshots[m.commit]) for m in members}
        if given or any(pending.gap for pending in outstanding.pending):
            with collecting(findings):
                made, files = _artifacts(outstanding, snapshots, workshop, out, given)
                means = workshop.verify_means(index, listed(members, snapshots, index))
                verdict = verify(made, files, snapshots, means)
                verified = verdict.verified
                findings += verdict.findings
    snapshot, seen = outstanding.snapshot, outstanding.seen
    plan = plan_publication(index.target, snapshot.workspace, outstanding.pending, verified, seen)
    findings += check_publication(plan, _circumstances(outstanding, index, given))
    findings += _check_identity(plan, snapshot.root)
    if any(finding.is_error for finding in findings):
        raise ProblemsFound(tuple(findings))
    return Prepared(
        outstanding=outstanding, plan=plan, files=files, notes=notes, findings=tuple(findings)
    )


def _told_of(outstanding: Outstanding) -> tuple[ReleasedMember, ...]:
    """Whose notes are needed: of what is pending, and of those on the page about the wave."""
    roll_up = outstanding.seen.roll_up
    also = roll_up.members if roll_up is not None else ()
    members = (*(pending.member for pending in outstanding.pending), *also)
    return tuple({member.name: member for member in members}.values())


def _announcement(member: ReleasedMember, snapshot: Snapshot) -> Announcement:
    path = member.path / snapshot.config.changelog.file
    data = snapshot.tree.read(path)
    text = decode(data, path) if data is not None else ""
    return Announcement(member=member, notes=section_of(text, member.version) or "")


def _artifacts(
    outstanding: Outstanding,
    snapshots: Mapping[str, Snapshot],
    workshop: Workshop,
    out: Path,
    given: Sequence[Path],
) -> tuple[Build, Mapping[str, Path]]:
    """What was made of everything that has to be uploaded, and where it is.

    What is given may have more of a member than the index, which is pending for its tag alone.

    Raises:
        ProblemsFound: a member does not build, or what is given is not what is pending.
    """
    if given:
        made, files = gather(given, outstanding.pending, outstanding.wheels_only)
        pending = {each.member.name for each in outstanding.pending}
        return Build(members=tuple(m for m in made.members if m.name in pending)), files
    due = [each for each in outstanding.pending if each.gap is not None]
    if (before := made_before(out, due, outstanding.wheels_only)) is not None:
        workshop.tell("taking what was built before")
        return before
    members = [each.member for each in due]
    made = build(members, snapshots, out, workshop.build_means(outstanding.snapshot))
    return made, {artifact.filename: out / artifact.filename for artifact in made.artifacts}


def _check_identity(plan: PublishPlan, root: Path) -> tuple[Finding, ...]:
    """Git knows who makes the tags: after the upload it would be late to ask."""
    if not any(tag.make for tag in plan.tags):
        return ()
    answer = GitProcess(root).read("var", "GIT_COMMITTER_IDENT")
    if answer.status == 0:
        return ()
    return (
        Finding(
            code="no-identity",
            problem="git does not know who makes the tags",
            hint="tell it: git config user.name NAME, and git config user.email ADDRESS",
        ),
    )


def _circumstances(outstanding: Outstanding, index: Index, given: Sequence[Path]) -> Circumstances:
    config = outstanding.snapshot.config.publish
    base = Circumstances(
        releases=tuple(pending.member for pending in outstanding.pending),
        dirty=tuple(_dirty(outstanding, given)),
        tags_here=outstanding.seen.tags_here,
        tags_there=outstanding.seen.tags_there,
    )
    if index.target.is_rehearsal:
        return base
    here = Remote(outstanding.snapshot.root, config.remote).current_branch()
    base = replace(
        base,
        credentials=index.find_credentials(),
        half_credentials=index.credentials_problem,
        branch=here,
        wanted_branch=config.branch,
    )
    remote = outstanding.remote
    if remote is None:
        return replace(base, missing_remote=config.remote)
    branch = config.branch or remote.default_branch() or here
    return replace(
        base,
        wanted_branch=branch,
        remote=remote.name,
        unpushed=remote.missing([member.commit for member in base.lasting], branch),
    )


def _dirty(outstanding: Outstanding, given: Sequence[Path]) -> Iterator[PurePosixPath]:
    """The uncommitted files, but for what makes a snapshot and what is given to be published."""
    root = outstanding.snapshot.root.resolve()
    folders = [folder.resolve() for folder in given]
    for path in Repository(outstanding.snapshot.root).dirty():
        is_given = any(folder in (root / path).parents for folder in folders if folder != root)
        if path not in outstanding.overlay and not is_given:
            yield path
