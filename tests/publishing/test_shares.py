"""What several jobs have built is published together, if it is what was released."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from buildable import skip_where_offline
from index_server import Fault, IndexServer
from publishing import (
    EVERYTHING,
    FILES,
    FRAGMENT,
    OFFLINE,
    ROOT,
    TOKEN,
    add_remote,
    package,
    released,
    tags_there,
)
from pypi_server import UV, needs_uv
from sandbox import Ran, Sandbox, files_in

pytestmark = needs_uv


@pytest.fixture(scope="module")
def shares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository, and beside it what two jobs have built: ``one`` the core, ``two`` the rest."""
    folder = tmp_path_factory.mktemp("shares")
    sandbox = released(folder)
    for name, members in (("one", ["core"]), ("two", ["plugin-*"])):
        ran = sandbox.monorelease("build", *members, "--out", f"../{name}", **OFFLINE)
        assert ran.status == 0, ran.stderr
    return folder


class Jobs(Sandbox):
    """A copy of the repository and of the shares, to do with what one likes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def ran(self, command: str, *words: str) -> Ran:
        """A command of the tool."""
        return self.monorelease(command, *words, **OFFLINE)

    def spoil(self) -> Path:
        """Change one byte of a wheel."""
        wheel = self.root.parent / "two" / FILES["plugin-a"][0]
        data = bytearray(wheel.read_bytes())
        data[len(data) // 2] ^= 1
        wheel.write_bytes(data)
        return wheel

    def published(self) -> list[str]:
        """The names of the files in the local index."""
        files = (self.root / "dist/index").glob("*/*.*")
        return sorted(path.name for path in files if path.suffix in {".whl", ".gz"})


@pytest.fixture
def jobs(shares: Path, tmp_path: Path) -> Jobs:
    shutil.copytree(shares, tmp_path / "jobs", symlinks=True)
    return Jobs(tmp_path / "jobs/repository")


def test_shares_are_published_as_one(jobs: Jobs) -> None:
    verified = jobs.ran("verify", "../one", "../two")
    assert verified == Ran(
        0,
        "3 packages, 6 files verified: they agree with the tree, install together and import\n",
        "",
    )

    ran = jobs.ran("publish", "--json", "--from", "../one", "../two")

    assert ran.status == 0, ran.stdout
    assert jobs.published() == EVERYTHING
    built = files_in(jobs.root.parent / "one") | files_in(jobs.root.parent / "two")
    for path in (jobs.root / "dist/index").rglob("*.whl"):
        assert path.read_bytes() == built[path.name]


def test_folders_are_found_from_where_the_command_works(jobs: Jobs, tmp_path: Path) -> None:
    """Also where they lie in the work tree, and git does not know them."""
    for name in ("one", "two"):
        shutil.move(jobs.root.parent / name, jobs.root / name)
        (jobs.root / name / ".gitignore").unlink()
    elsewhere = Sandbox(tmp_path / "elsewhere")
    where = ("--cwd", str(jobs.root))

    assert elsewhere.monorelease("verify", *where, "one", "two", **OFFLINE).status == 0
    ran = elsewhere.monorelease("publish", *where, "--from", "one", "two", **OFFLINE)

    assert ran.status == 0, ran.stderr
    assert jobs.published() == EVERYTHING


def test_a_share_that_is_missing_is_named(jobs: Jobs) -> None:
    ran = jobs.ran("publish", "--from", "../one")

    assert ran.status == 3
    for name in ("plugin-a", "plugin-b"):
        assert f"{name} 1.0.1 is pending (a new name), and was not built [not-built]" in ran.stderr
    assert jobs.published() == []


def test_a_job_may_leave_the_source_distribution_to_another(jobs: Jobs) -> None:
    assert jobs.ran("build", "plugin-*", "--no-sdist", "--out", "../two").status == 0

    alone = jobs.ran("publish", "--from", "../one", "../two")
    assert jobs.ran("build", "plugin-*", "--out", "../three").status == 0
    together = jobs.ran("publish", "--from", "../one", "../two", "../three")

    assert alone.status == 3
    assert "plugin-a 1.0.1 is pending (a new name), and no source distribution" in alone.stderr
    assert together.status == 0, together.stderr
    assert jobs.published() == EVERYTHING


def test_a_share_of_another_commit_is_refused(jobs: Jobs) -> None:
    text = '"""Another package of the tests."""\n'
    jobs.write({"packages/core/src/core/__init__.py": text})
    jobs.commit("Go on")
    assert jobs.ran("build", "core", "--at", "HEAD", "--out", "../one").status == 0

    ran = jobs.ran("publish", "--from", "../one", "../two")

    assert ran.status == 3
    assert "core was built as 1.0.1 of packages/core at commit" in ran.stderr
    assert "[built-elsewhere]" in ran.stderr
    assert jobs.published() == []
    verified = jobs.ran("verify", "--no-install", "../one", "../two")
    assert (verified.status, "[built-elsewhere]" in verified.stderr) == (3, True)
    assert jobs.ran("verify", "--no-install", "--at", "HEAD", "../one").status == 0


def test_a_changed_byte_is_refused(jobs: Jobs) -> None:
    wheel = jobs.spoil()

    for command in (("publish", "--from"), ("verify",)):
        ran = jobs.ran(*command, "../one", "../two")
        assert ran.status == 1
        assert wheel.name in ran.stderr
    assert jobs.published() == []


def test_what_is_built_again_is_the_same(jobs: Jobs) -> None:
    ran = jobs.ran("verify", "--rebuild", "--no-install", "--json", "../one", "../two")
    document = json.loads(ran.stdout)

    assert (ran.status, document["findings"]) == (0, [])
    assert not document["verified"], "nobody has installed it"
    assert [member["name"] for member in document["members"]] == ["core", "plugin-a", "plugin-b"]


HOOK = """\
import os
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version, build_data):
        build_data["tag"] = os.environ["TAG"]
