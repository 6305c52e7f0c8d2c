from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monorelease.cli import main
from reviews import Page
from sandbox import TOOL, Ran, Sandbox, surroundings

pexpect = pytest.importorskip("pexpect")

Run = Callable[..., Ran]

HERE = Path(".git", "monorelease", "review.html")

terminal_only = pytest.mark.skipif(os.name == "nt", reason="needs a terminal of POSIX")


@pytest.fixture
def run(repository: Sandbox, capsys: pytest.CaptureFixture[str]) -> Run:
    """The tool in this process: nobody sits at a terminal."""

    def run(*words: str) -> Ran:
        status = main([*words, f"--cwd={repository.root}"])
        return Ran(status, *capsys.readouterr())

    return run


def test_the_page_is_put_where_no_commit_takes_it_and_the_place_is_told(
    repository: Sandbox, run: Run
) -> None:
    ran = run("review")

    place = repository.root.resolve() / HERE
    assert (ran.status, ran.stdout) == (0, f"{place}\n")
    assert ran.stderr == "open that file in a browser; here it is with --terminal\n"
    assert Page(place.read_text("utf-8")).one("h1").text == "1 package to release"
    assert repository.git("status", "--porcelain") == ""


def test_it_goes_where_it_is_asked_to_and_over_no_other_file(repository: Sandbox, run: Run) -> None:
    flags = ["--as", "core=2.0", "--date", "2030-01-02"]
    asked = run("review", "--output", "out/page.html", *flags)
    refused = run("review", "--output", "pyproject.toml")

    assert asked.stdout == f"{repository.root / 'out/page.html'}\n"
    words = Page((repository.root / "out/page.html").read_text("utf-8")).one("main").text
    assert "2.0 was asked for" in words
    assert "2.0 - 2030-01-02" in words
    assert refused.status == 2
    assert "is no page of ours" in refused.stderr
    assert not (repository.root / HERE).exists()


def test_without_git_it_lies_in_the_tools_own_folder(repository: Sandbox, run: Run) -> None:
    shutil.rmtree(repository.root / ".git")

    ran = run("review")

    place = repository.root.resolve() / ".monorelease" / "review.html"
    assert (ran.status, ran.stdout) == (0, f"{place}\n")
    assert (place.parent / ".gitignore").read_text("utf-8") == "*\n"


def test_errors_are_on_the_page_and_in_the_status(repository: Sandbox, run: Run) -> None:
    repository.write({"changes/1.fix.md": "---\nserve: patch\n---\n\nx\n"})

    ran = run("review")
    page = Page((repository.root / HERE).read_text("utf-8"))

    assert ran.status == 3
    assert "unknown-member" in ran.stderr
    assert page.one("h1").text == "1 error to put right"
    assert "serve" in page.one("ul", class_="findings").text


def test_a_program_gets_everything_and_the_place_of_the_page(repository: Sandbox, run: Run) -> None:
    ran = run("review", "--json")
    value = json.loads(ran.stdout)

    assert (ran.status, ran.stderr) == (0, "")
    assert value["stage"] == "waiting"
    assert value["page"] == str(repository.root.resolve() / HERE)
    assert value["publishing"]["waves"] == [["core"]]


def test_a_release_in_the_tree_is_the_one_that_is_shown(repository: Sandbox, run: Run) -> None:
    run("release")

    ran = run("review")
    narrowed = run("review", "--pre", "rc")
    repository.commit("Release")
    later = run("review", "--terminal")

    page = Page((repository.root / HERE).read_text("utf-8"))
    assert ran.status == 0
    assert page.one("h1").text == "1 package released, not committed yet"
    assert "Native resources are freed." in page.one("main").text
    assert narrowed.status == 2
    assert "monorelease undo" in narrowed.stderr
    assert later.stdout.startswith("Waiting: nothing is written yet.\n\nNothing to release")


def test_what_migrate_has_written_is_no_release(repository: Sandbox, run: Run) -> None:
    repository.write({".changeset/a.md": "---\nserver: minor\n---\n\nNew.\n"})
    run("migrate", "--remove")

    ran = run("review", "--terminal")

    assert ran.stdout.startswith("Waiting: nothing is written yet.\n\n2 packages to release\n")


def test_in_a_terminal_it_is_words_and_no_page(repository: Sandbox, run: Run) -> None:
    ran = run("review", "--terminal")

    assert ran.status == 0
    assert ran.stdout.startswith("Waiting: nothing is written yet.\n\n1 package to release\n")
    assert not (repository.root / HERE).exists()


@pytest.mark.parametrize("other", [["--json"], ["--output", "x.html"]], ids=["json", "output"])
def test_words_for_a_person_are_no_page_for_others(run: Run, other: list[str]) -> None:
    assert run("review", "--terminal", *other).status == 2


@terminal_only
def test_whoever_sits_at_a_terminal_gets_a_pager(repository: Sandbox) -> None:
    spawned = pexpect.spawn(
        TOOL[0],
        [*TOOL[1:], "review", "--terminal"],
        cwd=repository.root,
        env=surroundings(PAGER="sed s/^/PAGED:/"),
        timeout=30,
        encoding="utf-8",
    )
    shown = spawned.read()
    spawned.close()

    assert spawned.exitstatus == 0
    assert "PAGED:Waiting: nothing is written yet." in shown


@terminal_only
@pytest.mark.skipif(sys.platform != "linux", reason="a display is told by the environment")
@pytest.mark.parametrize(
    ("words", "environment", "is_opened"),
    [
        ([], {"DISPLAY": ":0"}, True),
        (["--no-open"], {"DISPLAY": ":0"}, False),
    ],
    ids=["display", "no-open"],
)
def test_a_browser_is_opened_where_somebody_can_see_it(
    repository: Sandbox, words: list[str], environment: dict[str, str], *, is_opened: bool
) -> None:
    told = repository.root / "told"
    script = repository.root / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > "{told}"\n', "utf-8")
    script.chmod(0o755)
    base = surroundings(BROWSER=str(script), **environment)
    unwanted = {"CI", "SSH_CONNECTION", "SSH_CLIENT"} | {"SSH_TTY"} - environment.keys()
    spawned = pexpect.spawn(
        TOOL[0],
        [*TOOL[1:], "review", *words],
        cwd=repository.root,
        env={name: value for name, value in base.items() if name not in unwanted},
        timeout=30,
        encoding="utf-8",
    )
    spawned.read()
    spawned.close()

    assert spawned.exitstatus == 0
    assert told.exists() == is_opened
