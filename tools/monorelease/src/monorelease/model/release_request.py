"""A release pull request after a run that was to keep it: what it says, and what was done."""

from __future__ import annotations

from monorelease.model.finding import Finding
from monorelease.model.forge import Posted
from monorelease.model.plan import ReleasePlan
from monorelease.model.release_branch import BranchCommit, Step
from monorelease.model.value import value


@value
class ReleaseRequest:
    """One base branch's release pull request, or that there is none."""

    base: str
    """The branch that it is for."""
    commit: str
    """The commit there that was looked at: the full object name."""
    head: str
    """The branch that it is from."""
    plan: ReleasePlan
    """What merging releases; nothing where there is no pull request."""
    findings: tuple[Finding, ...]
    """Warnings alone: an error stops the run."""
    title: str = ""
    """Empty where nothing is released, as is the text."""
    body: str = ""
    """Markdown."""
    step: Step
    """What was, or in a dry run would be, done about the branch."""
    tip: str
    """The commit that the branch is on then; empty where there is none."""
    people: tuple[BranchCommit, ...] = ()
    """Commits of people's that were carried over, or with which the branch was left."""
    posted: Posted | None = None
    """None where the forge was told nothing: in a dry run, or because nothing stands there."""
