"""What the tree says is released, and what of it the world does not have yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.adapters.git import Repository
from monorelease.adapters.remote import Remote
from monorelease.adapters.tags import Tags
from monorelease.errors import ProblemsFound, UsageProblem
from monorelease.model.finding import Finding
from monorelease.model.publication import Pending, ReleasedMember, RollUp
from monorelease.model.value import replace, value
from monorelease.model.words import some_of
from monorelease.model.workspace import Workspace
from monorelease.planning.groups import matching
from monorelease.planning.pending import Seen, check_settled, find_pending
from monorelease.workflows.access import NO_ACCESS, Access
from monorelease.workflows.announcing import find_roll_up, unannounced
from monorelease.workflows.outlook import in_order
from monorelease.workflows.ports import Forge, Index
from monorelease.workflows.read import Snapshot
from monorelease.workflows.released import overlay_of, released_members


@value
class Outstanding:
    """What is left to do, beside what that was concluded from."""

    snapshot: Snapshot
    released: tuple[ReleasedMember, ...]
    """Every member that is published at all, if it was asked for."""
    overlay: Mapping[PurePosixPath, bytes | None]
    """The uncommitted files of a snapshot, which lie over the commit."""
    remote: Remote | None
    """Where tags are pushed to; None for nowhere."""
    tags: Tags
    """Those of this clone, and the way to the remote's."""
    forge: Forge | None
    """Who is told of releases."""
    seen: Seen
    pending: tuple[Pending, ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return not self.pending and self.seen.roll_up is None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person should know of those of whom nothing is pending."""
        return tuple(check_settled(self.released, self.pending, self.seen))

    @property
    def wheels_only(self) -> frozenset[NormalizedName]:
        """Members without a source distribution."""
        return wheels_only_of(self.snapshot)


def wheels_only_of(snapshot: Snapshot) -> frozenset[NormalizedName]:
    """Members without a source distribution, by the configuration."""
    names = snapshot.workspace.names
    return frozenset(matching(snapshot.config.publish.wheels_only, names))


def released_of(
    snapshot: Snapshot, only: Collection[NormalizedName] = (), at: str | None = None
) -> tuple[ReleasedMember, ...]:
    """The members that are published, at the versions that the tree says are released.

    What is wrong with the releases of others than `only` is their own affair.

    Args:
        snapshot: the work tree.
        only: these members; empty for all.
        at: the commit to publish from, instead of each member's release commit.

    Raises:
        ProblemsFound: the members cannot be read, or their release commits not be told.
        UsageProblem: `at` names no commit, or `only` nobody who is published.
    """
    demand_sound(snapshot)
    released, findings = released_members(snapshot, at)
    concerning = [f for f in findings if not only or _owner(f, snapshot.workspace) in (None, *only)]
    if any(finding.is_error for finding in concerning):
        raise ProblemsFound(tuple(concerning))
    wanted = tuple(member for member in released if not only or member.name in only)
    if only and not wanted:
        raise UsageProblem(
            f"nobody publishes {some_of(tuple(only))}",
            hint="who is private gets versions and nothing else, and who was never released has "
            "nothing to publish yet: name others",
        )
    return wanted


def demand_sound(snapshot: Snapshot) -> None:
    """Refuse a tree that cannot be read; what the next release will say may be wrong.

    Raises:
        ProblemsFound: all that is wrong with the configuration and the members.
    """
    problems = [f for f in snapshot.findings if f.is_error and not _is_fragment(f, snapshot)]
    if problems:
        raise ProblemsFound(in_order(problems, snapshot.tree))


def look_outside(
    snapshot: Snapshot,
    released: tuple[ReleasedMember, ...],
    index: Index,
    access: Access = NO_ACCESS,
) -> Outstanding:
    """Ask the index, the remote and the forge what they have of these members.

    Raises:
        IndexUnavailable: the index cannot be asked.
        GitFailed: the remote cannot be asked.
        ForgeUnavailable: the forge cannot be asked.
    """
    remote = Remote(snapshot.root, snapshot.config.publish.remote, access.git)
    is_pushed = not index.target.is_rehearsal and remote.exists
    tags = Tags(snapshot.root, access.git)
    names = [member.tag for member in released if member.tag]
    forge = access.forge
    told_of_each = forge if snapshot.config.forge.announce else None
    seen = Seen(
        projects=index.projects([member.name for member in released]),
        tags_here=tags.here(),
        tags_there=tags.there(remote.name, names) if is_pushed else None,
        unannounced=tuple(m.name for m in unannounced(released, told_of_each))
        if told_of_each
        else (),
        roll_up=_roll_up(snapshot, released, access),
    )
    return Outstanding(
        snapshot=snapshot,
        released=released,
        overlay=overlay_of(snapshot),
        remote=remote if is_pushed else None,
        tags=tags,
        forge=forge,
        seen=seen,
        pending=find_pending(released, _without_strange_tags(seen), wheels_only_of(snapshot)),
    )


def _roll_up(
    snapshot: Snapshot, released: Sequence[ReleasedMember], access: Access
) -> RollUp | None:
    if access.forge is None or not access.rolls_up:
        return None
    repository = Repository.at(snapshot.root)
    template = snapshot.config.forge.roll_up
    return find_roll_up(released, access.forge, template, repository) if repository else None


def _without_strange_tags(seen: Seen) -> Seen:
    """Our tag is not on the remote as long as another one stands there in its place."""
    here, there = seen.tags_here, seen.tags_there
    if there is None:
        return seen
    return replace(seen, tags_there={t: c for t, c in there.items() if here.get(t, c) == c})


def _owner(finding: Finding, workspace: Workspace) -> NormalizedName | None:
    """The member in whose folder it was found; the innermost, where one lies in another."""
    path = finding.path
    owners = [m for m in workspace if path is not None and path.is_relative_to(m.path)]
    return max(owners, key=lambda m: len(m.path.parts)).name if owners else None


def _is_fragment(finding: Finding, snapshot: Snapshot) -> bool:
    """Whether it is about what the next release will say: no business of the last one's."""
    folder = PurePosixPath(snapshot.config.towncrier.directory)
    return finding.path is not None and finding.path.is_relative_to(folder)
