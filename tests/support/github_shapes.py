"""What a GitHub of the tests has, and how it tells of it in JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forge_server import Person
from openapi import Contract

_TIME = "2026-11-22T10:15:00Z"


@dataclass(kw_only=True)
class Pull:
    """A pull request."""

    number: int
    title: str = "A change"
    body: str | None = None
    base: str = "main"
    head: str = "change"
    head_repository: str | None
    """None for one that is gone."""
    author: Person | None
    labels: tuple[str, ...] = ()
    state: str = "open"
    is_merged: bool = False
    commit: str = ""
    """The tip of its branch, when it was last seen."""

    @property
    def owner(self) -> str:
        """Whose branch it is, in small letters."""
        return (self.head_repository or "").partition("/")[0].lower()


@dataclass(kw_only=True)
class Comment:
    """What somebody said about a pull request."""

    number: int
    pull: int
    author: Person | None
    text: str


@dataclass(kw_only=True)
class Release:
    """A release, or a draft of one."""

    number: int
    tag: str
    commit: str
    title: str
    notes: str
    author: Person
    is_draft: bool = False
    is_prerelease: bool = False
    latest: str = "true"
    """As it was asked for: ``true``, ``false`` or ``legacy``."""


class Shapes:
    """Samples of the document, with what is to be told written over them."""

    def __init__(self, contract: Contract, url: str) -> None:
        self._contract = contract
        self._url = url

    def user(self, person: Person) -> dict[str, Any]:
        """Who somebody is, as they are told themselves."""
        return {**self._contract.sample("private-user"), **self._person(person)}

    def release(self, repository: str, release: Release) -> dict[str, Any]:
        """A release."""
        return {
            **self._contract.sample("release"),
            "html_url": f"{self._url}/{repository}/releases/tag/{release.tag}",
            "id": release.number,
            "tag_name": release.tag,
            "target_commitish": release.commit,
            "name": release.title,
            "body": release.notes,
            "draft": release.is_draft,
            "prerelease": release.is_prerelease,
            "published_at": None if release.is_draft else _TIME,
            "author": self._person(release.author),
        }

    def pull(
        self, repository: str, pull: Pull, base: str, schema: str = "pull-request"
    ) -> dict[str, Any]:
        """A pull request to a branch whose tip is `base`; in lists it has less to it."""
        told = {
            **self._contract.sample(schema),
            "html_url": f"{self._url}/{repository}/pull/{pull.number}",
            "number": pull.number,
            "state": pull.state,
            "title": pull.title,
            "body": pull.body,
            "user": self._person(pull.author) if pull.author else None,
            "labels": [self._label(label) for label in pull.labels],
            "merged_at": _TIME if pull.is_merged else None,
            "head": self._end(pull.head, pull.commit or "0" * 40, pull.head_repository),
            "base": self._end(pull.base, base, repository),
        }
        return {**told, "merged": pull.is_merged} if schema == "pull-request" else told

    def comment(self, comment: Comment) -> dict[str, Any]:
        """A comment."""
        return {
            **self._contract.sample("issue-comment"),
            "id": comment.number,
            "body": comment.text,
            "user": self._person(comment.author) if comment.author else None,
        }

    def _end(self, branch: str, commit: str, repository: str | None) -> dict[str, Any]:
        owner = (repository or "").partition("/")[0]
        person = self._person(Person(number=1, name=owner))
        return {
            "label": f"{owner}:{branch}",
            "ref": branch,
            "sha": commit,
            "user": person,
            "repo": self._repository(repository, person) if repository else None,
        }

    def _repository(self, name: str, owner: dict[str, Any]) -> dict[str, Any]:
        return {
            **self._contract.sample("repository"),
            "full_name": name,
            "name": name.rpartition("/")[2],
            "owner": owner,
            "html_url": f"{self._url}/{name}",
        }

    def _label(self, label: str) -> dict[str, Any]:
        told = {"id": 1, "node_id": "x", "url": f"{self._url}/labels", "color": "ffffff"}
        return {**told, "name": label, "description": "", "default": False}

    def _person(self, person: Person) -> dict[str, Any]:
        return {
            **self._contract.sample("simple-user"),
            "login": person.name,
            "id": person.number,
            "type": "Bot" if person.is_bot else "User",
        }
