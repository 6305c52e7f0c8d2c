"""The forges of the tests behind one view: what a team sees and does there, whichever it is."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from shutil import copytree
from typing import ClassVar, Self

from forge_server import ForgeServer, Token
from forgejo_server import ACTIONS as FORGEJO_BOT
from forgejo_server import SCOPES, ForgejoServer
from forgejo_server import Pull as ForgejoPull
from github_server import ACTIONS, GRACE, WRITER, GitHubServer
from github_shapes import Pull
from gitlab_server import BOT, GitLabServer, MergeRequest

SECRET = "forge-nobody-may-read-this"  # noqa: S105 - not one


class Style(Enum):
    """How a pull request is merged."""

    MERGE = auto()
    SQUASH = auto()
    REBASE = auto()


@dataclass(frozen=True, kw_only=True)
class Page:
    """A pull request as people see it."""

    number: int
    title: str
    text: str
    base: str
    head: str
    commit: str
    """The newest one of its branch."""
    is_open: bool
    comments: tuple[str, ...]


class Home(ABC):
    """One forge with the repository of a team, and a token for the team's jobs."""

    repository: ClassVar[str] = "acme/tools"
    variable: ClassVar[str]
    """In which a job finds its token."""
    server: ForgeServer

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        self.server.__exit__(*problem)  # type: ignore[arg-type]

    @abstractmethod
    def begin(self, bare: Path) -> None:
        """Have a repository with what is in this one."""

    @abstractmethod
    def open(self, head: str, title: str) -> int:
        """Let a contributor open a pull request for main; its number."""

    @abstractmethod
    def page(self, number: int) -> Page:
        """A pull request."""

    @abstractmethod
    def numbers(self) -> list[int]:
        """Those of all pull requests there ever were."""

    @abstractmethod
    def releases(self) -> Mapping[str, str]:
        """The notes of every release, by its tag."""

    @abstractmethod
    def job(self) -> Mapping[str, str]:
        """What every job is told."""

    @abstractmethod
    def job_for(self, number: int) -> Mapping[str, str]:
        """What a job is told that runs for a pull request, beside that."""

    @abstractmethod
    def close(self, number: int) -> None:
        """Note that a pull request is merged."""

    @property
    def contributors(self) -> str:
        """Where contributors push to."""
        return str(self.server.bare(self.repository))

    @property
    def token(self) -> Mapping[str, str]:
        """What a job is given that may write."""
        return {self.variable: SECRET}

    def pages(self) -> list[Page]:
        """All pull requests, the oldest first."""
        return [self.page(number) for number in self.numbers()]

    def git(self, *words: str, **environment: str) -> str:
        """What git says in the forge's own repository."""
        return self.server.git(self.repository, *words, **environment)

    def tip(self, branch: str) -> str:
        """The commit that a branch is on; empty where there is none."""
        return self.server.tip(self.repository, f"refs/heads/{branch}")

    def subjects(self, ref: str) -> list[str]:
        """What the commits on the first parents of a branch or commit are called, oldest first."""
        form = ("--reverse", "--first-parent", "--format=%s")
        return self.git("log", *form, ref).splitlines()

    def accept(self, number: int, style: Style = Style.MERGE, *, tidy: bool = True) -> None:
        """Let a maintainer merge a pull request, and the forge, if it is tidy, drop its branch."""
        page = self.page(number)
        if style is Style.MERGE:
            words = f"Merge #{number}\n\n{page.title}"
            self.server.merge(self.repository, page.base, page.commit, words)
        elif style is Style.SQUASH:
            self._put(page.base, page.commit, f"{page.title} (#{number})")
        else:
            beyond = f"{page.base}..{page.commit}"
            for commit in self.git("rev-list", "--reverse", beyond).split():
                self._put(page.base, commit, self.git("log", "-1", "--format=%B", commit))
        self.close(number)
        if tidy:
            self.git("update-ref", "-d", f"refs/heads/{page.head}")

    def _put(self, base: str, commit: str, message: str) -> None:
        """One commit on `base` that brings what another one has beyond it, by the same author."""
        tree = self.git("merge-tree", "--write-tree", base, commit).split("\n")[0]
        form = "GIT_AUTHOR_NAME=%an%nGIT_AUTHOR_EMAIL=%ae%nGIT_AUTHOR_DATE=%aI"
        told = self.git("log", "-1", f"--format={form}", commit).splitlines()
        author = dict(line.split("=", 1) for line in told)
        made = self.git("commit-tree", tree, "-p", base, "-m", message, **author)
        self.git("update-ref", f"refs/heads/{base}", made)


