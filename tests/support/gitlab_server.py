"""A GitLab on loopback, as far as a release tool needs one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from forge_server import Asked, ForgeFault, ForgeServer, Person, Token, Told
from gitlab_contract import CONTRACT

_WHEN = "2026-11-22T10:15:00.000Z"
_READS = frozenset({"api", "read_api"})

BOT = Person(number=7001, name="project_1_bot", is_bot=True)
ANN = Person(number=12, name="ann")


@dataclass(kw_only=True)
class Note:
    """What somebody said, or GitLab itself."""

    number: int
    author: Person
    text: str
    is_by_gitlab: bool = False


@dataclass(kw_only=True)
class MergeRequest:
    """One merge request; who knows only its `iid` must know its project too."""

    number: int
    iid: int
    project: str
    source: str
    """The project of its branch; empty for one that is gone."""
    head: str
    base: str
    title: str
    text: str
    author: Person
    state: str = "opened"
    labels: tuple[str, ...] = ()
    notes: list[Note] = field(default_factory=list)


class Refusal(Exception):
    """GitLab says no."""

    def __init__(self, status: int, message: Any) -> None:  # noqa: ANN401 - text, list or object
        super().__init__(status, message)
        self.told = Told(status, {"message": message})


class GitLabServer(ForgeServer):
    """Projects, merge requests with their notes, and releases.

    Its tokens may do what the scopes ``api``, ``read_api`` and ``write_repository`` allow.
    """

    api = "/api/v4"
    may_push = frozenset({"api", "write_repository"})
    contract = CONTRACT

    def __init__(self, folder: Path, *, faults: Sequence[ForgeFault] = ()) -> None:
        """Nothing is served yet; repositories will be below `folder`."""
        super().__init__(folder, faults=faults)
        self.projects: list[str] = []
        """Their names; the number of one is its place, counted from 1."""
        self.hidden: set[str] = set()
        """Projects that nobody may see here."""
        self.merge_requests: list[MergeRequest] = []
        self.releases: dict[tuple[str, str], Mapping[str, str]] = {}
        """What was sent for each, by project and tag."""
        self.orders: list[str] = []
        """Quick actions that notes and descriptions told GitLab to carry out."""
        self._notes = 300

    def create(self, repository: str) -> None:
        """Make an empty project, with as many groups as its name has."""
        super().create(repository)
        self.projects.append(repository)

    def open(  # noqa: PLR0913 - what a merge request is made of
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
    ) -> MergeRequest:
        """Open a merge request, as a person does; `source` is a fork's name, empty for a lost one.

        GitLab says something itself below each.
        """
        made = MergeRequest(
            number=9000 + len(self.merge_requests),
            iid=1 + sum(request.project == repository for request in self.merge_requests),
            project=repository,
            source=repository if source is None else source,
            head=head,
            base=base,
            title=title,
            text=text,
            author=author,
            labels=labels,
        )
        self.merge_requests.append(made)
        self.say(made, author, "added 1 commit", is_by_gitlab=True)
        return made

    def say(
        self, request: MergeRequest, author: Person, text: str, *, is_by_gitlab: bool = False
    ) -> Note:
        """Put a note below a merge request."""
        self._notes += 1
        note = Note(number=self._notes, author=author, text=text, is_by_gitlab=is_by_gitlab)
        request.notes.append(note)
        return note

    def accept(self, request: MergeRequest) -> str:
        """Merge one; the commit that its base is at then."""
        tip = self.tip(request.project, f"refs/heads/{request.head}")
        request.state = "merged"
        return self.merge(request.project, request.base, tip, f"Merge '{request.title}'")

    def heard(self, text: str) -> str:
        """The text of a note or a description, without the orders that GitLab found in it."""
        lines = text.replace("\r", "").split("\n")
        orders = [line for line in lines if re.match("/[A-Za-z]", line)]
        self.orders += orders
        return "\n".join(line for line in lines if line not in orders).strip()

    def read_token(self, headers: Mapping[str, str]) -> str:
        """The token of the API is in a header of its own; git sends it as a password."""
        return headers.get("private-token", "") or super().read_token(headers)

    def answer(self, asked: Asked) -> Told:
        """What the API answers."""
        try:
            token = self._known(asked)
            for method, pattern, name in _ROUTES:
                found = re.fullmatch(pattern, asked.path)
                if found is not None and method == asked.method:
                    if name == "_user":
                        return self._user(token)
                    project = self._project(found["id"], token)
                    rest = [unquote(part) for part in found.groups()[1:]]
                    told: Told = getattr(self, name)(asked, token, project, *rest)
                    return told
        except Refusal as refusal:
            return refusal.told
        raise AssertionError(asked)

    def _known(self, asked: Asked) -> Token | None:
        token = self.tokens.get(asked.token)
        if token is None and (asked.token or asked.method != "GET"):
            raise Refusal(401, "401 Unauthorized")
        scopes = _READS if asked.method == "GET" else {"api"}
        if token is not None and not token.may & scopes:
            raise _InsufficientScope(" ".join(sorted(scopes)))
        return token

    def _project(self, name: str, token: Token | None) -> str:
        """Who may not see it is told that it is not there."""
        known = dict(enumerate(self.projects, 1))
        told = unquote(name)
        found = known.get(int(told), "") if told.isdecimal() else told
        is_hidden = found in self.hidden or (token is None and not self.is_public)
        if found not in self.projects or is_hidden:
            raise Refusal(404, "404 Project Not Found")
        return found

    def _user(self, token: Token | None) -> Told:
        if token is None:
            raise Refusal(401, "401 Unauthorized")
        person = _person(token.person, self.url)
        return Told(200, {**self.contract.sample("User"), **person, "bot": token.person.is_bot})

    def _show_project(self, asked: Asked, token: Token | None, project: str) -> Told:
        del asked, token
        fields = {
            "id": self._id(project),
            "name": project.rpartition("/")[2],
            "path_with_namespace": project,
            "web_url": f"{self.url}/{project}",
        }
        return Told(200, {**self.contract.sample("Project"), **fields})

    def _list_requests(self, asked: Asked, token: Token | None, project: str) -> Told:
        del token
        wanted = asked.query
        found = [
            request
            for request in reversed(self.merge_requests)
            if request.project == project
            and wanted.get("state", "all") in {"all", request.state}
            and wanted.get("source_branch", request.head) == request.head
            and wanted.get("target_branch", request.base) == request.base
        ]
        return _page(asked, [self._shown("ListedMergeRequest", request) for request in found])

    def _make_request(self, asked: Asked, token: Token, project: str) -> Told:
        head, base = asked.body["source_branch"], asked.body["target_branch"]
        if head == base:
            raise Refusal(409, ["You can't use same project/branch for source and target"])
        for request in self.merge_requests:
            ends = (request.source, request.project, request.head, request.base, request.state)
            if ends == (project, project, head, base, "opened"):
                words = "Another open merge request already exists for this source branch"
                raise Refusal(409, [f"{words}: !{request.iid}"])
        title, text = _title(asked.body["title"]), self.heard(asked.body.get("description", ""))
        made = self.open(project, head, base, title=title, text=text, author=token.person)
        return Told(201, self._shown("MergeRequest", made))

    def _show_request(self, asked: Asked, token: Token | None, project: str, iid: str) -> Told:
        del asked, token
        return Told(200, self._shown("MergeRequest", self._request(project, iid)))

    def _edit_request(self, asked: Asked, token: Token, project: str, iid: str) -> Told:
        del token
        request = self._request(project, iid)
        request.title = _title(asked.body.get("title", request.title))
        request.text = self.heard(asked.body.get("description", request.text))
        if asked.body.get("state_event") == "close" and request.state == "opened":
            request.state = "closed"
        return Told(200, self._shown("MergeRequest", request))

    def _list_notes(self, asked: Asked, token: Token | None, project: str, iid: str) -> Told:
        del token
        request = self._request(project, iid)
        notes = [self._shown_note(request, note) for note in request.notes]
        return _page(asked, notes if asked.query.get("sort") == "asc" else notes[::-1])

    def _make_note(self, asked: Asked, token: Token, project: str, iid: str) -> Told:
        request = self._request(project, iid)
        note = self.say(request, token.person, self.heard(asked.body["body"]))
        return Told(201, self._shown_note(request, note))

    def _edit_note(self, asked: Asked, token: Token, project: str, iid: str, number: str) -> Told:
        request = self._request(project, iid)
        note = self._note(request, number, token)
        note.text = self.heard(asked.body["body"])
        return Told(200, self._shown_note(request, note))

    def _drop_note(self, asked: Asked, token: Token, project: str, iid: str, number: str) -> Told:
        del asked
        request = self._request(project, iid)
        request.notes.remove(self._note(request, number, token))
        return Told(204)

    def _show_release(self, asked: Asked, token: Token | None, project: str, tag: str) -> Told:
        del asked, token
        if (project, tag) not in self.releases:
            raise Refusal(404, "404 Not Found")
        return Told(200, self._shown_release(project, tag))

    def _make_release(self, asked: Asked, token: Token, project: str) -> Told:
        del token
        tag, ref = asked.body["tag_name"], asked.body.get("ref", "")
        if (project, tag) in self.releases:
            raise Refusal(409, "Release already exists")
        if not self.tip(project, f"refs/tags/{tag}"):
            self._make_tag(project, tag, ref)
        self.releases[project, tag] = asked.body
        return Told(201, self._shown_release(project, tag))

    def _make_tag(self, project: str, tag: str, ref: str) -> None:
        if not ref:
            raise Refusal(422, "Ref is not specified")
        try:
            self.git(project, "update-ref", f"refs/tags/{tag}", f"{ref}^{{commit}}")
        except RuntimeError:
            raise Refusal(400, f"Target {ref} is invalid") from None

    def _request(self, project: str, iid: str) -> MergeRequest:
        for request in self.merge_requests:
            if (request.project, str(request.iid)) == (project, iid):
                return request
        raise Refusal(404, "404 Not found")

    def _note(self, request: MergeRequest, number: str, token: Token) -> Note:
        for note in request.notes:
            if str(note.number) == number:
                if note.author != token.person or note.is_by_gitlab:
                    raise Refusal(403, "403 Forbidden")
                return note
        raise Refusal(404, "404 Note Not Found")

    def _id(self, project: str) -> int | None:
        return self.projects.index(project) + 1 if project in self.projects else None

    def _shown(self, shape: str, request: MergeRequest) -> dict[str, Any]:
        tip = self.tip(request.source, f"refs/heads/{request.head}") if request.source else ""
        return {
            **self.contract.sample(shape),
            "author": _person(request.author, self.url),
            "description": request.text,
            "draft": request.title.lower().startswith("draft:"),
            "id": request.number,
            "iid": request.iid,
            "labels": list(request.labels),
            "project_id": self._id(request.project),
            "sha": tip or None,
            "source_branch": request.head,
            "source_project_id": self._id(request.source),
            "state": request.state,
            "target_branch": request.base,
            "target_project_id": self._id(request.project),
            "title": request.title,
            "web_url": f"{self.url}/{request.project}/-/merge_requests/{request.iid}",
        }

    def _shown_note(self, request: MergeRequest, note: Note) -> dict[str, Any]:
        return {
            **self.contract.sample("Note"),
            "author": _person(note.author, self.url),
            "body": note.text,
            "created_at": _WHEN,
            "id": note.number,
            "noteable_iid": request.iid,
            "system": note.is_by_gitlab,
        }

    def _shown_release(self, project: str, tag: str) -> dict[str, Any]:
        sent = self.releases[project, tag]
        return {
            **self.contract.sample("Release"),
            "description": sent.get("description"),
            "name": sent.get("name", tag),
            "released_at": _WHEN,
            "tag_name": tag,
        }


class _InsufficientScope(Refusal):
    """The token is too weak; GitLab says so in another form than everything else."""

    def __init__(self, scope: str) -> None:
        super().__init__(403, "")
        words = "The request requires higher privileges than provided by the access token."
        told = {"error": "insufficient_scope", "error_description": words, "scope": scope}
        self.told = Told(403, told)


_IN_PROJECT = "/projects/(?P<id>[^/]+)"
_REQUEST = f"{_IN_PROJECT}/merge_requests/([0-9]+)"
_ROUTES = (
    ("GET", "/user", "_user"),
    ("GET", _IN_PROJECT, "_show_project"),
    ("GET", f"{_IN_PROJECT}/merge_requests", "_list_requests"),
    ("POST", f"{_IN_PROJECT}/merge_requests", "_make_request"),
    ("GET", _REQUEST, "_show_request"),
    ("PUT", _REQUEST, "_edit_request"),
    ("GET", f"{_REQUEST}/notes", "_list_notes"),
    ("POST", f"{_REQUEST}/notes", "_make_note"),
    ("PUT", f"{_REQUEST}/notes/([0-9]+)", "_edit_note"),
    ("DELETE", f"{_REQUEST}/notes/([0-9]+)", "_drop_note"),
    ("GET", f"{_IN_PROJECT}/releases/([^/]+)", "_show_release"),
    ("POST", f"{_IN_PROJECT}/releases", "_make_release"),
)


def _title(title: str) -> str:
    if not title.strip():
        raise Refusal(400, {"title": ["can't be blank"]})
    return title.strip()


def _person(person: Person, url: str) -> dict[str, Any]:
    return {
        "avatar_url": f"{url}/avatar.png",
        "id": person.number,
        "name": person.name.title(),
        "state": "active",
        "username": person.name,
        "web_url": f"{url}/{person.name}",
    }


def _page(asked: Asked, items: list[Any]) -> Told:
    size, number = int(asked.query.get("per_page", 20)), int(asked.query.get("page", 1))
    last = max(1, -(-len(items) // size))
    headers = {
        "X-Next-Page": str(number + 1) if number < last else "",
        "X-Page": str(number),
        "X-Per-Page": str(size),
        "X-Total": str(len(items)),
        "X-Total-Pages": str(last),
    }
    return Told(200, items[(number - 1) * size : number * size], headers)
