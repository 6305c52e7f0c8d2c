"""What the work tree says is released: which versions, by which commits, under which tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.git import Repository, real_paths
from monorelease.adapters.state import state_folder
from monorelease.adapters.undo import last_patch
from monorelease.adapters.version_history import commits_of_versions, versions_at
from monorelease.errors import UsageProblem
from monorelease.model.finding import Finding
from monorelease.model.publication import ReleasedMember
from monorelease.model.value import replace
from monorelease.model.words import short
from monorelease.model.workspace import Member
from monorelease.workflows.claims import Claim, claims_of, says
from monorelease.workflows.read import Snapshot

_NO_GIT = Finding(
    code="no-git",
    problem="there is no git repository here, and releases are built from their commits",
    hint="publish from a clone of the repository",
)

_SHALLOW = Finding(
    code="shallow-clone",
    problem="this clone is shallow: which commits released the members cannot be told",
    hint="fetch the history (git fetch --unshallow; in a workflow: fetch-depth: 0), "
    "or name the commit with --at",
)


def released_members(
    snapshot: Snapshot, at: str | None
) -> tuple[tuple[ReleasedMember, ...], tuple[Finding, ...]]:
    """Every member that may be published, at the version that the work tree gives it.

    In the workspace's order; who is left out, and which version counts, says
    `workflows.claims.claims_of`. A snapshot that lies uncommitted in the work tree is at
    HEAD, under no tag.

    Args:
        snapshot: the work tree.
        at: any name of a commit, instead of each member's release commit; a tag that is a
            version, and is there, stays where it is.

    Returns:
        The members whose commit is known, and what keeps the others' from being known.

    Raises:
        UsageProblem: `at` names no commit.
        GitFailed: git is missing, or refuses the repository.
    """
    repository = Repository.at(snapshot.root)
    if repository is None:
        return (), (_NO_GIT,)
    head = repository.head
    place = head if at is None else _find(repository, at)
    claims = claims_of(snapshot)
    if place == head:
        before = _snapshot_files(snapshot, repository)
        claims = tuple(_at_head(claim, head, before, snapshot.root) for claim in claims)
    open_claims = [claim for claim in claims if not claim.commit]
    if open_claims and at is None and repository.is_shallow:
        return _released(claims, {}), (_SHALLOW,)
    commits = _commits(open_claims, snapshot, place, is_asked_for=at is not None)
    lost = [claim for claim in open_claims if claim.wanted.name not in commits]
    findings = _uncommitted(lost, snapshot, place, at)
    return _released(claims, commits), tuple(findings)


def overlay_of(snapshot: Snapshot) -> Mapping[PurePosixPath, bytes | None]:
    """The files of a snapshot release that lies uncommitted in the work tree, as they are now.

    HEAD with these files over it is what the snapshot is built from; None stands for a file
    that it removes. Paths are those by which git knows the files: what `Repository.dirty`
    names beside them is no part of the snapshot. Empty where there is none.
    """
    repository = Repository.at(snapshot.root)
    files = _snapshot_files(snapshot, repository) if repository else {}
    return {path: snapshot.tree.read(path) for path in files}


def _find(repository: Repository, at: str) -> str:
    commit = repository.find_commit(at)
    if not commit:
        raise UsageProblem(
            f"there is no commit {at!r} in this clone",
            hint="fetch it first (git fetch origin), or name another one with --at",
        )
    return commit


def _snapshot_files(
    snapshot: Snapshot, repository: Repository
) -> Mapping[PurePosixPath, bytes | None]:
    """What the last release changed, as it was before, if that is an uncommitted snapshot."""
    if not any(m.version and m.version.is_devrelease for m in snapshot.workspace):
        return {}
    record = last_patch(state_folder(snapshot.root))
    if record is None:
        return {}
    paths = real_paths(snapshot.root, [edit.path for edit in record.patch.edits])
    before = {path: e.before for path, e in zip(paths, record.patch.edits, strict=True)}
    if before.keys().isdisjoint(repository.dirty()):  # committed, or put back by hand
        return {}
    made = any(_is_snapshot(member, before, snapshot.root) for member in snapshot.workspace)
    return before if made else {}


def _is_snapshot(member: Member, before: Mapping[PurePosixPath, bytes | None], root: Path) -> bool:
    """Whether the member's version is one to be thrown away, and was another one before."""
    place = says(member)
    if place is None or member.version is None or not member.version.is_devrelease:
        return False
    path, read = place
    (real,) = real_paths(root, [path])
    return real in before and read(before[real] or b"") != member.version


def _at_head(
    claim: Claim, head: str, before: Mapping[PurePosixPath, bytes | None], root: Path
) -> Claim:
    """The claim, with the commit and without the tag where the version is a snapshot's."""
    if not _is_snapshot(claim.member, before, root):
        return claim
    return replace(claim, commit=head, tag="")


def _commits(
    claims: Sequence[Claim], snapshot: Snapshot, place: str, *, is_asked_for: bool
) -> Mapping[NormalizedName, str]:
    """For each claim that holds its commit: `place` itself if that is asked for."""
    wanted = [claim.wanted for claim in claims]
    if not is_asked_for:
        return commits_of_versions(snapshot.root, wanted)
    found = versions_at(snapshot.root, place, wanted)
    return {each.name: place for each in wanted if found.get(each.name) == each.version}


def _uncommitted(
    claims: Sequence[Claim], snapshot: Snapshot, place: str, at: str | None
) -> Iterator[Finding]:
    """What the work tree claims and the commit that counts does not."""
    wanted = [claim.wanted for claim in claims]
    committed = versions_at(snapshot.root, place, wanted) if place and wanted else {}
    where = "HEAD" if at is None else at
    hint = "commit the release first, or take it back: monorelease undo"
    if at is not None:
        hint = f"name a commit that has the release (--at), not {short(place)}"
    for claim in claims:
        version = committed.get(claim.wanted.name)
        said = "does not have it" if version is None else f"says {version}"
        yield Finding(
            code="version-not-committed",
            problem=f"{claim.wanted.name}: the work tree says {claim.wanted.version}, "
            f"and {where} {said}",
            hint=hint,
            path=claim.wanted.path,
            key=claim.key,
        )


def _released(
    claims: Sequence[Claim], commits: Mapping[NormalizedName, str]
) -> tuple[ReleasedMember, ...]:
    found = ((claim, claim.commit or commits.get(claim.wanted.name, "")) for claim in claims)
    return tuple(
        ReleasedMember(
            name=claim.wanted.name,
            version=claim.wanted.version,
            path=claim.member.path,
            commit=commit,
            tag=claim.tag,
            tag_first=claim.tag_first,
        )
        for claim, commit in found
        if commit
    )
