"""Repositories differ; publishing is the same in all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index_server import IndexServer
from publishing import (
    FILES,
    FRAGMENT,
    OFFLINE,
    ROOT,
    TAGS,
    TOKEN,
    add_remote,
    package,
    released,
    tags_here,
    tags_there,
)
from pypi_server import needs_uv
from sandbox import Sandbox

pytestmark = needs_uv

ENVIRONMENT = OFFLINE | TOKEN
PUBLISH = ("publish", "--yes")


@pytest.fixture
def index() -> Iterator[IndexServer]:
    with IndexServer() as index:
        yield index


def test_members_without_a_source_distribution(tmp_path: Path, index: IndexServer) -> None:
    config = '\n[tool.monorelease.publish]\nto = "test"\nbranch = "main"\n'
    sandbox = released(tmp_path, index.simple_url, index.upload_url)
    root = sandbox.root / "pyproject.toml"
    text = root.read_text()
    assert config in text
    root.write_text(text.replace(config, f'{config}wheels-only = ["plugin-*"]\n'))
    sandbox.commit("Keep the source of plugins")
    sandbox.git("push", "--quiet")

    ran = sandbox.monorelease(*PUBLISH, **ENVIRONMENT)

    assert ran.status == 0, ran.stderr
    wheels = [FILES[name][0] for name in ("plugin-a", "plugin-b")]
    assert index.stored == sorted([*FILES["core"], *wheels])
    assert tags_there(sandbox) == TAGS
    assert sandbox.monorelease(*PUBLISH, **ENVIRONMENT).stdout.startswith("Nothing to do")


def test_a_repository_without_a_remote(tmp_path: Path, index: IndexServer) -> None:
    sandbox = released(tmp_path, index.simple_url, index.upload_url)
    sandbox.git("remote", "remove", "origin")

    ran = sandbox.monorelease(*PUBLISH, **ENVIRONMENT)

    assert ran.status == 0, ran.stderr
    assert "3 tags made" in ran.stdout
    assert "pushed" not in ran.stdout
    assert tags_here(sandbox) == TAGS


def test_a_root_below_the_top_of_the_work_tree(tmp_path: Path, index: IndexServer) -> None:
    """What lies uncommitted beside it is none of its business."""
    sandbox = Sandbox(tmp_path / "repository")
    table = ROOT.format(url=index.simple_url, upload_url=index.upload_url).replace(', "kit"', "")
    files = {"pyproject.toml": table, "changes/1.fix.md": FRAGMENT}
    files |= package("core") | package("plugin-a", "core>=1.0.0,<2")
    sandbox.write({f"tools/python/{path}": text for path, text in files.items()})
    sandbox.commit("Begin")
    where = ("--cwd", "tools/python")
    assert sandbox.monorelease("release", "--commit", *where).status == 0
    add_remote(sandbox, tmp_path / "origin.git")
    sandbox.write({"notes.txt": "beside it"})

    ran = sandbox.monorelease(*PUBLISH, *where, **ENVIRONMENT)

    assert ran.status == 0, ran.stderr
    assert index.stored == sorted([*FILES["core"], *FILES["plugin-a"]])
    assert tags_there(sandbox) == ["core-v1.0.1", "plugin-a-v1.0.1"]
    assert sandbox.git("status", "--porcelain") == "?? notes.txt\n"


def test_a_package_that_is_the_whole_repository(tmp_path: Path, index: IndexServer) -> None:
    sandbox = Sandbox(tmp_path / "repository")
    files = {path.removeprefix("packages/core/"): text for path, text in package("core").items()}
    table = ROOT.format(url=index.simple_url, upload_url=index.upload_url)
    files["pyproject.toml"] += table.replace(
        'fixed = [["core", "plugin-*", "kit"]]', 'members = ["."]'
    )
    sandbox.write({**files, "changes/1.fix.md": FRAGMENT})
    sandbox.commit("Begin")
    ran = sandbox.monorelease("release", "--commit")
    assert ran.status == 0, ran.stderr
    add_remote(sandbox, tmp_path / "origin.git")

    ran = sandbox.monorelease(*PUBLISH, **ENVIRONMENT)

    assert ran.status == 0, ran.stderr
    assert index.stored == sorted(FILES["core"])
    assert tags_there(sandbox) == ["core-v1.0.1"]
