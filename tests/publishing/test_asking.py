"""Nothing is published before somebody has agreed, and a dry run publishes nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator

import pytest

from index_server import IndexServer
from publishing import (
    EVERYTHING,
    OFFLINE,
    TAGS,
    TOKEN,
    forget,
    released,
    tags_here,
    tags_there,
)
from pypi_server import needs_uv
from sandbox import PATIENCE, TOOL, Sandbox, surroundings

pytestmark = needs_uv

needs_terminal = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")

ENVIRONMENT = OFFLINE | TOKEN
QUESTION = r"Upload 6 files to test\? \(y/n\): "


@pytest.fixture(scope="module")
def index() -> Iterator[IndexServer]:
    with IndexServer() as index:
        yield index


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, index: IndexServer) -> Sandbox:
    folder = tmp_path_factory.mktemp("asking")
    return released(folder, index.simple_url, index.upload_url)


@pytest.fixture
def sandbox(repository: Sandbox, index: IndexServer) -> Iterator[Sandbox]:
    """Where nothing is published yet; afterwards that is so again."""
    yield repository
    index.forget()
    forget(repository)
    shutil.rmtree(repository.root / "dist", ignore_errors=True)


def assert_unpublished(sandbox: Sandbox, index: IndexServer) -> None:
    """There is no trace of the command."""
    assert index.uploads == []
    assert tags_here(sandbox) == tags_there(sandbox) == []
    assert sandbox.git("status", "--porcelain", "--ignored") == ""
    assert not (sandbox.root / "dist").exists()


def test_a_dry_run_says_what_the_real_run_does(sandbox: Sandbox, index: IndexServer) -> None:
    dry = sandbox.monorelease("publish", "--dry-run", "--json", **ENVIRONMENT)
    assert dry.status == 0, dry.stdout
    assert dry.stderr == "a dry run: nothing was uploaded, tagged or announced\n"
    assert_unpublished(sandbox, index)

    real = sandbox.monorelease("publish", "--yes", "--json", **ENVIRONMENT)

    assert real.status == 0, real.stderr
    plan, done = json.loads(dry.stdout), json.loads(real.stdout)
    assert (plan["dry_run"], done["dry_run"]) == (True, False)
    assert {file["action"] for file in plan["files"]} == {"upload"}
    said = ("name", "version", "filename", "kind", "sha256", "size")
    planned = [[file[key] for key in said] for file in plan["files"]]
    assert planned == [[receipt[key] for key in said] for receipt in done["receipts"]]
    assert [tag["commit"] for tag in plan["tags"]] == [tag["commit"] for tag in done["tags"]]
    assert [tag["name"] for tag in plan["tags"]] == TAGS
    assert index.stored == EVERYTHING


def test_nobody_to_ask_is_told_at_once(sandbox: Sandbox, index: IndexServer) -> None:
    ran = sandbox.monorelease("publish", **ENVIRONMENT)

    assert (ran.status, ran.stdout) == (2, "")
    assert "nobody is there to be asked whether to upload to test" in ran.stderr
    assert "--yes" in ran.stderr
    assert_unpublished(sandbox, index)


@needs_terminal
def test_no_is_no(sandbox: Sandbox, index: IndexServer) -> None:
    status, said = answered(sandbox, "n")

    assert status == 1
    assert "nothing was uploaded, tagged or announced" in said
    assert index.uploads == []
    assert tags_here(sandbox) == tags_there(sandbox) == []


@needs_terminal
def test_yes_is_asked_for_once_everything_is_shown(sandbox: Sandbox, index: IndexServer) -> None:
    status, said = answered(sandbox, "y")

    assert status == 0
    plan, _, story = said.partition("Upload 6 files to test?")
    assert "6 files to upload" in plan
    assert "core-v1.0.1, plugin-a-v1.0.1, plugin-b-v1.0.1" in plan
    for name in EVERYTHING:
        assert name in story, "a line as soon as it is there"
    assert TOKEN["MONORELEASE_INDEX_TEST_TOKEN"] not in said
    assert index.stored == EVERYTHING
    assert tags_there(sandbox) == TAGS


def answered(sandbox: Sandbox, answer: str) -> tuple[int | None, str]:
    """How the command ends where somebody gives this answer, and what was on the terminal."""
    import pexpect

    child = pexpect.spawn(
        TOOL[0],
        [*TOOL[1:], "publish"],
        cwd=str(sandbox.root),
        env=surroundings(TERM="dumb", **ENVIRONMENT),
        timeout=PATIENCE,
        encoding="utf-8",
        echo=False,
    )
    child.delaybeforesend = None
    child.expect(QUESTION)
    said = f"{child.before}{child.after}"
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, f"{said}{child.before}"


def test_a_rehearsal_asks_nobody(sandbox: Sandbox) -> None:
    ran = sandbox.monorelease("publish", "--to", "local", **OFFLINE)

    assert ran.status == 0, ran.stderr
    assert tags_here(sandbox) == TAGS
    assert tags_there(sandbox) == []
    assert sandbox.git("status", "--porcelain") == ""


def test_an_index_that_nobody_has_described_is_a_mistake_of_the_command(
    sandbox: Sandbox, index: IndexServer
) -> None:
    ran = sandbox.monorelease("publish", "--to", "tset", **ENVIRONMENT)

    assert ran.status == 2
    assert "there is no index 'tset'" in ran.stderr
    assert "test" in ran.stderr.partition("hint:")[2]
    assert_unpublished(sandbox, index)


def test_members_that_are_never_published_are_no_success(sandbox: Sandbox) -> None:
    for words in ("publish --yes --only kit", "pending --only kit", "build kit"):
        ran = sandbox.monorelease(*words.split(), **ENVIRONMENT)

        assert (ran.status, ran.stdout) == (2, "")
        assert "nobody publishes kit" in ran.stderr


def test_without_uv_everything_else_is_told_too(sandbox: Sandbox, index: IndexServer) -> None:
    ran = sandbox.monorelease("publish", "--yes", "--json", HATCH_UV="/nowhere/uv")

    assert ran.status == 3
    codes = [finding["code"] for finding in json.loads(ran.stdout)["findings"]]
    assert codes == ["missing-tool", "no-credentials", "new-names"]
    assert index.uploads == []
