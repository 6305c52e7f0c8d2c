"""Keep one branch, and the pull request from it, equal to what its base would release."""

from __future__ import annotations

from collections.abc import Callable

from monorelease.adapters.remote import Remote
from monorelease.errors import GitFailed, ReleaseError
from monorelease.model.forge import Posted, Site
from monorelease.model.release_branch import Step
from monorelease.model.release_request import ReleaseRequest
from monorelease.model.value import replace
from monorelease.model.words import counted
from monorelease.reports.release_body import body
from monorelease.reports.release_notice import Behind, with_notice
from monorelease.reports.release_page import ReleasePage
from monorelease.workflows.ports import Forge
from monorelease.workflows.release_draft import TRIES, Ground, Made, Wish, make, on_base
from monorelease.workflows.release_survey import Survey, survey

LONGEST = 65_536
"""Characters of a text where no forge is known that would take another number."""


def keep(remote: Remote, wish: Wish, forge: Forge, tell: Callable[[str], None]) -> ReleaseRequest:
    """Make, update or remove the branch and the pull request.

    Where the release cannot be made, or people's commits cannot be put on it, the branch stays
    as it is, and the pull request says so on top of its text: nobody is to merge it unknowing.
    That it could not be said is told.

    Killed at any moment, the same again does what is left. Of two at once the later one looks
    again.

    Raises:
        ProblemsFound: something speaks against the release.
        BranchTaken: people's commits cannot be put on it, or it is another workspace's.
        GitFailed: the remote cannot be asked, or does not take the branch.
        ForgeUnavailable: the forge refuses, or cannot be asked.
        ReleaseError: the release cannot be made.
    """
    for _ in range(TRIES):
        with on_base(remote, wish) as ground:
            try:
                made = make(ground, wish)
                todo = survey(ground, made)
            except ReleaseError as problem:
                _warn(forge, ground, problem, tell)
                raise
            request = _request(ground, made, todo, forge.site, forge.longest)
            if made is None:
                posted = _withdraw(forge, ground, request)
                if _move(ground, todo):
                    return replace(request, posted=posted)
            elif _move(ground, todo):
                return replace(request, posted=_propose(forge, request))
    raise GitFailed(
        f"the release branch for {wish.base} was moved {TRIES} times while it was being made",
        hint="let one run at a time be at work on it, then run the command again",
    )


def foresee(remote: Remote, wish: Wish, forge: Forge | None) -> ReleaseRequest:
    """What `keep` would do: nothing is pushed, and the forge is not asked.

    Raises:
        ReleaseError: as `keep` would, but for what a push or the forge would say.
    """
    with on_base(remote, wish) as ground:
        made = make(ground, wish)
        todo = survey(ground, made)
        site, longest = (forge.site, forge.longest) if forge else (None, LONGEST)
        return _request(ground, made, todo, site, longest)


def _move(ground: Ground, todo: Survey) -> bool:
    """Whether the branch is what it is to be; somebody else has moved it otherwise."""
    match todo.step:
        case Step.CREATE | Step.UPDATE:
            return ground.branch.push(ground.checkout.repository, ground.tip)
        case Step.REMOVE:
            return ground.branch.delete(ground.tip)
        case _:
            return True


def _propose(forge: Forge, request: ReleaseRequest) -> Posted:
    return forge.propose(request.head, request.base, request.title, request.body)


def _withdraw(forge: Forge, ground: Ground, request: ReleaseRequest) -> Posted | None:
    if (
        ground.tip and request.step is Step.NOTHING
    ):  # the branch is not ours, nor is what is from it
        return None
    return forge.withdraw(request.head, request.base, _farewell(request))


def _request(
    ground: Ground, made: Made | None, todo: Survey, site: Site | None, longest: int
) -> ReleaseRequest:
    outlook = made.prepared.outlook if made else ground.outlook
    return ReleaseRequest(
        base=ground.base,
        commit=ground.commit,
        head=ground.branch.name,
        plan=outlook.plan,
        findings=outlook.findings,
        title=made.title if made else "",
        body=body(_page(ground, made, site), longest) if made else "",
        step=todo.step,
        tip=todo.tip,
        people=todo.people,
    )


def _page(ground: Ground, made: Made, site: Site | None) -> ReleasePage:
    workspace = ground.snapshot.workspace
    return ReleasePage(
        plan=made.prepared.plan,
        changelogs=made.changelogs,
        names={r.name: workspace[r.name].written_name for r in made.prepared.plan.releases},
        findings=made.prepared.outlook.findings,
        base=ground.base,
        commit=ground.commit,
        head=ground.branch.name,
        changelog_file=ground.snapshot.config.changelog.file,
        site=site,
        prefix=ground.prefix,
    )


def _farewell(request: ReleaseRequest) -> str:
    words = "Nothing is left to release here, so that there is nothing to merge."
    if request.step is Step.LEAVE:
        count = counted(len(request.people), "commit")
        words += f" The branch stays, because people's work is on it: {count}."
    return words


def _warn(forge: Forge, ground: Ground, problem: ReleaseError, tell: Callable[[str], None]) -> None:
    """Say in the pull request that it is behind, if there is one."""
    behind = Behind(
        base=ground.base,
        commit=ground.commit,
        problem=problem,
        site=forge.site,
        prefix=ground.prefix,
    )
    head = ground.branch.name
    try:
        for request in forge.open_requests(head):
            if request.base == ground.base:
                text = with_notice(request.body, behind, forge.longest)
                forge.propose(head, ground.base, request.title, text)
    except ReleaseError as silenced:
        tell(f"the pull request could not be told that it is behind: {silenced}")
