"""What was done about a release pull request, for people and for programs."""

from __future__ import annotations

from monorelease.model.forge import Change
from monorelease.model.release_branch import BranchCommit, Step
from monorelease.model.release_request import ReleaseRequest
from monorelease.model.words import short
from monorelease.reports.json import Value, status_value
from monorelease.reports.printable import printable, printable_lines
from monorelease.reports.terminal import NOTHING

_BRANCH = {
    Step.CREATE: "made",
    Step.UPDATE: "updated",
    Step.KEEP: "left as it is",
    Step.REMOVE: "removed",
    Step.LEAVE: "left as it is, for commits of people's on it",
}
_FORGE = {
    Change.CREATED: "opened",
    Change.UPDATED: "updated",
    Change.UNCHANGED: "left as it is",
    Change.REMOVED: "closed",
}


def request_text(request: ReleaseRequest) -> str:
    """What was done, in a line each: branch, commits of people's, pull request."""
    lines = [request.title or NOTHING]
    if request.step is not Step.NOTHING:
        lines.append(f"  branch        {printable(request.head)} {_branch(request)}")
    lines += [f"  kept          {_commit(commit)}" for commit in request.people]
    if request.posted:
        place = f" {printable(request.posted.address)}" if request.posted.address else ""
        lines.append(f"  pull request  {_FORGE[request.posted.change]}{place}")
    return "\n".join(lines) + "\n"


def foreseen_text(request: ReleaseRequest) -> str:
    """What would be done, and the words of the pull request."""
    head, base = printable(request.head), printable(request.base)
    if not request.plan.releases:
        lines = [NOTHING, f"An open pull request from {head} to {base} would be closed."]
    else:
        lines = [request.title, f"A pull request from {head} to {base} would say:", ""]
        lines += [printable_lines(request.body).rstrip("\n"), ""]
    if request.step is not Step.NOTHING:
        lines.append(f"The branch {head} would be {_branch(request)}.")
    lines += [f"Kept: {_commit(commit)}" for commit in request.people]
    return "\n".join(lines) + "\n"


def request_value(request: ReleaseRequest, *, is_dry: bool) -> Value:
    """What ``release-pr --json`` prints: the plan, the branch, and the pull request."""
    posted = request.posted
    return {
        **status_value(request.plan, request.findings),
        "dry_run": is_dry,
        "branch": {
            "name": request.head,
            "base": request.base,
            "base_commit": request.commit,
            "commit": request.tip or None,
            "change": request.step.value,
            "commits_of_people": [_commit_value(commit) for commit in request.people],
        },
        "pull_request": {
            "title": request.title,
            "body": request.body,
            "change": posted.change.value if posted else None,
            "address": posted.address or None if posted else None,
        },
    }


def _branch(request: ReleaseRequest) -> str:
    done = _BRANCH[request.step]
    return f"{done}, on {short(request.tip)}" if request.tip else done


def _commit(commit: BranchCommit) -> str:
    return printable(f"{short(commit.name)} {commit.subject} ({commit.author})")


def _commit_value(commit: BranchCommit) -> Value:
    return {"commit": commit.name, "author": commit.author, "subject": commit.subject}
