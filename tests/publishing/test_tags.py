"""Tags come to the remote all at once or not at all, on what was released."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from buildable import HATCH_VCS, skip_where_offline
from index_server import IndexServer
from publishing import (
    EVERYTHING,
    FRAGMENT,
    ROOT,
    TAGS,
    TOKEN,
    add_remote,
    forget,
    package,
    released,
    tags_here,
    tags_there,
)
from pypi_server import UV, needs_uv
from sandbox import Ran, Sandbox

pytestmark = needs_uv

ENVIRONMENT = TOKEN | {"HATCH_UV": UV, "UV_NO_CONFIG": "1"}

REFUSES = """\
#!/bin/sh
test "$1" != refs/tags/plugin-a-v1.0.1 || { echo 'no tags of plugins today' >&2; exit 1; }
"""


@pytest.fixture(scope="module")
def index() -> Iterator[IndexServer]:
    with IndexServer() as index:
        yield index


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, index: IndexServer) -> Sandbox:
    return released(tmp_path_factory.mktemp("tags"), index.simple_url, index.upload_url)


@pytest.fixture
def sandbox(repository: Sandbox, index: IndexServer) -> Sandbox:
    """Where nothing is published or tagged."""
    index.forget()
    forget(repository)
    return repository


def publish(sandbox: Sandbox, *words: str) -> Ran:
    return sandbox.monorelease("publish", "--yes", *words, **ENVIRONMENT)


def test_one_tag_that_the_remote_refuses_keeps_all_of_them_away(
    sandbox: Sandbox, index: IndexServer
) -> None:
    hook = sandbox.root.parent / "origin.git/hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(REFUSES)
    hook.chmod(0o755)

    first = publish(sandbox)

    assert first.status == 1
    assert "plugin-a-v1.0.1" in first.stdout
    assert "run the same command again" in first.stdout
    assert index.stored == EVERYTHING
    assert tags_here(sandbox) == TAGS
    assert tags_there(sandbox) == []

    hook.unlink()
    second = publish(sandbox)

    assert second.status == 0, second.stderr
    assert tags_there(sandbox) == TAGS
    assert len(index.uploads) == len(EVERYTHING)


def test_a_tag_that_somebody_else_makes_meanwhile_is_left_alone(
    sandbox: Sandbox, index: IndexServer
) -> None:
    origin = str(sandbox.root.parent / "origin.git")
    theirs = sandbox.git("rev-parse", "HEAD~1").strip()
    tag = ("git", "--git-dir", origin, "tag", "--force", "plugin-a-v1.0.1", theirs)
    index.after_upload = lambda _: sandbox.run(*tag)
    first = publish(sandbox)
    index.after_upload = lambda _: None

    assert first.status == 1
    assert "plugin-a-v1.0.1" in first.stdout
    assert tags_there(sandbox) == ["plugin-a-v1.0.1"]
    assert theirs in sandbox.git("ls-remote", "origin", "plugin-a-v1.0.1")

    second = publish(sandbox)
    assert second.status == 3
    assert "tag plugin-a-v1.0.1 on origin is on commit" in second.stderr

    sandbox.git("push", "--quiet", "--delete", "origin", "plugin-a-v1.0.1")
    third = publish(sandbox)

    assert third.status == 0, third.stderr
    assert tags_there(sandbox) == TAGS
    assert len(index.uploads) == len(EVERYTHING)


def test_nobody_who_could_make_tags_is_told_before_anything_is_uploaded(
    sandbox: Sandbox, index: IndexServer
) -> None:
    nobody = {"GIT_COMMITTER_NAME": "", "GIT_COMMITTER_EMAIL": ""}

    ran = sandbox.monorelease("publish", "--yes", "--json", **ENVIRONMENT, **nobody)

    assert ran.status == 3
    codes = [finding["code"] for finding in json.loads(ran.stdout)["findings"]]
    assert codes == ["new-names", "no-identity"]
    assert index.uploads == []


def test_a_version_that_is_a_tag_is_tagged_before_it_is_built(
    tmp_path: Path, index: IndexServer
) -> None:
    index.forget()
    sandbox = Sandbox(tmp_path / "repository")
    table = ROOT.format(url=index.simple_url, upload_url=index.upload_url).replace(', "kit"', "")
    sandbox.write({"pyproject.toml": table})
    sandbox.write(package("plugin-a", "core>=1.0.0,<2"))
    core = package("core")
    manifest = core["packages/core/pyproject.toml"]
    begin = HATCH_VCS.replace("MEMBER", "core")
    ours = manifest.partition("[project]")[2].replace('version = "1.0.0"', 'dynamic = ["version"]')
    sandbox.write({**core, "packages/core/pyproject.toml": f"{begin}\n[project]{ours}"})
    sandbox.write({"changes/1.fix.md": FRAGMENT})
    sandbox.commit("Begin")
    sandbox.git("tag", "core-v1.0.0")
    ran = sandbox.monorelease("release", "--commit")
    assert ran.status == 0, ran.stdout + ran.stderr
    add_remote(sandbox, tmp_path / "origin.git")

    dry = publish(sandbox, "--dry-run")
    skip_where_offline(dry.stderr)
    assert dry.status == 0, dry.stderr
    assert "before the upload: these versions are their tags" in dry.stdout
    assert tags_here(sandbox) == ["core-v1.0.0"]
    ran = publish(sandbox)

    assert ran.status == 0, ran.stderr
    assert index.stored == EVERYTHING[:4]
    assert "core-v1.0.1" in tags_there(sandbox)
    assert sandbox.git("rev-parse", "core-v1.0.1^{}") == sandbox.git("rev-parse", "HEAD")
