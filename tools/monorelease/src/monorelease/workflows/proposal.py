"""What a change proposes for the next release: its own fragments, planned by themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName

from monorelease.errors import ReleaseError
from monorelease.formats.proposal_limits import fitted
from monorelease.formats.wave import roll_up
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Fragment
from monorelease.model.plan import Cause, Follows, Release, ReleasePlan
from monorelease.model.proposal import Proposal, ProposedFragment, ProposedRelease
from monorelease.model.value import replace
from monorelease.planning.categories import category_for
from monorelease.planning.checks import check_touched
from monorelease.planning.plan import plan_release
from monorelease.reports.terminal import cause_text
from monorelease.workflows.check import check, members_released, touched_members
from monorelease.workflows.notes import render_notes
from monorelease.workflows.read import Snapshot

if TYPE_CHECKING:
    from monorelease.adapters.git import Repository

_TITLE = "###"
"""A heading that goes: those of the members are one level deeper."""

_TOLD_OTHERWISE = "missing-fragment"


def propose(snapshot: Snapshot, repository: Repository, since: str, *, head: str = "") -> Proposal:
    """What the change since `since` proposes: the plan of the fragments that it adds or edits.

    Whatever is wrong with the repository is among the findings, and keeps nothing from being
    told but the notes.

    Args:
        snapshot: of the work tree, with the change.
        repository: around it.
        since: the branch or commit that the change is made for.
        head: the commit to say that this is about; empty for the one that is checked out.

    Raises:
        UsageProblem: `since` is unknown, or beyond a shallow clone.
    """
    changed = frozenset(repository.changed_since(since))
    own = tuple(_own_fragments(snapshot, changed))
    plan = plan_release(snapshot.workspace, own, snapshot.config)
    notes, silence = _notes(plan, replace(snapshot, fragments=own), repository)
    findings = check(snapshot, repository, since)
    if not any(finding.is_error for finding in findings):  # else it is told already why
        findings = (*findings, *silence)
    touched = touched_members(changed, snapshot.workspace, snapshot.config)
    released = frozenset(members_released(changed, snapshot))
    proposal = Proposal(
        head=head or repository.head,
        releases=tuple(_release(release, plan) for release in _as_looked_up(plan)),
        fragments=tuple(_fragment(fragment) for fragment in own),
        touched=tuple(touched),
        untold=tuple(n for n in touched if n not in released and _is_untold(n, own, snapshot)),
        notes=notes,
        findings=tuple(f for f in findings if _is_own(f, changed) and f.code != _TOLD_OTHERWISE),
        elsewhere=tuple(f for f in findings if not _is_own(f, changed)),
        directory=snapshot.config.towncrier.directory,
        category=category_for(Bump.PATCH, snapshot.config.towncrier.categories),
        releases_itself=_is_release(released, changed, snapshot),
    )
    return fitted(proposal)


def _own_fragments(snapshot: Snapshot, changed: Collection[PurePosixPath]) -> Iterator[Fragment]:
    """Those of the change, but none of mistakes alone: such a one does not say "no release"."""
    mistaken = {finding.path for finding in snapshot.findings if finding.is_error}
    for fragment in snapshot.fragments:
        if fragment.path in changed and (fragment.entries or fragment.path not in mistaken):
            yield fragment


def _as_looked_up(plan: ReleasePlan) -> list[Release]:
    """Those that fragments name first; then by name, where a hyphen counts as little as a blank."""
    return sorted(plan.releases, key=lambda r: (not r.fragments, r.name.replace("-", "")))


def _release(release: Release, plan: ReleasePlan) -> ProposedRelease:
    return ProposedRelease(
        name=release.name,
        bump=release.bump,
        current=str(release.current),
        target=str(release.target),
        private=release.private,
        why=tuple(cause_text(cause, _leader(cause, plan)) for cause in release.causes),
    )


def _leader(cause: Cause, plan: ReleasePlan) -> Release | None:
    """The release that this one follows."""
    if not isinstance(cause, Follows):
        return None
    return next(release for release in plan.releases if release.name == cause.on)


def _fragment(fragment: Fragment) -> ProposedFragment:
    bumps = {entry.name: entry.bump for entry in fragment.entries}
    return ProposedFragment(path=fragment.path, bumps=tuple(bumps.items()))


def _is_untold(name: NormalizedName, own: Collection[Fragment], snapshot: Snapshot) -> bool:
    touched = {name: PurePosixPath()}
    return any(check_touched(touched, tuple(own), snapshot.workspace, snapshot.config))


def _is_own(finding: Finding, changed: Collection[PurePosixPath]) -> bool:
    return finding.path is None or finding.path in changed


def _is_release(
    released: Collection[NormalizedName], changed: Collection[PurePosixPath], snapshot: Snapshot
) -> bool:
    file = snapshot.config.changelog.file
    return any(snapshot.workspace[name].path / file in changed for name in released)


def _notes(
    plan: ReleasePlan, snapshot: Snapshot, repository: Repository
) -> tuple[str, tuple[Finding, ...]]:
    """What the changelogs get, member by member; or why that cannot be told."""
    try:
        notes = render_notes(plan, snapshot, _already(repository), date="")
    except ReleaseError as error:
        return "", (
            Finding(
                code="notes-failed",
                problem=f"the notes cannot be rendered: {error}",
                hint=error.hint,
                severity=Severity.WARNING,
            ),
        )
    if not notes.rendered:
        return "", ()
    page = roll_up(_TITLE, plan, notes.sections, notes.rendered)
    return page.removeprefix(_TITLE).strip("\n"), ()


def _already(repository: Repository) -> Callable[[], Repository]:
    return lambda: repository
