"""Whatever speaks against publishing is told at once, before anything is uploaded or tagged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from index_server import IndexServer
from publishing import FILES, OFFLINE, released, tags_here, tags_there
from pypi_server import needs_uv
from sandbox import Sandbox

pytestmark = needs_uv

CODES = [
    "dirty-tree",
    "wrong-branch",
    "unpushed-commit",
    "tag-taken",
    "tag-taken",
    "file-conflict",
    "no-credentials",
    "new-names",
]
"""In the order in which they are looked for; the last one is a warning."""


@pytest.fixture(scope="module")
def index() -> Iterator[IndexServer]:
    with IndexServer() as index:
        index.add("plugin-a", {FILES["plugin-a"][0]: b"somebody else's"})
        yield index


@pytest.fixture(scope="module")
def hopeless(tmp_path_factory: pytest.TempPathFactory, index: IndexServer) -> Sandbox:
    """Where nothing is as it should be."""
    folder = tmp_path_factory.mktemp("hopeless")
    sandbox = released(folder, index.simple_url, index.upload_url)
    sandbox.git("push", "--quiet", "--force", "origin", "HEAD~1:refs/heads/main")
    sandbox.git("push", "--quiet", "origin", "HEAD~1:refs/tags/plugin-a-v1.0.1")
    sandbox.git("tag", "plugin-b-v1.0.1", "HEAD~1")
    sandbox.git("switch", "--quiet", "--create", "topic")
    sandbox.write({"notes.txt": "not committed"})
    return sandbox


def assert_untouched(sandbox: Sandbox, index: IndexServer) -> None:
    assert index.uploads == []
    assert tags_here(sandbox) == ["plugin-b-v1.0.1"]
    assert tags_there(sandbox) == ["plugin-a-v1.0.1"]


def test_everything_is_told_at_once(hopeless: Sandbox, index: IndexServer) -> None:
    ran = hopeless.monorelease("publish", "--yes", **OFFLINE)

    assert ran.status == 3
    assert ran.stdout == ""
    assert re.findall(r" \[([a-z-]+)\]$", ran.stderr, re.MULTILINE) == CODES
    for words in (
        "1 file is changed and not committed: notes.txt",
        "this is branch 'topic', and releases are published from 'main'",
        "is not on origin/main: it released core, plugin-a and plugin-b",
        "tag plugin-b-v1.0.1 in this clone is on commit",
        "tag plugin-a-v1.0.1 on origin is on commit",
        f"test has {FILES['plugin-a'][0]} already, with other content",
        "nothing says who may upload to test",
        "test does not know core and plugin-b yet",
        "7 errors, 1 warning",
    ):
        assert words in ran.stderr
    assert_untouched(hopeless, index)


def test_programs_are_told_the_same(hopeless: Sandbox, index: IndexServer) -> None:
    ran = hopeless.monorelease("publish", "--dry-run", "--json", **OFFLINE)

    assert (ran.status, ran.stderr) == (3, "")
    findings = json.loads(ran.stdout)["findings"]
    assert [finding["code"] for finding in findings] == CODES
    assert all(finding["hint"] for finding in findings)
    assert_untouched(hopeless, index)


def test_what_does_not_concern_the_members_asked_for_is_not_told(hopeless: Sandbox) -> None:
    ran = hopeless.monorelease("publish", "--dry-run", "--json", "--only", "core", **OFFLINE)

    codes = [finding["code"] for finding in json.loads(ran.stdout)["findings"]]
    assert codes == [code for code in CODES if code not in {"tag-taken", "file-conflict"}]


def test_a_rehearsal_minds_neither_branch_nor_remote(hopeless: Sandbox) -> None:
    words = ("publish", "--dry-run", "--json", "--to", "local", "--only", "plugin-b,core")
    ran = hopeless.monorelease(*words, **OFFLINE)

    codes = [finding["code"] for finding in json.loads(ran.stdout)["findings"]]
    assert (ran.status, codes) == (3, ["dirty-tree", "tag-taken"])
