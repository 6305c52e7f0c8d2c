"""A repository on a forge of the tests, and what people do about its release pull request."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

from github_server import ADA, WRITER, GitHubServer
from github_shapes import Pull
from monorelease.adapters.forges import forge_at
from monorelease.adapters.github import GitHub
from monorelease.adapters.remote import Remote
from monorelease.model.forge import ForgeKind, Site
from monorelease.model.release_request import ReleaseRequest
from monorelease.workflows.release_draft import Wish
from monorelease.workflows.release_pr import keep
from releasing import NO_UV
from sandbox import Sandbox, toy

NAME = "acme/tools"
HEAD = "monorelease/main"
TOKEN = "a-token-of-the-tests"  # noqa: S105 - of nobody
DAY = date(2026, 11, 22)
SITE = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository=NAME)
"""What links lead to; the server that is asked is another one in every test."""

CONFIG = '[tool.monorelease.forge]\nkind = "github"\n'


class Team:
    """A clone of the repository, the forge where that lives, and the remote in between."""

    def __init__(self, sandbox: Sandbox, server: GitHubServer) -> None:
        self.sandbox = sandbox
        self.server = server
        self.bare = server.bare(NAME)
        self.told: list[str] = []
        """What the last runs have said beside their results."""

    @property
    def forge(self) -> GitHub:
        """The forge, for whoever has the token."""
        forge = forge_at(SITE, TOKEN, api=self.server.api_url, sleep=lambda _: None)
        assert isinstance(forge, GitHub)
        return forge

    def keep(self, base: str = "main") -> ReleaseRequest:
        """Run the tool once."""
        return keep(self.remote, wish(base), self.forge, self.told.append)

    @property
    def remote(self) -> Remote:
        """The remote, as the clone has it."""
        return Remote(self.sandbox.root, "origin")

    def git(self, *words: str) -> str:
        """What git says in the forge's own repository, without a newline at the end."""
        return self.server.git(NAME, *words)

    def tip(self, branch: str = HEAD) -> str:
        """The commit that a branch is on there; empty where there is none."""
        return self.server.tip(NAME, f"refs/heads/{branch}")

    def read(self, path: str, ref: str = HEAD) -> str:
        """A file there."""
        return self.git("show", f"{ref}:{path}")

    def subjects(self, ref: str = HEAD, base: str = "main") -> list[str]:
        """What the commits of a branch there are called, the oldest first."""
        return self.git("log", "--reverse", "--format=%s", f"{base}..{ref}").splitlines()

    def commit(self, files: dict[str, str], message: str, branch: str = HEAD) -> str:
        """Let a person commit something on the forge; the commit."""
        return self.server.commit(NAME, branch, files, message)

    def fragment(self, name: str, text: str = "More.", member: str = "core") -> str:
        """Let a person merge a fragment into main; the commit."""
        files = {f"changes/{name}": f"---\n{member}: patch\n---\n\n{text}\n"}
        return self.commit(files, f"Add {name}", "main")

    def pull(self) -> Pull:
        """The release pull request, if there was exactly one ever."""
        (pull,) = self.server.repositories[NAME].pulls.values()
        return pull

    @property
    def body(self) -> str:
        """What the newest release pull request says."""
        body = self.pulls()[-1].body
        assert body is not None
        return body

    def pulls(self) -> list[Pull]:
        """All that there ever were."""
        return list(self.server.repositories[NAME].pulls.values())

    def asked(self) -> list[str]:
        """What the forge was asked to change since the last time."""
        words = [asked.words for asked in self.server.requests if asked.method != "GET"]
        self.server.requests.clear()
        return words


def wish(base: str = "main") -> Wish:
    """The release of all that is pending."""
    return Wish(base=base, means=NO_UV, day=DAY)


@contextmanager
def team(folder: Path) -> Iterator[Team]:
    """A new repository with a fragment that waits, on a forge that runs."""
    with GitHubServer(folder / "forge") as server:
        server.create(NAME)
        server.let(TOKEN, ADA, *WRITER)
        sandbox = toy(folder / "clone", CONFIG)
        sandbox.git("remote", "add", "origin", str(server.bare(NAME)))
        sandbox.git("push", "--quiet", "origin", "main")
        yield Team(sandbox, server)


@contextmanager
def team_with_request(folder: Path) -> Iterator[Team]:
    """What `team` comes to after the tool was run once."""
    once, first = _run_once()
    with GitHubServer(folder / "forge") as server:
        server.create(NAME)
        server.let(TOKEN, ADA, *WRITER)
        copytree(once / "forge", server.folder, dirs_exist_ok=True)
        sandbox = Sandbox.copied(once / "clone", folder / "clone")
        sandbox.git("remote", "set-url", "origin", str(server.bare(NAME)))
        server.open(NAME, title=first.title, body=first.body, base=first.base, head=first.head)
        yield Team(sandbox, server)


@cache
def _run_once() -> tuple[Path, ReleaseRequest]:
    folder = Path(mkdtemp())
    atexit.register(rmtree, folder, ignore_errors=True)
    with team(folder) as here:
        return folder, here.keep()
