"""What is published is what the release commit says, whatever has landed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from index_server import Fault, IndexServer
from publishing import FILES, OFFLINE, ROOT, TAGS, TOKEN, add_remote, package, released, tags_there
from pypi_server import UV, needs_uv
from sandbox import Ran, Sandbox, files_in

pytestmark = needs_uv

ENVIRONMENT = TOKEN | {"HATCH_UV": UV, "UV_NO_CONFIG": "1"}


@pytest.fixture
def index() -> Iterator[IndexServer]:
    with IndexServer() as index:
        yield index


def publish(sandbox: Sandbox, *words: str) -> Ran:
    return sandbox.monorelease("publish", "--yes", *words, **ENVIRONMENT)


def commit_of(sandbox: Sandbox, name: str) -> str:
    return sandbox.git("rev-parse", f"{name}^{{commit}}").strip()


def raised(name: str, version: str) -> Mapping[str, str]:
    """The manifest of a member that was released again."""
    path = f"packages/{name}/pyproject.toml"
    requires = ("core>=1.0.0,<2",) if name != "core" else ()
    return {path: package(name, *requires)[path].replace('"1.0.0"', f'"{version}"')}


@pytest.fixture
def waves(tmp_path: Path, index: IndexServer) -> Sandbox:
    """A core that was released by HEAD~1, and a plugin that was released by HEAD."""
    sandbox = Sandbox(tmp_path / "repository")
    table = ROOT.format(url=index.simple_url, upload_url=index.upload_url)
    sandbox.write({"pyproject.toml": table.replace(', "kit"', "")})
    sandbox.write({**package("core"), **package("plugin-a", "core>=1.0.0,<2")})
    sandbox.commit("Begin")
    for name in ("core", "plugin-a"):
        sandbox.write(raised(name, "1.0.1"))
        sandbox.commit(f"Release {name}")
    add_remote(sandbox, tmp_path / "origin.git")
    return sandbox


def test_later_commits_and_fragments_change_nothing(tmp_path: Path, index: IndexServer) -> None:
    sandbox = released(tmp_path, index.simple_url, index.upload_url)
    release = commit_of(sandbox, "HEAD")
    assert sandbox.monorelease("build", "--out", str(tmp_path / "then"), **ENVIRONMENT).status == 0
    sandbox.write(
        {
            "packages/core/src/core/later.py": '"""Not in this release."""\n',
            "packages/core/README.md": "# Another core\n",
            "changes/2.feature.md": "---\ncore: minor\n---\n\nSomething new.\n",
            "changes/3.nonsense.md": "no front matter: what is wrong with it can wait\n",
        }
    )
    sandbox.commit("Go on")
    sandbox.git("push", "--quiet")

    ran = publish(sandbox)

    assert ran.status == 0, ran.stderr
    then = files_in(tmp_path / "then")
    came = {name: data for files in index.files.values() for name, data in files.items()}
    assert came == {name: then[name] for files in FILES.values() for name in files}
    assert tags_there(sandbox) == TAGS
    assert {commit_of(sandbox, tag) for tag in TAGS} == {release}


def test_each_member_comes_from_the_commit_that_released_it(waves: Sandbox) -> None:
    """What was built earlier may hold more than what is still pending."""
    assert waves.monorelease("build", "--out", "../out", **ENVIRONMENT).status == 0
    assert publish(waves, "--only", "core", "--from", "../out").status == 0

    ran = publish(waves, "--from", "../out")

    assert ran.status == 0, ran.stderr
    assert commit_of(waves, "core-v1.0.1") == commit_of(waves, "HEAD~1")
    assert commit_of(waves, "plugin-a-v1.0.1") == commit_of(waves, "HEAD")


def test_a_member_may_follow_what_it_requires_another_day(
    waves: Sandbox, index: IndexServer
) -> None:
    """What is on the index is seen, though nobody asked for it this time."""
    alone = publish(waves, "--only", "plugin-a")
    assert alone.status == 3
    assert "no core at all, here or on the index [not-satisfied]" in alone.stderr

    assert publish(waves, "--only", "core").status == 0
    ran = publish(waves, "--only", "plugin-a")

    assert ran.status == 0, ran.stderr
    assert index.stored == sorted((*FILES["core"], *FILES["plugin-a"]))


def test_a_commit_is_asked_for_the_members_that_are_asked_for(
    waves: Sandbox, index: IndexServer, tmp_path: Path
) -> None:
    """That the plugin was released later is no business of the core's."""
    build = ("build", "core", "--at", "HEAD~1", "--out", str(tmp_path / "out"))
    assert waves.monorelease(*build, **ENVIRONMENT).status == 0

    ran = publish(waves, "--only", "core", "--at", "HEAD~1")

    assert ran.status == 0, ran.stderr
    assert index.stored == sorted(FILES["core"])
    everybody = publish(waves, "--at", "HEAD~1")
    assert everybody.status == 3
    assert "plugin-a: the work tree says 1.0.1, and HEAD~1 says 1.0.0" in everybody.stderr


def test_a_checked_out_commit_of_the_branch_will_do(waves: Sandbox) -> None:
    waves.git("switch", "--quiet", "--detach", "HEAD~1")

    ran = publish(waves, "--only", "core")

    assert ran.status == 0, ran.stderr
    assert tags_there(waves) == ["core-v1.0.1"]


def test_what_arrived_in_part_is_completed_with_the_files_of_then(
    tmp_path: Path, index: IndexServer
) -> None:
    """Nobody can tell whether a build backend would make the same bytes again."""
    sandbox = released(tmp_path, index.simple_url, index.upload_url)
    index.heed([Fault(on="upload", file=FILES["core"][1], status=403)])
    assert publish(sandbox).status == 1
    assert index.stored == [FILES["core"][0]]
    made = {path: path.stat().st_mtime_ns for path in (sandbox.root / "dist").glob("*-1.0.1*")}

    ran = publish(sandbox)

    assert ran.status == 0, ran.stderr
    assert {path: path.stat().st_mtime_ns for path in made} == made
    assert len(made) == len(index.stored)


def test_an_amended_release_commit_is_told_of(tmp_path: Path) -> None:
    sandbox = released(tmp_path)
    assert sandbox.monorelease("publish", **OFFLINE).status == 0
    sandbox.git("commit", "--quiet", "--amend", "--message", "Release once more")

    for command in ("publish", "pending"):
        ran = sandbox.monorelease(command, **OFFLINE)

        assert ran.status == 0
        assert ran.stdout.startswith("Nothing to do")
        assert "[tag-elsewhere]" in ran.stderr


def test_what_was_built_from_another_commit_is_built_again(
    tmp_path: Path, index: IndexServer
) -> None:
    sandbox = released(tmp_path, index.simple_url, index.upload_url)
    sandbox.write({"packages/core/src/core/more.py": "x = 1\n"})
    sandbox.commit("More")
    sandbox.git("push", "--quiet")
    assert sandbox.monorelease("build", "--at", "HEAD", **ENVIRONMENT).status == 0
    wheel = sandbox.root / "dist" / FILES["core"][0]
    before = wheel.read_bytes()

    ran = publish(sandbox)

    assert ran.status == 0, ran.stderr
    assert wheel.read_bytes() != before