class OnGitHub(Home):
    """GitHub, where who contributes has a fork, and a comment takes two jobs."""

    variable = "GITHUB_TOKEN"
    fork = "grace/tools"

    def __init__(self, folder: Path) -> None:
        self.server = self._here = GitHubServer(folder)
        self._here.let(SECRET, ACTIONS, *WRITER)

    @property
    def contributors(self) -> str:
        """See `Home`."""
        return str(self.server.bare(self.fork))

    def begin(self, bare: Path) -> None:
        """See `Home`."""
        for repository in (self.repository, self.fork):
            copytree(bare, self.server.bare(repository))
        self._here.create(self.repository)

    def open(self, head: str, title: str) -> int:
        """See `Home`."""
        ends = {"head": head, "head_repository": self.fork}
        pull = self._here.open(self.repository, **ends, author=GRACE, title=title)
        self._look(pull.number)
        return pull.number

    def page(self, number: int) -> Page:
        """See `Home`."""
        pull = self._pull(number)
        is_ours = pull.head_repository == self.repository
        return Page(
            number=number,
            title=pull.title,
            text=pull.body or "",
            base=pull.base,
            head=pull.head,
            commit=self.tip(pull.head) if is_ours else pull.commit,
            is_open=pull.state == "open",
            comments=tuple(self._here.texts(self.repository, number)),
        )

    def numbers(self) -> list[int]:
        """See `Home`."""
        return list(self._here.repositories[self.repository].pulls)

    def releases(self) -> Mapping[str, str]:
        """See `Home`."""
        found = self._here.repositories[self.repository].releases.values()
        return {release.tag: release.notes for release in found}

    def job(self) -> Mapping[str, str]:
        """See `Home`."""
        return {
            "CI": "true",
            "GITHUB_API_URL": self.server.api_url,
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_SERVER_URL": self.server.url,
        }

    def job_for(self, number: int) -> Mapping[str, str]:
        """See `Home`."""
        self._look(number)
        ref = f"refs/pull/{number}/merge"
        return {
            "GITHUB_BASE_REF": self._pull(number).base,
            "GITHUB_REF": ref,
            "GITHUB_SHA": self.git("rev-parse", ref),
        }

    def event(self, number: int) -> str:
        """What the workflow is told that runs after the one for a pull request."""
        pull = self._pull(number)
        run = {
            "id": 9_000 + number,
            "name": "Fragment check",
            "event": "pull_request",
            "status": "completed",
            "conclusion": "failure",
            "head_sha": pull.commit,
            "head_branch": pull.head,
            "head_repository": {"id": 7, "full_name": pull.head_repository, "fork": True},
            "pull_requests": [],
        }
        here = {"id": 1, "full_name": self.repository, "default_branch": "main"}
        return json.dumps({"action": "completed", "workflow_run": run, "repository": here})

    def close(self, number: int) -> None:
        """See `Home`."""
        pull = self._pull(number)
        pull.state, pull.is_merged = "closed", True

    def _look(self, number: int) -> None:
        """See what was pushed to the fork, and what a merge would make."""
        pull, ref = self._pull(number), f"refs/pull/{number}"
        self.git("fetch", "--quiet", self.contributors, f"+refs/heads/{pull.head}:{ref}/head")
        pull.commit = self.git("rev-parse", f"{ref}/head")
        tree = self.git("merge-tree", "--write-tree", pull.base, pull.commit).split("\n")[0]
        parents = ("-p", pull.base, "-p", pull.commit)
        merge = self.git("commit-tree", tree, *parents, "-m", "As a merge would be")
        self.git("update-ref", f"{ref}/merge", merge)

    def _pull(self, number: int) -> Pull:
        return self._here.repositories[self.repository].pulls[number]


