"""Which comments are ours is decided by who wrote them, before what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from forge_server import ForgeFault
from github_server import ACTIONS, ADA, GRACE, GitHubServer
from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import ForgeRefused
from monorelease.adapters.github import DIALECT
from monorelease.adapters.github_comments import GitHubComments
from monorelease.errors import ForgeUnavailable

TOOLS = "acme/tools"


def comments(forge: GitHubServer, token: str, number: int) -> GitHubComments:
    api = ForgeApi(forge.api_url, token, DIALECT, sleep=lambda _: None)
    issues = ("repos", "acme", "tools", "issues")
    return GitHubComments(api, issues, number, lambda text: text.startswith("mine"))


@pytest.fixture
def forge(tmp_path: Path) -> GitHubServer:
    server = GitHubServer(tmp_path)
    server.create(TOOLS)
    server.let("ada", ADA, "issues")
    server.let("job", ACTIONS, "issues")
    return server


def test_a_person_has_what_the_person_wrote(forge: GitHubServer) -> None:
    with forge:
        number = forge.open(TOOLS).number
        own = forge.say(TOOLS, number, ADA, "mine 1")
        for author, text in ((GRACE, "mine"), (ACTIONS, "mine"), (None, "mine"), (ADA, "else")):
            forge.say(TOOLS, number, author, text)
        forge.say(TOOLS, forge.open(TOOLS).number, ADA, "mine, of another pull request")

        assert [said.number for said in comments(forge, "ada", number).ours()] == [own.number]


def test_an_app_has_what_apps_wrote(forge: GitHubServer) -> None:
    with forge:
        number = forge.open(TOOLS).number
        for author in (GRACE, None, ADA):
            forge.say(TOOLS, number, author, "mine")
        own = forge.say(TOOLS, number, ACTIONS, "mine")

        assert [said.number for said in comments(forge, "job", number).ours()] == [own.number]


def test_one_is_written_rewritten_and_erased(forge: GitHubServer) -> None:
    with forge:
        number = forge.open(TOOLS).number
        board = comments(forge, "ada", number)

        said = board.write("mine")
        assert board.ours() == (said,)
        board.rewrite(said.number, "mine too")
        assert [other.text for other in board.ours()] == ["mine too"]
        board.erase(said.number)
        board.erase(said.number)
        assert board.ours() == ()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (ForgeFault(path="/user", status=200, body='{"login": "ada"}'), r"user\.id is missing"),
        (ForgeFault(path="/user", status=200, body="[]"), "user is a list"),
        (ForgeFault(path="/comments", status=200, body='[{"id": 1}, 7]'), "comment is a number"),
        (ForgeFault(path="/comments", status=200, body="{}"), "no list"),
    ],
    ids=["no number", "no user", "no comment", "no comments"],
)
def test_strange_answers_are_told(forge: GitHubServer, fault: ForgeFault, told: str) -> None:
    with forge:
        number = forge.open(TOOLS).number
        forge.heed(fault)

        with pytest.raises(ForgeUnavailable, match=told):
            comments(forge, "ada", number).ours()


def test_who_is_nobody_has_no_comments(forge: GitHubServer) -> None:
    with forge, pytest.raises(ForgeRefused, match="401"):
        comments(forge, "", 1)
