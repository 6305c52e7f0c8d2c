"""Tell a pull request what it will release, in one comment that is kept up to date."""

from __future__ import annotations

from collections.abc import Iterator

from monorelease.errors import BadProposal
from monorelease.formats.workflow_event import WorkflowRun
from monorelease.model.forge import Posted, PullRequest
from monorelease.model.proposal import Proposal
from monorelease.model.words import short
from monorelease.reports.comment import MARKER, comment_text
from monorelease.workflows.ports import Forge


def post(proposal: Proposal, request: PullRequest, forge: Forge) -> Posted:
    """Let the pull request have one comment of ours, that says what is proposed now.

    Raises:
        ForgeUnavailable: the forge refuses, or cannot be asked.
    """
    text = comment_text(proposal, forge.site, request, forge.longest)
    return forge.comment(request.number, MARKER, text)


def why_not(proposal: Proposal, request: PullRequest) -> str:
    """Why the pull request gets no comment now; empty where it does."""
    if not request.is_open:
        return f"#{request.number} is closed: it is left alone"
    if request.head_commit != proposal.head:
        return (
            f"#{request.number} is at {short(request.head_commit)}, and this is about "
            f"{short(proposal.head)}: the run for the newer commit will tell"
        )
    return ""


def demand_same_commit(proposal: Proposal, run: WorkflowRun) -> None:
    """What the run has made is about the commit that it ran for.

    Raises:
        BadProposal: it is about another one, or the run was for something else.
    """
    if run.event != "pull_request":
        raise BadProposal(
            f"the run before this one was for {run.event!r}, and not for a pull request",
            hint="let the workflow that computes proposals run for pull_request alone",
        )
    if run.head_commit != proposal.head:
        raise BadProposal(
            f"the proposal is about {short(proposal.head)}, and the run that made it was for "
            f"{short(run.head_commit)}",
            hint="nobody is told: look at what this pull request does to its workflows",
        )


def find_request(run: WorkflowRun, forge: Forge) -> tuple[PullRequest | None, str]:
    """The one open pull request that `run` was for; or None, and why.

    Who made the run says nothing in this: the forge is asked.

    Raises:
        ForgeUnavailable: the forge refuses, or cannot be asked.
    """
    if not run.head_repository:
        return None, "the fork is gone: there is nobody to tell"
    found = {r.number: r for r in _candidates(run, forge) if _is_of(r, run)}
    match tuple(found.values()):
        case (request,):
            return request, ""
        case ():
            return None, (
                f"no open pull request is at {short(run.head_commit)}: it was closed, or "
                "the run for a newer commit will tell"
            )
        case several:
            numbers = ", ".join(f"#{request.number}" for request in several)
            return None, f"{numbers} are all at {short(run.head_commit)}: none of them is told"


def _candidates(run: WorkflowRun, forge: Forge) -> Iterator[PullRequest]:
    if run.numbers:
        yield from (forge.pull_request(number) for number in run.numbers)
    elif run.head_branch:
        yield from forge.open_requests(run.head_branch, run.fork_owner)


def _is_of(request: PullRequest, run: WorkflowRun) -> bool:
    is_same = (request.head_commit, request.head_repository.lower()) == (
        run.head_commit,
        run.head_repository.lower(),
    )
    return request.is_open and is_same
