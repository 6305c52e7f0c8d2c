"""A forge hears of every version that is out, once, and of nothing that is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from forge_server import ALWAYS, ForgeFault
from github_server import ACTIONS, GitHubServer
from github_shapes import Release
from index_server import Fault, IndexServer
from publishing import FILES, OFFLINE, TAGS, TOKEN, released
from sandbox import Ran, Sandbox

TOOLS = "acme/tools"
SECRET = "ghs-nobody-may-read-this"  # noqa: S105 - not one
WAVE = "wave-{date}-{commit}"
FORGE = '\n[tool.monorelease.forge]\nkind = "github"\nurl = "{url}"\nrepository = "acme/tools"\n'


class World(NamedTuple):
    """A release that is pushed to a forge, and an index that does not have it."""

    sandbox: Sandbox
    packages: IndexServer
    forge: GitHubServer

    def publish(self, *words: str, token: str = SECRET) -> Ran:
        """Publish as the last job of a workflow does."""
        own = {"MONORELEASE_FORGE_TOKEN": token} if token else {}
        flags = () if "--no-upload" in words else ("--yes",)
        return self.sandbox.monorelease("publish", *flags, *words, **OFFLINE, **TOKEN, **own)

    @property
    def releases(self) -> dict[str, Release]:
        """What the forge tells of, by its tags."""
        return {r.tag: r for r in self.forge.repositories[TOOLS].releases.values()}

    @property
    def tags(self) -> list[str]:
        """Those on the forge."""
        return self.forge.git(TOOLS, "tag", "--list").split()

    def configure(self, words: str) -> None:
        """Add to the table of the forge, by an amended commit."""
        path = self.sandbox.root / "pyproject.toml"
        path.write_text(f"{path.read_text()}{words}\n")
        self.sandbox.git("commit", "--quiet", "--all", "--amend", "--no-edit")
        self.forge.git(TOOLS, "fetch", "--quiet", str(self.sandbox.root), "+main:main")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """With a token that may push tags, and write releases."""
    (tmp_path / "forge").mkdir()
    with IndexServer() as index, GitHubServer(tmp_path / "forge") as forge:
        config = FORGE.format(url=forge.url)
        sandbox = released(tmp_path, index.simple_url, index.upload_url, config)
        forge.create(TOOLS)
        forge.git(TOOLS, "fetch", "--quiet", str(sandbox.root), "main:main")
        forge.let(SECRET, ACTIONS, "contents")
        sandbox.git("remote", "set-url", "origin", forge.address(TOOLS))
        yield World(sandbox, packages=index, forge=forge)


def test_each_version_gets_a_release_with_its_notes_at_its_tag(world: World) -> None:
    ran = world.publish()

    assert ran.status == 0, ran.stderr
    assert "3 versions announced" in ran.stdout
    assert world.tags == sorted(world.releases) == TAGS
    core = world.releases["core-v1.0.1"]
    assert (core.title, core.is_prerelease) == ("core 1.0.1", False)
    assert "Native resources are freed." in core.notes
    assert (
        world.forge.tip(TOOLS, "refs/tags/core-v1.0.1")
        == world.sandbox.git("rev-parse", "HEAD").strip()
    )

    again = world.publish()
    assert (again.status, again.stderr) == (0, "")
    assert again.stdout.startswith("Nothing to do")
    assert SECRET not in ran.stdout + ran.stderr + again.stdout


def test_what_the_forge_refused_is_told_later_and_nothing_twice(world: World) -> None:
    world.forge.heed(ForgeFault(method="POST", path="/releases", after=1, times=1, status=422))
    ran = world.publish()

    assert ran.status == 1
    assert "not announced:" in ran.stdout
    assert "plugin-a-v1.0.1: " in ran.stdout
    assert "; the forge's own words should say what is wrong" in ran.stdout
    assert list(world.releases) == ["core-v1.0.1", "plugin-b-v1.0.1"]
    assert world.tags == TAGS

    seen = world.sandbox.monorelease("pending", MONORELEASE_FORGE_TOKEN=SECRET)
    assert "plugin-a" in seen.stdout
    assert "plugin-b" not in seen.stdout

    sent = len(world.packages.uploads)
    again = world.publish()
    assert again.status == 0, again.stderr
    assert sorted(world.releases) == TAGS
    assert len(world.packages.uploads) == sent


def test_a_forge_that_refuses_twice_is_left_alone(world: World) -> None:
    world.forge.let(SECRET, ACTIONS)
    world.sandbox.git("remote", "set-url", "origin", str(world.forge.bare(TOOLS)))
    ran = world.publish()

    assert ran.status == 1
    assert "core-v1.0.1: " in ran.stdout
    assert "MONORELEASE_FORGE_TOKEN" in ran.stdout
    assert len(world.forge.asked(method="POST", path="/releases")) == 2


def test_nothing_is_told_of_what_did_not_arrive(world: World) -> None:
    with IndexServer(
        faults=[Fault(on="upload", file=FILES["plugin-a"][0], status=403, times=ALWAYS)]
    ) as index:
        path = world.sandbox.root / "pyproject.toml"
        path.write_text(path.read_text().replace(world.packages.url, index.url))
        world.configure("")
        ran = world.publish()

    assert ran.status == 1
    assert sorted(world.releases) == ["core-v1.0.1", "plugin-b-v1.0.1"]


def test_a_wave_has_a_page_of_its_own_when_all_of_it_is_out(world: World) -> None:
    world.configure(f'roll-up = "{WAVE}"')
    commit = world.sandbox.git("rev-parse", "HEAD").strip()
    tag = f"wave-2026-11-01-{commit[:12]}"
    world.forge.heed(ForgeFault(method="POST", path="/releases", after=3, times=1, status=403))
    ran = world.publish()

    assert ran.status == 1
    assert sorted(world.releases) == TAGS
    assert {release.latest for release in world.releases.values()} == {"false"}

    again = world.publish()
    assert again.status == 0, again.stderr
    assert f"/releases/tag/{tag}" in again.stdout
    page = world.releases[tag]
    assert (page.title, page.commit, page.latest) == ("core 1.0.1 and 2 more", commit, "legacy")
    assert "## core 1.0.1" in page.notes
    assert "Native resources are freed." in page.notes
    assert "`plugin-a` and `plugin-b`" in page.notes
    assert world.publish().stdout.startswith("Nothing to do")


def test_part_of_a_wave_makes_no_page(world: World) -> None:
    world.configure(f'roll-up = "{WAVE}"')

    assert world.publish("--only", "core").status == 0
    assert list(world.releases) == ["core-v1.0.1"]


def test_what_somebody_else_uploaded_is_announced(world: World) -> None:
    world.configure(f'roll-up = "{WAVE}"')
    for name in ("core", "plugin-a"):
        world.packages.add(name, dict.fromkeys(FILES[name], b"bytes"))
    ran = world.publish("--no-upload")

    assert ran.status == 1
    assert sorted(world.releases) == ["core-v1.0.1", "plugin-a-v1.0.1"]

    world.packages.add("plugin-b", dict.fromkeys(FILES["plugin-b"], b"bytes"))
    assert world.publish("--no-upload").status == 0
    assert len(world.releases) == len(TAGS) + 1


def test_without_a_token_it_is_published_all_the_same_and_that_is_said(world: World) -> None:
    world.sandbox.git("remote", "set-url", "origin", str(world.forge.bare(TOOLS)))
    ran = world.publish(token="")

    assert ran.status == 0, ran.stderr
    assert f"no token for {world.forge.url}: nothing is announced there" in ran.stderr
    assert world.tags == TAGS
    assert world.releases == {}
    assert "Native resources are freed." in ran.stdout


def test_a_dry_run_says_what_would_be_told_and_a_program_hears_it_too(world: World) -> None:
    world.configure(f'roll-up = "{WAVE}"')
    document = json.loads(world.publish("--dry-run", "--json").stdout)

    assert [member["name"] for member in document["announcements"]] == list(FILES)
    assert document["roll_up"]["members"] == list(FILES)
    assert world.releases == {}


def test_a_pre_release_is_marked_as_one(world: World) -> None:
    sandbox = world.sandbox
    sandbox.write({"changes/2.fix.md": "---\ncore: minor\n---\n\nIt is faster.\n"})
    sandbox.commit("Add a fragment")
    assert sandbox.monorelease("release", "--pre", "rc", "--commit").status == 0
    world.configure("")

    assert world.publish().status == 0
    assert world.releases["core-v1.1.0rc1"].is_prerelease
    assert "It is faster." in world.releases["core-v1.1.0rc1"].notes


def test_a_page_on_the_wave_may_be_all_that_is_announced(world: World) -> None:
    world.configure(f'announce = false\nroll-up = "{WAVE}"')
    ran = world.publish()

    assert ran.status == 0, ran.stderr
    assert [tag.startswith("wave-") for tag in world.releases] == [True]
    assert world.tags == [*TAGS, *world.releases]
    assert world.publish().stdout.startswith("Nothing to do")


def test_where_nothing_is_announced_the_notes_are_shown(world: World) -> None:
    world.configure(f'announce = false\nroll-up = "{WAVE}"')
    ran = world.publish("--only", "core")

    assert ran.status == 0, ran.stderr
    assert world.releases == {}
    assert "Native resources are freed." in ran.stdout


def test_a_page_that_was_refused_alone_is_pending(world: World) -> None:
    world.configure(f'roll-up = "{WAVE}"')
    world.forge.heed(ForgeFault(method="POST", path="/releases", after=3, times=1, status=403))
    assert world.publish().status == 1

    seen = world.sandbox.monorelease("pending", MONORELEASE_FORGE_TOKEN=SECRET)
    document = json.loads(
        world.sandbox.monorelease("pending", "--json", MONORELEASE_FORGE_TOKEN=SECRET).stdout
    )

    assert "One page on 3 packages, at the tag wave-2026-11-01-" in seen.stdout
    assert (document["pending"], document["roll_up"]["members"]) == ([], list(FILES))
