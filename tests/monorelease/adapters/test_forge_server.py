"""The forges of the tests are like real ones: git behind them, and a document that they keep to."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from forge_server import ForgeFault, ForgeServer
from github_server import ADA, GRACE, WRITER, GitHubServer
from openapi import NotAllowed
from sandbox import Sandbox
from toy_forge import ToyForge

TOOLS = "acme/tools"


@pytest.fixture
def forge(tmp_path: Path) -> GitHubServer:
    server = GitHubServer(tmp_path / "forge")
    server.create(TOOLS)
    server.commit(TOOLS, "main", {"README.md": "Begin\n", "a/b.txt": "b\n"}, "Begin")
    server.let("writes", ADA, *WRITER)
    server.let("reads", GRACE)
    return server


def clone(forge: ForgeServer, folder: Path, token: str = "") -> Sandbox:
    """A clone, whose git says who it is at every request."""
    sandbox = Sandbox(folder)
    if token:
        sandbox.git("config", "http.extraHeader", f"Authorization: Bearer {token}")
    sandbox.git("remote", "add", "origin", forge.address(TOOLS))
    sandbox.git("pull", "--quiet", "origin", "main")
    return sandbox


def get(url: str, method: str = "GET", body: object = None) -> tuple[int, bytes]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": "token writes"}
    try:
        with urlopen(Request(url, data, headers, method=method), timeout=10) as response:  # noqa: S310
            return response.status, response.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


# ── git ─────────────────────────────────────────────────────────────────────────────────


def test_what_is_pushed_is_there_and_can_be_cloned(forge: GitHubServer, tmp_path: Path) -> None:
    with forge:
        sandbox = clone(forge, tmp_path / "one", "writes")
        sandbox.write({"new.txt": "n" * 2_000_000})  # more than git sends in one piece
        sandbox.commit("More")
        tags = [f"core-{n}" for n in range(5)]
        for tag in tags:
            sandbox.git("tag", tag)
        refs = ("HEAD:refs/heads/main", *(f"refs/tags/{tag}" for tag in tags))
        sandbox.git("push", "--quiet", "--atomic", "origin", *refs)

        assert forge.tip(TOOLS, "refs/heads/main") == sandbox.git("rev-parse", "HEAD").strip()
        assert forge.git(TOOLS, "tag").split() == tags
        assert clone(forge, tmp_path / "two").tree() == sandbox.tree()


def test_an_atomic_push_is_all_or_nothing(forge: GitHubServer, tmp_path: Path) -> None:
    with forge:
        sandbox = clone(forge, tmp_path / "one", "writes")
        forge.commit(TOOLS, "main", {"other.txt": "o"}, "Somebody was faster")
        sandbox.commit("Mine")
        sandbox.git("tag", "core-1")
        push = ("push", "--atomic", "origin", "HEAD:refs/heads/main", "refs/tags/core-1")

        assert sandbox.run("git", *push).status != 0
        assert forge.git(TOOLS, "tag") == ""


@pytest.mark.parametrize(
    ("token", "told"), [("", "Username"), ("reads", "403"), ("forged", "Username")]
)
def test_who_may_not_push_does_not(
    forge: GitHubServer, tmp_path: Path, token: str, told: str
) -> None:
    with forge:
        sandbox = clone(forge, tmp_path / "one", "reads")
        sandbox.git("config", "http.extraHeader", f"Authorization: Bearer {token}")
        if not token:
            sandbox.git("config", "--unset", "http.extraHeader")
        sandbox.commit("Mine")
        ran = sandbox.run("git", "push", "origin", "HEAD:main", GIT_TERMINAL_PROMPT="0")

    assert ran.status != 0
    assert told in ran.stderr


def test_a_private_repository_is_cloned_with_a_token_in_any_guise(
    forge: GitHubServer, tmp_path: Path
) -> None:
    forge.is_public = False
    with forge:
        sandbox = Sandbox(tmp_path / "one")
        address = forge.address(TOOLS)
        known = address.replace("//", "//x-access-token:reads@")

        assert sandbox.run("git", "ls-remote", address, GIT_TERMINAL_PROMPT="0").status != 0
        assert "refs/heads/main" in sandbox.git("ls-remote", known)


def test_people_commit_and_merge_on_the_forge(forge: GitHubServer) -> None:
    forge.commit(TOOLS, "change", {"a/c.txt": "c\n"}, "Change")
    pull = forge.open(TOOLS, head="change")
    with forge:
        commit = forge.accept(TOOLS, pull.number)

    assert forge.tip(TOOLS, "refs/heads/main") == commit
    assert forge.git(TOOLS, "ls-tree", "-r", "--name-only", "main").split() == [
        *("README.md", "a/b.txt", "a/c.txt"),
    ]
    assert (pull.state, pull.is_merged) == ("closed", True)


def test_a_pull_request_ends_with_its_branch(forge: GitHubServer, tmp_path: Path) -> None:
    forge.commit(TOOLS, "change", {"c.txt": "c\n"}, "Change")
    pull = forge.open(TOOLS, head="change")
    with forge:
        url = f"{forge.api_url}/repos/{TOOLS}/pulls/{pull.number}"
        _, before = get(url)
        sandbox = clone(forge, tmp_path / "one", "writes")
        sandbox.git("push", "--quiet", "origin", ":change")
        _, after = get(url)

    assert json.loads(before)["state"] == "open"
    assert json.loads(after)["state"] == "closed"
    assert json.loads(after)["head"]["sha"] == json.loads(before)["head"]["sha"]


# ── what it keeps to ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("GET", "/repos/acme/tools/pulls?stat=open", None, "no parameter 'stat'"),
        ("GET", "/repos/acme/tools/pulls?state=gone", None, "'gone' is not one of"),
        ("GET", "/repos/acme/tools/wiki", None, "no such operation"),
        ("POST", "/repos/acme/tools/pulls", {"title": "T"}, "'head' is a required property"),
        ("POST", "/repos/acme/tools/pulls", None, "no body"),
        ("POST", "/repos/acme/tools/releases", {"tag_name": "v1", "x": 1}, r"no field \['x'\]"),
        ("PATCH", "/repos/acme/tools/pulls/1", {"state": 7}, "7 is not one of"),
    ],
)
def test_a_request_that_the_document_does_not_allow_fails_the_test(
    forge: GitHubServer, method: str, path: str, body: object, told: str
) -> None:
    with pytest.raises(NotAllowed, match=told), forge:
        get(f"{forge.api_url}{path}", method, body)

    assert [asked.status for asked in forge.requests] == [400]


@pytest.mark.parametrize(
    ("word", "wrong"), [("title", 7), ("state", None), ("labels", [7]), ("created_at", "today")]
)
def test_an_answer_that_the_document_does_not_allow_fails_the_test(
    forge: GitHubServer, monkeypatch: pytest.MonkeyPatch, word: str, wrong: object
) -> None:
    pull = forge.open(TOOLS)
    told = forge.contract.sample("pull-request")
    monkeypatch.setattr("github_shapes.Shapes.pull", lambda *_: {**told, word: wrong}, raising=True)

    with pytest.raises(NotAllowed, match=word), forge:
        get(f"{forge.api_url}/repos/{TOOLS}/pulls/{pull.number}")


def test_a_mistake_of_the_forge_fails_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ToyForge, "answer", lambda *_: 1 / 0)

    with (
        pytest.raises(NotAllowed, match="ZeroDivisionError"),
        ToyForge(tmp_path) as forge,
        suppress(URLError, ConnectionError),
    ):
        get(f"{forge.api_url}/things")

    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_test_that_fails_tells_why_it_does(tmp_path: Path) -> None:
    def story() -> None:
        with ToyForge(tmp_path) as forge:
            get(f"{forge.api_url}/things?x=1")
            raise KeyError

    with pytest.raises(KeyError):
        story()


# ── what goes wrong ─────────────────────────────────────────────────────────────────────


def test_faults_befall_the_requests_they_are_for(tmp_path: Path) -> None:
    faults = [
        ForgeFault(method="POST", status=500),
        ForgeFault(path="/x$", after=1, times=2, status=503),
    ]
    with ToyForge(tmp_path, faults=faults) as forge:
        forge.things["x"] = 1
        found = [get(f"{forge.api_url}/things/x")[0] for _ in range(4)]
        made = [get(f"{forge.api_url}/things", "POST", {})[0] for _ in range(2)]

    assert found == [200, 503, 503, 200]
    assert made == [500, 201]
    assert [asked.status for asked in forge.asked(path="/x$")] == found
