"""What all forges do alike with comments; whose they are is tried where each forge is."""

from __future__ import annotations

from pathlib import Path

import pytest

from forge_server import ForgeFault
from github_server import ADA, GRACE, GitHubServer
from monorelease.adapters.comments import Comments, Place
from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import ForgeRefused
from monorelease.adapters.github import DIALECT
from monorelease.formats.github_answers import Comment, parse_comment

TOOLS = "acme/tools"


class Adas(Comments[Comment]):
    """Those that Ada wrote."""

    def is_ours(self, comment: Comment) -> bool:
        return comment.author == ADA.number


def adas(forge: GitHubServer, number: int) -> Adas:
    issues = ("repos", "acme", "tools", "issues")
    place = Place(everyones=(*issues, str(number), "comments"), each=(*issues, "comments"))
    api = ForgeApi(forge.api_url, "ada", DIALECT, sleep=lambda _: None)
    return Adas(api, place, parse_comment, lambda text: text.startswith("mine"))


@pytest.fixture
def forge(tmp_path: Path) -> GitHubServer:
    server = GitHubServer(tmp_path)
    server.create(TOOLS)
    server.let("ada", ADA, "issues")
    return server


def test_they_are_found_written_changed_and_removed(forge: GitHubServer) -> None:
    with forge:
        number = forge.open(TOOLS).number
        forge.say(TOOLS, number, GRACE, "mine")
        forge.say(TOOLS, number, ADA, "not it")
        comments = adas(forge, number)

        written = comments.write("mine 1")
        assert comments.ours() == (written,)
        comments.rewrite(written.number, "mine 2")
        assert [said.text for said in comments.ours()] == ["mine 2"]
        comments.erase(written.number)
        assert comments.ours() == ()


def test_what_is_gone_already_is_removed_and_what_may_not_be_is_told(forge: GitHubServer) -> None:
    with forge:
        comments = adas(forge, forge.open(TOOLS).number)
        comments.erase(12345)
        forge.heed(ForgeFault(method="DELETE", status=403))

        with pytest.raises(ForgeRefused, match="403"):
            comments.erase(12345)
