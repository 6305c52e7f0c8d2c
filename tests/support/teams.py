"""A monorepo on a forge of the tests, the people who work on it, and the jobs of its CI."""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from index_server import IndexServer
from monorelease.cli import main
from publishing import OFFLINE, package
from publishing import TOKEN as INDEX_TOKEN
from sandbox import Ran, Sandbox
from team_forges import HOMES, SECRET, Home, OnForgejo, OnGitHub

RELEASE = "monorelease/main"
NOBODY = dict.fromkeys(
    (
        *("CI", "CI_API_V4_URL", "CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"),
        *("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_PROJECT_PATH", "CI_SERVER_URL"),
        *("FORGEJO_ACTIONS", "FORGEJO_TOKEN", "GH_TOKEN", "GITEA_ACTIONS", "GITEA_TOKEN"),
        *("GITHUB_API_URL", "GITHUB_BASE_REF", "GITHUB_REF", "GITHUB_REPOSITORY"),
        *("GITHUB_SERVER_URL", "GITHUB_SHA", "GITHUB_TOKEN", "GITLAB_TOKEN"),
        "MONORELEASE_FORGE_TOKEN",
    ),
    "",
)
"""What a job may be told: these tests may run in one themselves."""

SECRETS = (SECRET, *INDEX_TOKEN.values())

CONFIG = """\
[tool.monorelease.publish]
to = "test"
branch = "main"

[tool.monorelease.index.test]
url = "{url}"
upload-url = "{upload_url}"
patience = 2

[tool.monorelease.forge]
kind = "{kind}"
{more}
"""


class Team:
    """Ada, who maintains; Grace, who contributes; and a machine that runs jobs."""

    is_quick = False
    """Whether jobs run in this process: else each loads all modules anew, as real ones do."""

    def __init__(self, folder: Path, home: Home, index: IndexServer, config: str) -> None:
        self.home = home
        self.index = index
        self.people = Sandbox.copied(_begun(), folder / "people")
        self.people.write({"pyproject.toml": config})
        self.people.commit("Say where it is released")
        bare = folder / "bare"
        self.people.git("clone", "--quiet", "--bare", ".", str(bare))
        home.begin(bare)
        home.git("config", "http.receivepack", "true")
        self.ci = Sandbox.copied(self.people.root, folder / "ci")
        self.ci.git("remote", "add", "origin", home.server.address(home.repository))
        self.heard: list[Ran] = []
        """What the jobs have printed, and how they ended."""

    def contribute(self, files: Mapping[str, str], title: str, branch: str = "change") -> int:
        """Let Grace open a pull request with these files; its number."""
        self.people.git("switch", "--quiet", "--create", branch, "main")
        self._push(files, title)
        return self.home.open(branch, title)

    def amend(self, number: int, files: Mapping[str, str]) -> None:
        """Let Grace push one more commit to her pull request."""
        self.people.git("switch", "--quiet", self.home.page(number).head)
        self._push(files, "Say what it does")

    def land(self, files: Mapping[str, str], branch: str = "main") -> str:
        """Let Ada commit something to a branch of the forge; the commit."""
        words = f"Add {' and '.join(files)}"
        return self.home.server.commit(self.home.repository, branch, files, words)

    def comment(self, number: int) -> Ran:
        """Let the jobs for a pull request say what it will release; how the last one ended."""
        if isinstance(self.home, OnGitHub):
            proposed = self.job_for(number, "comment", "--json")
            assert proposed.status == 0, proposed.stderr
            return self.tell(proposed.stdout, self.home.event(number))
        flags = ("--pr", str(number)) if isinstance(self.home, OnForgejo) else ()
        return self.job_for(number, "comment", "--post", *flags, **self.home.token)

    def job_for(self, number: int, *words: str, **environment: str) -> Ran:
        """Run a command in a job for a pull request, which has no rights."""
        told = self.home.job_for(number)
        is_merge = told.get("GITHUB_REF", "").endswith("/merge")
        self.check_out(told["GITHUB_SHA"] if is_merge else self.home.page(number).commit)
        return self.run(*words, **told, **environment)

    def tell(self, data: str, event: str) -> Ran:
        """Run the job that may comment, with what the one without rights has left."""
        places = []
        for name, text in (("proposal.json", data), ("event.json", event)):
            places.append(str(self.ci.root.parent / name))
            Path(places[-1]).write_text(text, "utf-8")
        return self.job("comment", "--data", places[0], "--event", places[1], "--post")

    def job(self, *words: str, **environment: str) -> Ran:
        """Run a command in a job for the main branch, which may write."""
        self.check_out("main")
        return self.run(*words, **self.home.token, **environment)

    def publish(self) -> Ran:
        """Run the job that publishes."""
        return self.job("publish", "--yes", **OFFLINE, **INDEX_TOKEN)

    def run(self, *words: str, **environment: str) -> Ran:
        """Run a command on what is checked out, in a job that has no rights of its own."""
        told = {**NOBODY, **self.home.job(), **environment}
        start = _run_here if self.is_quick else Sandbox.monorelease
        ran = start(self.ci, *words, **told)
        self.heard.append(ran)
        return ran

    def check_out(self, ref: str) -> None:
        """Let the machine have what the forge has, and check something of it out."""
        refs = ("+refs/heads/*:refs/remotes/origin/*", "+refs/pull/*:refs/pull/*")
        place = str(self.home.server.bare(self.home.repository))
        self.ci.git("fetch", "--quiet", "--prune", place, *refs)
        where = ("-B", "main", "origin/main") if ref == "main" else ("--detach", ref)
        self.ci.git("checkout", "--quiet", "--force", *where)

    def leaks(self) -> list[str]:
        """Whatever others can read of this and has a secret in it."""
        texts = [self.ci.git("config", "--list"), *self.home.releases().values()]
        for ran in self.heard:
            texts += [ran.stdout, ran.stderr]
        for page in self.home.pages():
            texts += [page.title, page.text, *page.comments]
        return [text for text in texts if any(secret in text for secret in SECRETS)]

    def _push(self, files: Mapping[str, str], message: str) -> None:
        self.people.write(files)
        self.people.commit(message)
        self.people.git("push", "--quiet", self.home.contributors, "HEAD")


@contextmanager
def team_on(kind: str, folder: Path, more: str = "") -> Iterator[Team]:
    """A team on a forge of this kind; nothing of what it does may show a secret.

    `more` goes into the table of the forge.
    """
    with IndexServer() as index, HOMES[kind](folder / "forge") as home:
        config = CONFIG.format(
            kind=kind, more=more, url=index.simple_url, upload_url=index.upload_url
        )
        team = Team(folder, home, index, config)
        yield team
        assert team.leaks() == []


def _run_here(sandbox: Sandbox, *words: str, **environment: str) -> Ran:
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(StringIO()) as out,
        redirect_stderr(StringIO()) as err,
    ):
        for name, text in environment.items():
            patch.setenv(name, text)
        status = main(["--cwd", str(sandbox.root), *words])
    return Ran(status, out.getvalue(), err.getvalue())


@cache
def _begun() -> Path:
    """The repository without a configuration; every team has a copy."""
    folder = mkdtemp()
    atexit.register(rmtree, folder, ignore_errors=True)
    sandbox = Sandbox(Path(folder, "repository"))
    sandbox.write(package("core"))
    sandbox.write(package("app", "core>=1.0.0,<2"))
    sandbox.write({".gitignore": "dist\n"})
    sandbox.commit("Begin")
    return sandbox.root
