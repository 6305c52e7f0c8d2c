"""What Forgejo and Gitea answer in words of their own; of pull requests they tell as GitHub."""

from __future__ import annotations

import re

from monorelease.formats.answers import Record
from monorelease.model.value import value

# As servers have them by default; [repository.pull-request] of theirs may name others.
_DRAFT = re.compile(r"\s*(?P<sign>wip:|\[wip\])\s*", re.IGNORECASE)


@value
class Comment:
    """What somebody said about a pull request."""

    number: int
    author: str
    text: str


@value
class Release:
    """A release."""

    tag: str
    is_draft: bool


def parse_comment(answer: object) -> Comment:
    """One comment on a pull request.

    Raises:
        BadAnswer: it is none.
    """
    return _comment(Record.parse(answer, "comment"))


def parse_comments(answer: object) -> tuple[Comment, ...]:
    """All comments on a pull request: they come on one page.

    Raises:
        BadAnswer: it is another thing.
    """
    fields = Record.parse({"comments": answer}, "answer")
    return tuple(_comment(comment) for comment in fields.records("comments"))


def parse_user(answer: object) -> str:
    """The name by which a user signs in.

    The number would not do: the one of those who run a job is negative.

    Raises:
        BadAnswer: it is none.
    """
    return Record.parse(answer, "user").text("login")


def parse_repository(answer: object) -> str:
    """The name of a repository, with its owner's.

    Raises:
        BadAnswer: it is none.
    """
    return Record.parse(answer, "repository").text("full_name")


def parse_release(answer: object) -> Release:
    """One release.

    Raises:
        BadAnswer: it is none.
    """
    fields = Record.parse(answer, "release")
    return Release(tag=fields.text("tag_name"), is_draft=fields.flag("draft"))


def keep_draft(title: str, now: str) -> str:
    """`title`, as a draft if `now` is the title of one: people say so there, and take it back."""
    draft = _DRAFT.match(now)
    return f"{draft['sign']} {title}" if draft and not _DRAFT.match(title) else title


def _comment(fields: Record) -> Comment:
    author = fields.maybe("user")
    return Comment(
        number=fields.number("id"),
        author=author.text("login") if author is not None else "",
        text=fields.text("body", ""),
    )
