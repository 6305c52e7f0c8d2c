"""What GitLab answers about merge requests, notes, releases, projects and users."""

from __future__ import annotations

import re

from monorelease.formats.answers import Record
from monorelease.formats.forge_links import request_link
from monorelease.model.forge import PullRequest, Site
from monorelease.model.value import value

_DRAFT = re.compile(r"\s*(draft:|\[draft\]|\(draft\))\s*", re.IGNORECASE)


@value
class MergeRequest:
    """A merge request, and the projects that it is between."""

    request: PullRequest
    """Its `head_repository` is empty where it is another one than ours, or gone."""
    source: int | None
    """The number of the project that it comes from; None where that is gone."""
    is_own: bool
    """Whether it comes from our own project."""


@value
class Note:
    """What somebody, or GitLab itself, said about a merge request."""

    number: int
    author: int
    text: str
    is_by_gitlab: bool


def parse_merge_request(answer: object, site: Site) -> MergeRequest:
    """One merge request of the project of `site`.

    Raises:
        BadAnswer: it is none.
    """
    fields = Record.parse(answer, "merge request")
    number = fields.number("iid")
    source = fields.number("source_project_id") if "source_project_id" in fields else None
    is_own = source == fields.number("target_project_id")
    author = fields.maybe("author")
    request = PullRequest(
        number=number,
        address=request_link(site, number),
        title=fields.text("title"),
        body=fields.text("description", ""),
        base=fields.text("target_branch"),
        head=fields.text("source_branch"),
        head_commit=fields.text("sha", ""),
        head_repository=site.repository if is_own else "",
        author=author.text("username") if author is not None else "",
        labels=fields.texts("labels") if "labels" in fields else (),
        is_open=fields.text("state") == "opened",
    )
    return MergeRequest(request=request, source=source, is_own=is_own)


def parse_note(answer: object) -> Note:
    """One note on a merge request.

    Raises:
        BadAnswer: it is none.
    """
    fields = Record.parse(answer, "note")
    return Note(
        number=fields.number("id"),
        author=fields.record("author").number("id"),
        text=fields.text("body"),
        is_by_gitlab=fields.flag("system", default=False),
    )


def parse_user(answer: object) -> int:
    """The number of a user.

    Raises:
        BadAnswer: it is none.
    """
    return Record.parse(answer, "user").number("id")


def parse_project(answer: object) -> str:
    """The name of a project with all its groups.

    Raises:
        BadAnswer: it is none.
    """
    return Record.parse(answer, "project").text("path_with_namespace")


def parse_release(answer: object) -> str:
    """The tag of a release.

    Raises:
        BadAnswer: it is none.
    """
    return Record.parse(answer, "release").text("tag_name")


def keep_draft(title: str, now: str) -> str:
    """`title`, as a draft if `now` is the title of one: people say so there, and take it back."""
    draft = _DRAFT.match(now)
    return f"Draft: {title}" if draft and not _DRAFT.match(title) else title
