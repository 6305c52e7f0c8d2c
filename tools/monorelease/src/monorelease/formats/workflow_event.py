"""The event of a workflow that follows another one: what GitHub tells of the run before."""

from __future__ import annotations

import re

from monorelease.errors import UsageProblem
from monorelease.formats.answers import BadAnswer, Record, parse_json
from monorelease.model.value import value

LARGEST = 8 * 1024 * 1024
"""Bytes; GitHub sends far fewer."""

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")


@value
class WorkflowRun:
    """A run of a workflow that has ended, as the forge itself tells of it."""

    event: str
    """What it ran for: ``pull_request``."""
    repository: str
    """``owner/name``: where it ran."""
    head_commit: str
    head_branch: str
    """As whoever made it named it."""
    head_repository: str
    """``owner/name``, perhaps of a fork; empty where it is gone."""
    numbers: tuple[int, ...]
    """The pull requests of this repository that it ran for; none are told for a fork's."""

    @property
    def fork_owner(self) -> str:
        """Whose fork the branch is in; empty for this repository's own."""
        is_fork = self.head_repository != self.repository
        return self.head_repository.partition("/")[0] if is_fork else ""


def parse_workflow_run(data: bytes) -> WorkflowRun:
    """What the file that ``GITHUB_EVENT_PATH`` names says, for a ``workflow_run``.

    Raises:
        UsageProblem: it is the event of something else, or none.
    """
    try:
        _demand_small(data)
        return _run(Record.parse(parse_json(data), "event"))
    except BadAnswer as error:
        raise UsageProblem(
            f"this is no event of a workflow_run: {error}",
            hint='give the file that "$GITHUB_EVENT_PATH" names, in a workflow for workflow_run',
        ) from error


def _demand_small(data: bytes) -> None:
    if len(data) > LARGEST:
        raise BadAnswer(f"it has more than {LARGEST:,} bytes")


def _run(event: Record) -> WorkflowRun:
    run = event.record("workflow_run")
    here = event.record("repository")
    head = run.maybe("head_repository")
    return WorkflowRun(
        event=run.text("event"),
        repository=_matched(here.text("full_name"), _REPOSITORY),
        head_commit=_matched(run.text("head_sha"), _COMMIT),
        head_branch=run.text("head_branch", default=""),
        head_repository="" if head is None else _matched(head.text("full_name"), _REPOSITORY),
        numbers=tuple(
            request.number("number")
            for request in run.records("pull_requests")
            # Of a fork of ours, GitHub also tells those that were made there.
            if request.record("base").record("repo").number("id") == here.number("id")
        ),
    )


def _matched(text: str, form: re.Pattern[str]) -> str:
    if form.fullmatch(text) is None:
        raise BadAnswer(f"{text[:100]!r} is none that GitHub would tell")
    return text
