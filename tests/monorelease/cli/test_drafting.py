"""Fragments from what stands elsewhere: on a forge, in an event, in another tool's files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from github_server import ACTIONS, WRITER, GitHubServer
from monorelease.cli.console import Console
from monorelease.cli.parser import parse
from monorelease.cli.wiring import Surroundings
from monorelease.errors import BadProposal, ForgeUnavailable, UnreadableFile, UsageProblem
from sandbox import FIXED, Sandbox, toy

TOOLS = "acme/tools"
SECRET = "a-secret"  # noqa: S105 - not one


class Place(NamedTuple):
    """A forge, and a clone of its repository with a branch that touches the core."""

    server: GitHubServer
    sandbox: Sandbox
    captured: pytest.CaptureFixture[str]

    def run(self, *words: str) -> str:
        """Run a command here, in this process; what it prints."""
        args, run = parse(words)
        around = Surroundings(
            cwd=self.sandbox.root,
            console=Console(),
            is_interactive=False,
            uv=None,
            editor=None,
            source_date_epoch=None,
            environment={"GITHUB_TOKEN": SECRET},
        )
        self.captured.readouterr()
        assert run(args, around) == 0
        return self.captured.readouterr().out


@pytest.fixture
def place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    sandbox = toy(tmp_path / "repository", '[tool.monorelease.forge]\nkind = "github"\n')
    sandbox.git("switch", "--quiet", "--create", "change")
    sandbox.write({"packages/core/a.py": "1"})
    sandbox.commit("Work")
    with GitHubServer(tmp_path / "forge") as server:
        server.create(TOOLS)
        server.let(SECRET, ACTIONS, *WRITER)
        sandbox.git("remote", "add", "origin", server.address(TOOLS))
        yield Place(server, sandbox, capsys)


def test_a_number_is_looked_up_on_the_forge(place: Place) -> None:
    pull = place.server.open(TOOLS, title="feat: hear voices", labels=("bump: patch",))

    told = json.loads(place.run("add", "--from-pr", f"#{pull.number}", "--json"))

    (fragment,) = told["fragments"]
    assert fragment["path"] == f"changes/{pull.number}.fix.md"
    assert (fragment["bumps"], fragment["text"]) == ({"core": "patch"}, "Hear voices.")
    assert (place.sandbox.root / fragment["path"]).exists()


def test_a_rehearsal_writes_nothing(place: Place) -> None:
    pull = place.server.open(TOOLS, title="feat: hear voices")
    before = place.sandbox.tree()

    shown = place.run("add", "--from-pr", str(pull.number), "--dry-run")

    assert shown == f"changes/{pull.number}.feature.md\n  core: minor\n  Hear voices.\n"
    assert place.sandbox.tree() == before


def test_a_number_that_the_forge_does_not_know_is_told(place: Place) -> None:
    with pytest.raises(ForgeUnavailable) as caught:
        place.run("add", "--from-pr", "404")

    assert SECRET not in str(caught.value) + caught.value.hint


def test_a_base_that_is_no_branch_here_is_guessed(place: Place) -> None:
    event = {
        "object_attributes": {
            "iid": 7,
            "title": "fix: it",
            "target_branch": "--output=x",
            "source_branch": "change",
        }
    }
    (place.sandbox.root / ".git" / "event.json").write_text(json.dumps(event))

    assert place.run("add", "--from-pr", ".git/event.json").startswith("changes/7.fix.md\n")


def test_a_base_that_is_not_fetched_is_named(place: Place) -> None:
    place.sandbox.git("branch", "--delete", "--force", "main")
    event = {"object_attributes": {"iid": 7, "title": "x", "target_branch": "main"}}
    event["object_attributes"]["source_branch"] = "change"
    (place.sandbox.root / ".git" / "event.json").write_text(json.dumps(event))

    with pytest.raises(UsageProblem, match="no commit 'origin/main'") as caught:
        place.run("add", "--from-pr", ".git/event.json")
    assert "git fetch" in caught.value.hint


@pytest.mark.parametrize("word", ["gone.json", "packages", "a\0b", "1" * 13])
def test_what_is_neither_a_number_nor_a_file_is_told(word: str, place: Place) -> None:
    with pytest.raises(UnreadableFile) as caught:
        place.run("add", "--from-pr", word)

    assert caught.value.where == word
    assert "number of a pull request" in caught.value.hint


def test_without_stdin_there_is_nothing_to_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)

    with pytest.raises(UsageProblem, match="no stdin"):
        place.run("add", "--from-pr", "-")


def test_an_event_may_come_by_stdin(place: Place, tmp_path: Path) -> None:
    (tmp_path / "event").write_bytes(b"<html>")
    with (tmp_path / "event").open() as stdin, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", stdin)

        with pytest.raises(BadProposal, match="web page"):
            place.run("add", "--from-pr", "-")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--from-commits", "--for-dependencies"), "--from-commits and --for-dependencies"),
        (("--from-pr", "7", "--id", "8"), "--from-pr and --id"),
        (("--for-dependencies", "--empty"), "--for-dependencies and --empty"),
        (("--from-commits", "-m", "x"), "--from-commits and --message"),
        (("--all",), "--all needs one of"),
    ],
)
def test_one_way_at_a_time(words: tuple[str, ...], problem: str, place: Place) -> None:
    with pytest.raises(UsageProblem, match=problem):
        place.run("add", *words)


@pytest.mark.parametrize(
    ("word", "problem"),
    [("core", "does not say what is what"), ("=core", "does not say"), ("x=coer", "no member")],
)
def test_a_mapping_says_what_is_what(word: str, problem: str, place: Place) -> None:
    with pytest.raises(UsageProblem, match=problem):
        place.run("migrate", "--map", word)


def test_where_nobody_left_anything_it_says_so(place: Place) -> None:
    before = place.sandbox.tree()

    assert place.run("migrate", "--from", "scriv") == (
        "Nothing to bring over: no pending notes or settings of scriv are here.\n"
    )
    assert json.loads(place.run("migrate", "--json"))["tools"] == []
    assert place.sandbox.tree() == before