"""
TAGS = ("py3-none-any", "py3-none-win_arm64")


def test_a_wheel_for_one_more_platform_is_not_forgotten(tmp_path: Path) -> None:
    """It was refused, and all that an installer needs here has arrived."""
    wheels = [f"core-1.0.1-{tag}.whl" for tag in TAGS]
    refused = Fault(on="upload", file=wheels[1], status=403)
    with IndexServer(faults=[refused]) as index:
        sandbox = Sandbox(tmp_path / "repository")
        table = ROOT.format(url=index.simple_url, upload_url=index.upload_url)
        hooks = "\n[tool.hatch.build.targets.wheel.hooks.custom]\n"
        files = package("core")
        sandbox.write(files | {"packages/core/hatch_build.py": HOOK})
        manifest = "packages/core/pyproject.toml"
        sandbox.write({manifest: files[manifest] + hooks, "changes/1.fix.md": FRAGMENT})
        sandbox.write({"pyproject.toml": table.replace('"plugin-*", "kit"', "")})
        sandbox.commit("Begin")
        assert sandbox.monorelease("release", "--commit").status == 0
        add_remote(sandbox, tmp_path / "origin.git")
        for tag in TAGS:
            where = ("--out", f"../{tag}")
            built = sandbox.monorelease("build", "core", *where, HATCH_UV=UV, TAG=tag)
            skip_where_offline(built.stderr)
            assert built.status == 0, built.stderr
        words = ("publish", "--yes", "--from", *(f"../{tag}" for tag in TAGS))

        first = sandbox.monorelease(*words, **OFFLINE | TOKEN)
        assert first.status == 1
        assert index.stored == [wheels[0], "core-1.0.1.tar.gz"]
        assert tags_there(sandbox) == []
        second = sandbox.monorelease(*words, **OFFLINE | TOKEN)

        assert second.status == 0, second.stderr
        assert index.stored == [*wheels, "core-1.0.1.tar.gz"]
        assert tags_there(sandbox) == ["core-v1.0.1"]
