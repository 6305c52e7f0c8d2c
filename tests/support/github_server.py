"""A GitHub of the tests: pull requests, comments and releases over a real repository.

Branches and tags are those of the repository itself: a pull request's head is its branch's tip,
it is closed when its branch is gone, and a release makes the tag that is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from forge_server import NO_HEADERS, Asked, ForgeFault, ForgeServer, Person, Token, Told
from github_shapes import Comment, Pull, Release, Shapes
from openapi import Contract

DOCUMENT = Path(__file__).with_name("openapi_github.json")
"""GitHub's own, of npm's @octokit/openapi; see openapi_github.LICENSE beside it."""

ADA = Person(number=101, name="ada")
GRACE = Person(number=102, name="grace")
ACTIONS = Person(number=41_898_282, name="github-actions[bot]", is_bot=True)

WRITER = frozenset({"contents", "issues", "pull_requests"})

_MAXIMUM = 65_536
_MAXIMUM_NOTES = 125_000
_DOCS = "https://docs.github.com/rest"


@dataclass
class Repository:
    """What there is beside the branches and tags."""

    name: str
    pulls: dict[int, Pull] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    releases: dict[int, Release] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)
    """Of its branches, when they were last looked at."""


class _Refused(Exception):
    def __init__(self, told: Told) -> None:
        super().__init__(told.status)
        self.told = told


class GitHubServer(ForgeServer):
    """GitHub Enterprise, as its API stands below ``/api/v3``.

    A token whose person is a bot is that of an App: it may not ask who it is.
    """

    api = "/api/v3"
    may_push = frozenset({"contents"})
    contract = Contract(
        json.loads(DOCUMENT.read_bytes()),
        nulls=("pull-request.head.repo", "pull-request-simple.head.repo", "pull-request.user"),
    )

    def __init__(self, folder: Path, *, faults: Sequence[ForgeFault] = ()) -> None:
        """One with nobody and nothing on it."""
        super().__init__(folder, faults=faults)
        self.repositories: dict[str, Repository] = {}
        self._count = 0
        self._moved: dict[str, str] = {}

    @property
    def shapes(self) -> Shapes:
        """How it tells of what it has."""
        return Shapes(self.contract, self.url)

    # ── what people do ──────────────────────────────────────────────────────────────────

    def create(self, repository: str) -> None:
        """Make an empty repository, or take the one that is in its folder."""
        if not self.bare(repository).exists():
            super().create(repository)
        self.repositories[repository] = Repository(repository)

    def rename(self, repository: str, name: str) -> None:
        """Give a repository another name; requests by the old one are redirected."""
        self.bare(repository).rename(self.bare(name))
        self.repositories[name] = self.repositories.pop(repository)
        self.repositories[name].name = name
        self._moved[repository] = name

    def let(self, token: str, person: Person, *may: str) -> str:
        """Give somebody a token with these permissions; the token."""
        self.tokens[token] = Token(person=person, may=frozenset(may))
        return token

    def open(self, repository: str, **words: Any) -> Pull:  # noqa: ANN401 - as fields of `Pull`
        """Let somebody open a pull request: from one of our branches, if not said otherwise."""
        usual = {"head_repository": repository, "author": ADA}
        pull = Pull(number=self._next(), **{**usual, **words})
        self.repositories[repository].pulls[pull.number] = pull
        return pull

    def say(self, repository: str, pull: int, author: Person | None, text: str) -> Comment:
        """Let somebody write a comment."""
        comment = Comment(number=self._next(), pull=pull, author=author, text=text)
        self.repositories[repository].comments[comment.number] = comment
        return comment

    def draft(self, repository: str, tag: str) -> Release:
        """Let somebody write a draft of a release, whose tag is not made yet."""
        release = Release(
            number=self._next(),
            tag=tag,
            commit="main",
            title=tag,
            notes="Soon",
            author=ADA,
            is_draft=True,
        )
        self.repositories[repository].releases[release.number] = release
        return release

    def accept(self, repository: str, number: int) -> str:
        """Let somebody merge a pull request; the commit that this makes."""
        pull = self.repositories[repository].pulls[number]
        self._refresh(repository)
        message = f"Merge pull request #{number}"
        commit = self.merge(repository, pull.base, pull.commit, message)
        pull.state, pull.is_merged = "closed", True
        return commit

    def texts(self, repository: str, pull: int) -> list[str]:
        """All comments on a pull request, the oldest first."""
        comments = self.repositories[repository].comments.values()
        return [comment.text for comment in comments if comment.pull == pull]

    def release_of(self, repository: str, tag: str) -> Release:
        """The one that is up for a tag."""
        (found,) = (
            release
            for release in self.repositories[repository].releases.values()
            if release.tag == tag and not release.is_draft
        )
        return found

    # ── what is asked ───────────────────────────────────────────────────────────────────

    def answer(self, asked: Asked) -> Told:
        """See `ForgeServer`."""
        try:
            match [unquote(part) for part in asked.path.split("/")[1:]]:
                case ["user"]:
                    return self._user(asked)
                case ["repos", owner, name, *rest]:
                    repository = self._repository(asked, f"{owner}/{name}")
                    self._refresh(repository.name)
                    return self._within(asked, repository, rest)
                case _:
                    raise self._not_found()
        except _Refused as refused:
            return refused.told

    def _within(self, asked: Asked, repository: Repository, rest: Sequence[str]) -> Told:
        match rest:
            case ["releases", *more]:
                return self._about_releases(asked, repository, more)
            case ["pulls"]:
                act = self._pulls if asked.method == "GET" else self._open_pull
                return act(asked, repository)
            case ["pulls", number]:
                return self._about_pull(asked, repository, self._found(repository.pulls, number))
            case ["issues", "comments", number]:
                comment = self._found(repository.comments, number)
                return self._change_comment(asked, repository, comment)
            case ["issues", number, "comments"]:
                pull = self._found(repository.pulls, number)
                say = self._comments if asked.method == "GET" else self._comment
                return say(asked, repository, pull)
            case _:
                raise self._not_found()

    def _about_releases(self, asked: Asked, repository: Repository, more: Sequence[str]) -> Told:
        match more:
            case ["tags", tag]:
                return self._release(repository, tag)
            case []:
                act = self._releases if asked.method == "GET" else self._make_release
                return act(asked, repository)
            case _:
                raise self._not_found()

    # ── who asks ────────────────────────────────────────────────────────────────────────

    def _user(self, asked: Asked) -> Told:
        person = self._person(asked)
        if person is None:
            raise self._refused(401, "Requires authentication")
        if person.is_bot:
            raise self._refused(403, "Resource not accessible by integration")
        return Told(200, self.shapes.user(person))

    def _person(self, asked: Asked) -> Person | None:
        if not asked.token:
            return None
        token = self.tokens.get(asked.token)
        if token is None:
            raise self._refused(401, "Bad credentials")
        return token.person

    def _demand(self, asked: Asked, *permissions: str) -> Person:
        """Who asks, if their token has one of these permissions."""
        person = self._person(asked)
        if person is None:
            raise self._refused(401, "Requires authentication")
        if not {*permissions} & self.tokens[asked.token].may:
            words = "Resource not accessible by personal access token"
            wanted = "; ".join(f"{permission}=write" for permission in permissions)
            named = {"X-Accepted-GitHub-Permissions": wanted}
            raise self._refused(403, words, headers=named)
        return person

    def _repository(self, asked: Asked, name: str) -> Repository:
        person = self._person(asked)
        if name in self._moved:
            there = asked.path.replace(name, self._moved[name], 1)
            query = f"?{urlencode(asked.query)}" if asked.query else ""
            place = {"Location": f"{self.api_url}{there}{query}"}
            raise _Refused(Told(307 if asked.body else 301, None, place))
        found = {n.lower(): r for n, r in self.repositories.items()}.get(name.lower())
        if found is None or not (self.is_public or person):
            raise self._not_found()
        return found

    # ── releases ────────────────────────────────────────────────────────────────────────

    def _releases(self, asked: Asked, repository: Repository) -> Told:
        token = self.tokens.get(asked.token)
        sees_drafts = token is not None and "contents" in token.may
        newest = sorted(repository.releases.values(), key=lambda release: -release.number)
        shown = [release for release in newest if sees_drafts or not release.is_draft]
        return self._paged(asked, [self.shapes.release(repository.name, r) for r in shown])

    def _release(self, repository: Repository, tag: str) -> Told:
        for release in repository.releases.values():
            if release.tag == tag and not release.is_draft:
                return Told(200, self.shapes.release(repository.name, release))
        raise self._not_found()

    def _make_release(self, asked: Asked, repository: Repository) -> Told:
        author, words = self._demand(asked, "contents"), asked.body
        tag, commit = words["tag_name"], words.get("target_commitish", "main")
        if any(r.tag == tag and not r.is_draft for r in repository.releases.values()):
            raise self._invalid("Release", "tag_name", "already_exists")
        if len(words.get("body", "")) > _MAXIMUM_NOTES:
            said = f"body is too long (maximum is {_MAXIMUM_NOTES} characters)"
            raise self._invalid("Release", "body", "custom", said)
        if words.get("prerelease") and words.get("make_latest") == "true":
            said = "Drafts and prereleases cannot be set as latest"
            raise self._invalid("Release", "make_latest", "custom", said)
        if not self.tip(repository.name, f"refs/tags/{tag}"):
            if not re.fullmatch("[0-9a-f]{40}", commit):
                commit = self.tip(repository.name, f"refs/heads/{commit}")
            if not commit or not self._has_commit(repository.name, commit):
                raise self._invalid("Release", "target_commitish", "invalid")
            self.git(repository.name, "update-ref", f"refs/tags/{tag}", commit)
        release = Release(
            number=self._next(),
            tag=tag,
            commit=commit,
            title=words.get("name", tag),
            notes=words.get("body", ""),
            author=author,
            is_prerelease=words.get("prerelease", False),
            latest=words.get("make_latest", "true"),
        )
        repository.releases[release.number] = release
        return Told(201, self.shapes.release(repository.name, release))

    def _has_commit(self, repository: str, commit: str) -> bool:
        try:
            return self.git(repository, "cat-file", "-t", commit) == "commit"
        except RuntimeError:
            return False

    # ── pull requests ───────────────────────────────────────────────────────────────────

    def _pulls(self, asked: Asked, repository: Repository) -> Told:
        state = asked.query.get("state", "open")
        found = [p for p in repository.pulls.values() if state in {"all", p.state}]
        if base := asked.query.get("base"):
            found = [pull for pull in found if pull.base == base]
        owner, _, head = asked.query.get("head", "").partition(":")
        if head:  # what has no owner is as if it had not been said
            found = [p for p in found if p.head == head and p.owner == owner.lower()]
        newest = sorted(found, key=lambda pull: -pull.number)
        told = [self._told(repository, pull, "pull-request-simple") for pull in newest]
        return self._paged(asked, told)

    def _open_pull(self, asked: Asked, repository: Repository) -> Told:
        author, words = self._demand(asked, "pull_requests"), asked.body
        head, base = words["head"], words["base"]
        self._check_length(words.get("body", ""), "PullRequest")
        for name, branch in (("head", head), ("base", base)):
            if branch not in repository.tips:
                raise self._invalid("PullRequest", name, "invalid")
        if repository.tips[head] == repository.tips[base]:
            said = f"No commits between {base} and {head}"
            raise self._invalid("PullRequest", None, "custom", said)
        for pull in repository.pulls.values():
            ends = (pull.head, pull.base, pull.head_repository)
            if pull.state == "open" and ends == (head, base, repository.name):
                said = f"A pull request already exists for {repository.name.split('/')[0]}:{head}."
                raise self._invalid("PullRequest", None, "custom", said)
        pull = self.open(
            repository.name,
            title=words["title"],
            body=words.get("body"),
            base=base,
            head=head,
            author=author,
        )
        self._refresh(repository.name)
        return Told(201, self._told(repository, pull))

    def _about_pull(self, asked: Asked, repository: Repository, pull: Pull) -> Told:
        if asked.method == "GET":
            return Told(200, self._told(repository, pull))
        self._demand(asked, "pull_requests")
        words = asked.body
        self._check_length(words.get("body") or "", "PullRequest")
        pull.title = words.get("title", pull.title)
        pull.body = words.get("body", pull.body)
        pull.state = words.get("state", pull.state)
        return Told(200, self._told(repository, pull))

    def _told(
        self, repository: Repository, pull: Pull, schema: str = "pull-request"
    ) -> dict[str, Any]:
        return self.shapes.pull(repository.name, pull, repository.tips.get(pull.base, ""), schema)

    def _refresh(self, name: str) -> None:
        """See what became of the branches: whoever deletes one closes what came from it."""
        listed = self.git(name, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads")
        repository = self.repositories[name]
        repository.tips = {line[52:]: line[:40] for line in listed.splitlines()}
        for pull in repository.pulls.values():
            if pull.head_repository == name and pull.state == "open":
                pull.commit = repository.tips.get(pull.head, pull.commit)
                if pull.head not in repository.tips and pull.commit:
                    pull.state = "closed"

    # ── comments ────────────────────────────────────────────────────────────────────────

    def _comments(self, asked: Asked, repository: Repository, pull: Pull) -> Told:
        found = (c for c in repository.comments.values() if c.pull == pull.number)
        return self._paged(asked, [self.shapes.comment(comment) for comment in found])

    def _comment(self, asked: Asked, repository: Repository, pull: Pull) -> Told:
        author = self._demand(asked, "issues", "pull_requests")
        self._check_length(asked.body["body"], "IssueComment")
        comment = self.say(repository.name, pull.number, author, asked.body["body"])
        return Told(201, self.shapes.comment(comment))

    def _change_comment(self, asked: Asked, repository: Repository, comment: Comment) -> Told:
        self._demand(asked, "issues", "pull_requests")
        if asked.method == "DELETE":
            del repository.comments[comment.number]
            return Told(204)
        self._check_length(asked.body["body"], "IssueComment")
        comment.text = asked.body["body"]
        return Told(200, self.shapes.comment(comment))

    # ── answers ─────────────────────────────────────────────────────────────────────────

    def _next(self) -> int:
        with self.lock:
            self._count += 1
            return self._count

    def _paged(self, asked: Asked, items: Sequence[Any]) -> Told:
        size = int(asked.query.get("per_page", 30))
        page = int(asked.query.get("page", 1))
        start = (page - 1) * size
        if start + size >= len(items):
            return Told(200, list(items[start:]))
        query = urlencode({**asked.query, "page": page + 1})
        there = f"{self.api_url}{asked.path}?{query}"
        last = f"{self.api_url}{asked.path}?page=9"
        link = f'<{there}>; rel="next", <{last}>; rel="last"'
        return Told(200, list(items[start : start + size]), {"Link": link})

    def _found(self, things: dict[int, Any], number: str) -> Any:  # noqa: ANN401 - as they are
        if not number.isdecimal() or int(number) not in things:
            raise self._not_found()
        return things[int(number)]

    def _check_length(self, text: str, resource: str) -> None:
        if len(text) > _MAXIMUM:
            said = f"body is too long (maximum is {_MAXIMUM} characters)"
            raise self._invalid(resource, "body", "custom", said)

    def _invalid(
        self, resource: str, name: str | None, code: str, message: str | None = None
    ) -> _Refused:
        error = {"resource": resource, "field": name, "code": code, "message": message}
        told = {key: text for key, text in error.items() if text is not None}
        return self._refused(422, "Validation Failed", errors=[told])

    def _not_found(self) -> _Refused:
        return self._refused(404, "Not Found")

    def _refused(
        self,
        status: int,
        message: str,
        *,
        headers: Mapping[str, str] = NO_HEADERS,
        errors: Sequence[Any] = (),
    ) -> _Refused:
        body = {"message": message, "documentation_url": _DOCS, "status": str(status)}
        told = {**body, "errors": errors} if errors else body
        return _Refused(Told(status, told, headers))