class OnGitLab(Home):
    """GitLab, where a pipeline knows the number of its merge request."""

    repository = "acme/team/tools"
    variable = "GITLAB_TOKEN"

    def __init__(self, folder: Path) -> None:
        self.server = self._here = GitLabServer(folder)
        self._here.tokens[SECRET] = Token(person=BOT, may=frozenset({"api"}))

    def begin(self, bare: Path) -> None:
        """See `Home`."""
        copytree(bare, self.server.bare(self.repository))
        self._here.projects.append(self.repository)

    def open(self, head: str, title: str) -> int:
        """See `Home`."""
        return self._here.open(self.repository, head, title=title).iid

    def page(self, number: int) -> Page:
        """See `Home`."""
        request = self._request(number)
        return Page(
            number=number,
            title=request.title,
            text=request.text,
            base=request.base,
            head=request.head,
            commit=self.tip(request.head),
            is_open=request.state == "opened",
            comments=tuple(note.text for note in request.notes if not note.is_by_gitlab),
        )

    def numbers(self) -> list[int]:
        """See `Home`."""
        return [request.iid for request in self._here.merge_requests]

    def releases(self) -> Mapping[str, str]:
        """See `Home`."""
        return {tag: sent["description"] for (_, tag), sent in self._here.releases.items()}

    def job(self) -> Mapping[str, str]:
        """See `Home`."""
        return {
            "CI": "true",
            "CI_API_V4_URL": self.server.api_url,
            "CI_PROJECT_PATH": self.repository,
            "CI_SERVER_URL": self.server.url,
        }

    def job_for(self, number: int) -> Mapping[str, str]:
        """See `Home`."""
        return {
            "CI_MERGE_REQUEST_IID": str(number),
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": self._request(number).base,
        }

    def close(self, number: int) -> None:
        """See `Home`."""
        self._request(number).state = "merged"

    def _request(self, number: int) -> MergeRequest:
        return next(r for r in self._here.merge_requests if r.iid == number)


class OnForgejo(Home):
    """Forgejo, whose runner uses GitHub's names, and checks out no merge."""

    variable = "FORGEJO_TOKEN"

    def __init__(self, folder: Path) -> None:
        self.server = self._here = ForgejoServer(folder)
        self._here.tokens[SECRET] = Token(person=FORGEJO_BOT, may=SCOPES)

    def begin(self, bare: Path) -> None:
        """See `Home`."""
        copytree(bare, self.server.bare(self.repository))
        self._here.repositories.append(self.repository)

    def open(self, head: str, title: str) -> int:
        """See `Home`."""
        return self._here.open(self.repository, head, title=title).number

    def page(self, number: int) -> Page:
        """See `Home`."""
        pull = self._pull(number)
        return Page(
            number=number,
            title=pull.title,
            text=pull.text,
            base=pull.base,
            head=pull.head,
            commit=self.tip(pull.head),
            is_open=pull.state == "open",
            comments=tuple(comment.text for comment in pull.comments),
        )

    def numbers(self) -> list[int]:
        """See `Home`."""
        return [pull.number for pull in self._here.pulls]

    def releases(self) -> Mapping[str, str]:
        """See `Home`."""
        return {tag: sent["body"] for (_, tag), sent in self._here.releases.items()}

    def job(self) -> Mapping[str, str]:
        """See `Home`."""
        return {
            "CI": "true",
            "FORGEJO_ACTIONS": "true",
            "GITHUB_API_URL": self.server.api_url,
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_SERVER_URL": self.server.url,
        }

    def job_for(self, number: int) -> Mapping[str, str]:
        """See `Home`."""
        base = self._pull(number).base
        return {"GITHUB_BASE_REF": base, "GITHUB_REF": f"refs/pull/{number}/head"}

    def close(self, number: int) -> None:
        """See `Home`."""
        pull = self._pull(number)
        pull.state, pull.is_merged = "closed", True

    def _pull(self, number: int) -> ForgejoPull:
        return next(pull for pull in self._here.pulls if pull.number == number)


HOMES: Mapping[str, type[OnGitHub | OnGitLab | OnForgejo]] = {
    "github": OnGitHub,
    "gitlab": OnGitLab,
    "forgejo": OnForgejo,
}
"""By the word that the configuration has for them."""
