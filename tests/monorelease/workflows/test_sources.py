from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from packaging.version import Version

from buildable import HATCH_VCS, package, released
from monorelease.errors import GitFailed
from monorelease.model.value import replace
from monorelease.workflows.sources import sources
from sandbox import Sandbox
from values import named

ROOT = {"pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\n'}


def test_each_commit_is_read_once_and_as_it_was(sandbox: Sandbox) -> None:
    sandbox.write(ROOT | package("core") | package("app"))
    sandbox.commit("First")
    core, app = released(sandbox, "core"), released(sandbox, "app")
    sandbox.write(package("app", "2.0"))
    sandbox.commit("Second")
    later = released(sandbox, "app", "2.0")
    sandbox.write(package("core", "9.9") | {"packages/core/stray.log": "x"})

    with sources(sandbox.root, [core, app, later]) as snapshots:
        first, second = snapshots[core.commit], snapshots[later.commit]
        assert list(snapshots) == [core.commit, later.commit]
        assert [str(member.version) for member in first.workspace] == ["1.0.0", "1.0.0"]
        assert [str(member.version) for member in second.workspace] == ["2.0", "1.0.0"]
        assert not (first.root / "packages/core/stray.log").exists()
        roots = first.root, second.root

    assert not any(root.exists() for root in roots)


def test_a_version_that_is_a_tag_is_read_before_the_tag_is_made(sandbox: Sandbox) -> None:
    sandbox.write(ROOT | package("core", "", system=HATCH_VCS) | package("app"))
    sandbox.commit("First")
    core = released(sandbox, "core", "1.2.3", tag_first=True)
    app = released(sandbox, "app", "1.0.0")

    with sources(sandbox.root, [core, app]) as snapshots:
        assert snapshots[core.commit].workspace[named("core")].version == Version("1.2.3")

    assert sandbox.git("tag") == ""


def test_a_snapshot_lies_over_its_commit(sandbox: Sandbox) -> None:
    sandbox.write(ROOT | package("core"))
    sandbox.commit("First")
    manifest = "packages/core/pyproject.toml"
    edited = package("core", "1.0.1.dev20261122101500")[manifest].encode()
    core = released(sandbox, "core", "1.0.1.dev20261122101500")

    with sources(sandbox.root, [core], {PurePosixPath(manifest): edited}) as snapshots:
        assert snapshots[core.commit].workspace[named("core")].version == core.version


def test_a_commit_that_is_not_here_is_said(sandbox: Sandbox) -> None:
    sandbox.write(ROOT | package("core"))
    sandbox.commit("First")
    core = replace(released(sandbox, "core"), commit="f" * 40)

    with pytest.raises(GitFailed, match="there is no commit"), sources(sandbox.root, [core]):
        pass
