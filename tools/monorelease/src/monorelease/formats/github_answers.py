"""What GitHub answers: pull requests, comments, releases and accounts, nothing else of it."""

from __future__ import annotations

from monorelease.formats.answers import Record
from monorelease.formats.forge_links import request_link
from monorelease.model.forge import PullRequest, Site
from monorelease.model.value import value


@value
class Comment:
    """What somebody said about a pull request."""

    number: int
    author: int
    """The number of an account; 0 for one that is gone."""
    is_by_bot: bool
    """Whether that account is an App's, and no person's."""
    text: str


@value
class Release:
    """A release."""

    tag: str
    is_draft: bool


def parse_pull(answer: object, site: Site) -> PullRequest:
    """One pull request of the repository of `site`; Forgejo tells of them as GitHub does.

    Raises:
        BadAnswer: it is none.
    """
    fields = Record.parse(answer, "pull request")
    number, head, base = fields.number("number"), fields.record("head"), fields.record("base")
    author = fields.maybe("user")
    labels = fields.records("labels") if "labels" in fields else ()
    return PullRequest(
        number=number,
        address=request_link(site, number),
        title=fields.text("title"),
        body=fields.text("body", ""),
        base=base.text("ref"),
        head=head.text("ref"),
        head_commit=head.text("sha", ""),
        head_repository=_source(head, base, site),
        author=author.text("login") if author is not None else "",
        labels=tuple(label.text("name") for label in labels),
        is_open=fields.text("state") == "open",
    )


def parse_comment(answer: object) -> Comment:
    """One comment on a pull request.

    Raises:
        BadAnswer: it is none.
    """
    fields = Record.parse(answer, "comment")
    author = fields.maybe("user")
    return Comment(
        number=fields.number("id"),
        author=author.number("id") if author is not None else 0,
        is_by_bot=author is not None and author.text("type", "") == "Bot",
        text=fields.text("body", ""),
    )


def parse_release(answer: object) -> Release:
    """One release.

    Raises:
        BadAnswer: it is none.
    """
    fields = Record.parse(answer, "release")
    return Release(tag=fields.text("tag_name"), is_draft=fields.flag("draft"))


def parse_account(answer: object) -> int:
    """The number of an account, which stays when it is renamed.

    Raises:
        BadAnswer: it is none.
    """
    return Record.parse(answer, "user").number("id")


def _source(head: Record, base: Record, site: Site) -> str:
    """Whose branch it is; a repository of ours that was renamed is told by its new name."""
    repository = head.maybe("repo")
    if repository is None:
        return ""
    name = repository.text("full_name")
    return site.repository if name == base.record("repo").text("full_name") else name
