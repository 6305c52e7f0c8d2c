"""Why a release that is in the tree is what it is: nobody wrote down what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.errors import ReleaseError
from monorelease.model.bump import Bump
from monorelease.model.channel import Channel, Label, Prerelease, Stable
from monorelease.model.channel import Snapshot as SnapshotChannel
from monorelease.model.finding import Finding, Severity
from monorelease.model.plan import ReleasePlan, Scope
from monorelease.model.value import replace, value
from monorelease.model.workspace import VersionFromTags
from monorelease.workflows.outlook import EVERYTHING, Outlook, look_ahead
from monorelease.workflows.read import Snapshot


def retrace(before: Snapshot, after: Snapshot) -> tuple[Outlook, Scope]:
    """The plan that leads from one tree to the other, and what must have been asked for.

    The simplest request is taken that gives the versions which are there, and, of a final
    release, says the words which are consumed. Fragments that came later are told, and no
    part of it. Where no request explains it, since somebody has changed versions by hand, they
    count as asked for, and a finding says so.

    Raises:
        ReleaseError: no plan can lead there.
    """
    done = _Done(
        moved=_moved(before, after),
        said=_entries(before) - _entries(after),
        channel=_channel(_moved(before, after)),
    )
    if (found := _explained(before, done)) is not None:
        return found
    late = _late(after, done)
    earlier = tuple(f for f in before.fragments if f.path not in late)
    if late and (found := _explained(replace(before, fragments=earlier), done)) is not None:
        outlook, scope = found
        return outlook.with_findings(map(_came_later, late)), scope
    resting = frozenset(before.workspace.names) - done.moved.keys()
    scope = Scope(versions=done.moved, held=resting)
    return look_ahead(before, done.channel, scope).with_findings([_UNEXPLAINED]), scope


@value
class _Done:
    """What the release did, as far as files show it."""

    moved: Mapping[NormalizedName, Version]
    said: frozenset[tuple[str, NormalizedName]]
    """Fragments, and members for whom they are consumed."""
    channel: Channel


_UNEXPLAINED = Finding(
    code="release-not-explained",
    problem="the versions in the tree are not what the fragments, or any narrower request, ask for",
    hint="they are shown as asked for; if nobody meant that, take the release back with "
    "`monorelease undo` and make it again",
    severity=Severity.WARNING,
)


def _explained(before: Snapshot, done: _Done) -> tuple[Outlook, Scope] | None:
    """The simplest request that leads there, and its plan; None where none does."""
    for scope in _scopes(before, done):
        try:
            outlook = look_ahead(before, done.channel, scope)
        except ReleaseError:
            continue
        if _explains(outlook.plan, before, done):
            return outlook, scope
    return None


def _late(after: Snapshot, done: _Done) -> tuple[PurePosixPath, ...]:
    """Fragments of which nothing is consumed although their members are released."""
    touched = {path for path, _ in done.said}
    names = {path: name for path, name in _entries(after) if name in done.moved}
    return tuple(f.path for f in after.fragments if str(f.path) in names.keys() - touched)


def _came_later(path: PurePosixPath) -> Finding:
    return Finding(
        code="fragment-after-release",
        problem="came after the release was written, and is no part of it",
        hint="it goes out with the next one; to have it in this one: monorelease undo, and "
        "release again",
        severity=Severity.WARNING,
        path=path,
    )


def _moved(before: Snapshot, after: Snapshot) -> dict[NormalizedName, Version]:
    """The new version of each member that has another one than before."""
    return {
        member.name: member.version
        for member in after.workspace
        if member.version is not None
        and member.name in before.workspace
        and before.workspace[member.name].version != member.version
    }


def _entries(snapshot: Snapshot) -> frozenset[tuple[str, NormalizedName]]:
    """What is still to be said, and of whom."""
    return frozenset(
        (str(fragment.path), entry.name)
        for fragment in snapshot.fragments
        for entry in fragment.entries
        if entry.bump > Bump.NONE
    )


def _channel(moved: Mapping[NormalizedName, Version]) -> Channel:
    stamps = [version.dev for version in moved.values() if version.dev is not None]
    labels = [version.pre[0] for version in moved.values() if version.pre is not None]
    if stamps:
        return SnapshotChannel(stamp=max(stamps))
    return Prerelease(label=Label(labels[0])) if labels else Stable()


def _scopes(before: Snapshot, done: _Done) -> Iterator[Scope]:
    """What may have been asked for, the simplest first."""
    yield EVERYTHING
    whole = look_ahead(before, done.channel).plan
    held = frozenset(whole.targets.keys() - done.moved.keys())
    named = {name for _, name in done.said or _entries(before)}
    only = frozenset(named & done.moved.keys())
    asked = {n: v for n, v in done.moved.items() if whole.targets.get(n) != v}
    for versions in ({}, asked):
        yield Scope(versions=versions, held=held)
        yield Scope(versions=versions, only=only)
        yield Scope(versions=versions, only=only, held=held)


def _explains(plan: ReleasePlan, before: Snapshot, done: _Done) -> bool:
    """Whether the plan gives these versions and says these words; tags are in no file."""
    in_files = {
        name: target
        for name, target in plan.targets.items()
        if not isinstance(before.workspace[name].version_source, VersionFromTags)
    }
    said = {(str(path), release.name) for release in plan.releases for path in release.fragments}
    return in_files == done.moved and (said == done.said or not isinstance(done.channel, Stable))
