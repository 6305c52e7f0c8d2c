"""The pull request in the event that a forge writes for a workflow; hostile input."""

from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.errors import BadProposal
from monorelease.formats.answers import BadAnswer, Record, parse_json
from monorelease.model.forge import PullRequest

_LARGEST = 32 * 1024 * 1024
"""Bytes; GitHub caps its payloads at 25 MB."""


def parse_event(data: bytes, path: PurePosixPath) -> PullRequest:
    """The pull request of an event's JSON, as GitHub and Forgejo write it, or GitLab.

    Args:
        data: the whole document.
        path: what to call it when it is none.

    Raises:
        BadProposal: it is no event about a pull request.
    """
    if len(data) > _LARGEST:
        raise _refusal(f"has {len(data):,} bytes, more than {_LARGEST:,}", path)
    try:
        event = Record.parse(parse_json(data), "the event")
        if "pull_request" in event:
            return _of_github(event.record("pull_request"))
        if "object_attributes" in event:
            return _of_gitlab(event)
    except BadAnswer as error:
        raise _refusal(f"is no event of a pull request: {error}", path) from error
    raise _refusal("is an event of something else than a pull request", path)


def _of_github(request: Record) -> PullRequest:
    head, author = request.record("head"), request.maybe("user")
    repository = head.maybe("repo")
    return PullRequest(
        number=request.number("number"),
        address=request.text("html_url", ""),
        title=request.text("title"),
        body=request.text("body", ""),
        base=request.record("base").text("ref"),
        head=head.text("ref"),
        head_commit=head.text("sha"),
        head_repository="" if repository is None else repository.text("full_name"),
        author="" if author is None else author.text("login"),
        labels=_labels(request, "name"),
        is_open=request.text("state", "open") == "open",
    )


def _of_gitlab(event: Record) -> PullRequest:
    request, author = event.record("object_attributes"), event.maybe("user")
    commit, source = request.maybe("last_commit"), request.maybe("source")
    return PullRequest(
        number=request.number("iid"),
        address=request.text("url", ""),
        title=request.text("title"),
        body=request.text("description", ""),
        base=request.text("target_branch"),
        head=request.text("source_branch"),
        head_commit="" if commit is None else commit.text("id"),
        head_repository="" if source is None else source.text("path_with_namespace"),
        author="" if author is None else author.text("username"),
        labels=_labels(event, "title"),
        is_open=request.text("state", "opened") == "opened",
    )


def _labels(fields: Record, name: str) -> tuple[str, ...]:
    labels = fields.records("labels") if "labels" in fields else ()
    return tuple(label.text(name) for label in labels)


def _refusal(problem: str, path: PurePosixPath) -> BadProposal:
    return BadProposal(
        problem,
        where=str(path),
        hint="give the file that GITHUB_EVENT_PATH names in a workflow on pull_request, "
        "or the number of a pull request",
    )
