"""A snapshot is published from the work tree, and leaves no trace but on the index."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index_server import IndexServer
from publishing import FRAGMENT, OFFLINE, ROOT, add_remote, package, tags_here, tags_there
from pypi_server import needs_uv
from sandbox import Ran, Sandbox, files_in

pytestmark = needs_uv

WHO = {f"MONORELEASE_INDEX_{name}_TOKEN": "pypi-anybody" for name in ("TEST", "NIGHTLY")}
ENVIRONMENT = WHO | OFFLINE

KEPT = """
[tool.monorelease.index.nightly]
url = "{url}"
upload-url = "{upload_url}"
snapshots = true
"""


@pytest.fixture(scope="module")
def index() -> Iterator[IndexServer]:
    with IndexServer() as index:
        yield index


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, index: IndexServer) -> Sandbox:
    """An uncommitted snapshot of two packages; ``nightly`` takes such, and ``test`` does not."""
    folder = tmp_path_factory.mktemp("snapshot")
    sandbox = Sandbox(folder / "repository")
    table = "".join(
        part.format(url=index.simple_url, upload_url=index.upload_url) for part in (ROOT, KEPT)
    )
    sandbox.write({"pyproject.toml": table.replace(', "kit"', ""), "changes/1.fix.md": FRAGMENT})
    sandbox.write({**package("core"), **package("plugin-a", "core>=1.0.0,<2")})
    sandbox.commit("Begin")
    add_remote(sandbox, folder / "origin.git")
    ran = sandbox.monorelease("release", "--snapshot")
    assert ran.status == 0, ran.stderr
    return sandbox


@pytest.fixture(autouse=True)
def unpublished(index: IndexServer, sandbox: Sandbox) -> None:
    """No test finds what another one has published."""
    index.forget()
    shutil.rmtree(sandbox.root / "dist", ignore_errors=True)


def publish(sandbox: Sandbox, to: str, *words: str) -> Ran:
    return sandbox.monorelease("publish", "--yes", "--json", "--to", to, *words, **ENVIRONMENT)


def errors(ran: Ran) -> list[str]:
    findings = json.loads(ran.stdout)["findings"]
    return [finding["code"] for finding in findings if finding["severity"] == "error"]


def assert_sent(ran: Ran) -> None:
    """Both packages, and nothing beside them."""
    assert ran.status == 0, ran.stdout
    document = json.loads(ran.stdout)
    assert document["complete"]
    assert (document["tags"], document["announced"]) == ([], [])
    assert {receipt["name"] for receipt in document["receipts"]} == {"core", "plugin-a"}
    assert {receipt["outcome"] for receipt in document["receipts"]} == {"uploaded"}
    assert all(".dev20261122" in receipt["version"] for receipt in document["receipts"])


@pytest.mark.parametrize("to", ["local", "nightly"])
def test_it_goes_where_snapshots_may_go(to: str, sandbox: Sandbox) -> None:
    assert_sent(publish(sandbox, to))
    assert tags_here(sandbox) == tags_there(sandbox) == []
    again = publish(sandbox, to)
    assert (again.status, json.loads(again.stdout)["receipts"]) == (0, [])


def test_an_index_whose_versions_are_for_good_does_not_get_it(
    sandbox: Sandbox, index: IndexServer
) -> None:
    ran = publish(sandbox, "test")

    assert (ran.status, errors(ran)) == (3, ["snapshot-refused"])
    assert index.uploads == []


def test_what_is_uncommitted_beside_it_is_no_part_of_it(sandbox: Sandbox) -> None:
    stray = sandbox.root / "packages/core/src/core/stray.py"
    stray.write_text('"""Nobody has seen this."""\n')
    try:
        ran = publish(sandbox, "nightly", "--dry-run")
    finally:
        stray.unlink()

    assert (ran.status, errors(ran)) == (3, ["dirty-tree"])


def test_undo_leaves_a_clean_tree(sandbox: Sandbox, tmp_path: Path) -> None:
    other = Sandbox(tmp_path / "repository")
    other.git("pull", "--quiet", str(sandbox.root), "main")
    before = files_in(other.root)
    assert other.monorelease("release", "--snapshot").status == 0
    assert_sent(publish(other, "local"))

    assert other.monorelease("undo").status == 0

    assert other.git("status", "--porcelain") == ""
    after = files_in(other.root)
    assert {name: after[name] for name in after if not name.startswith("dist/")} == before
