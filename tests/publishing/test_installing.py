"""What is published to a real index with a password is installed from it, by pip and by uv."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from publishing import EVERYTHING, OFFLINE, TAGS, released, tags_here, tags_there
from pypi_server import UV, PypiServer, needs_uv, pypi_server
from sandbox import Ran, Sandbox

pytestmark = needs_uv

WHO = {"MONORELEASE_INDEX_TEST_USERNAME": "bot", "MONORELEASE_INDEX_TEST_PASSWORD": "correct horse"}

IMPORTED = "import plugin_a; print(plugin_a.core.__file__)"
"""The plugin, and the core that came with it."""


class Story(NamedTuple):
    """One publication, and what was said around it."""

    server: PypiServer
    sandbox: Sandbox
    pending: Ran
    pending_json: Ran
    published: Ran


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("story")
    with pypi_server(folder / "server", (WHO[USER], WHO[PASSWORD])) as server:
        sandbox = released(folder, server.simple_url, server.upload_url)
        yield Story(
            server=server,
            sandbox=sandbox,
            pending=sandbox.monorelease("pending"),
            pending_json=sandbox.monorelease("pending", "--json"),
            published=sandbox.monorelease("publish", "--yes", **OFFLINE | WHO),
        )


USER, PASSWORD = WHO


def test_what_is_pending_is_told_before(story: Story) -> None:
    assert story.pending == Ran(
        0,
        "3 packages pending for test\n\n"
        "  core      1.0.1  upload (a new name), tag, push of the tag\n"
        "  plugin-a  1.0.1  upload (a new name), tag, push of the tag\n"
        "  plugin-b  1.0.1  upload (a new name), tag, push of the tag\n\n"
        "next: monorelease publish --to test\n",
        "",
    )
    head = story.sandbox.git("rev-parse", "HEAD").strip()
    document = json.loads(story.pending_json.stdout)
    assert document["index"] == {"name": "test", "rehearsal": False}
    assert document["pending"][0] == {
        "name": "core",
        "version": "1.0.1",
        "path": "packages/core",
        "commit": head,
        "tag": "core-v1.0.1",
        "gap": "unknown-name",
        "make_tag": True,
        "push_tag": True,
        "announce": False,
    }


def test_the_index_has_everything_but_what_is_private(story: Story) -> None:
    assert story.published.status == 0, story.published.stderr
    assert sorted(path.name for path in story.server.packages.iterdir()) == EVERYTHING


def test_every_published_member_is_tagged_here_and_there(story: Story) -> None:
    sandbox = story.sandbox

    assert tags_here(sandbox) == tags_there(sandbox) == TAGS
    for tag in TAGS:
        assert sandbox.git("cat-file", "-t", tag) == "tag\n"
        assert sandbox.git("rev-parse", f"{tag}^{{}}") == sandbox.git("rev-parse", "HEAD")


def test_nothing_is_left_behind_in_the_work_tree(story: Story) -> None:
    assert story.sandbox.git("status", "--porcelain") == ""


def test_the_story_ends_with_receipts_and_notes(story: Story) -> None:
    told = story.published.stdout

    assert "3 tags made, 3 tags pushed\n\nComplete: nothing is left to do." in told
    assert "Native resources are freed." in told.partition("\n## core 1.0.1\n")[2]


def test_a_second_run_has_nothing_to_do(story: Story) -> None:
    nothing = "Nothing to do: everything that is released is on test, and tagged.\n"

    assert story.sandbox.monorelease("publish", "--yes", **OFFLINE | WHO) == Ran(0, nothing, "")
    assert story.sandbox.monorelease("pending") == Ran(0, nothing, "")
    pending = story.sandbox.monorelease("pending", "--json")
    assert (pending.status, json.loads(pending.stdout)["pending"]) == (0, [])


def test_a_second_run_tells_programs_that_it_is_complete(story: Story) -> None:
    ran = story.sandbox.monorelease("publish", "--yes", "--json", **OFFLINE | WHO)
    document = json.loads(ran.stdout)

    assert ran.status == 0
    assert (document["complete"], document["receipts"], document["tags"]) == (True, [], [])


def test_pip_installs_a_plugin_from_there(story: Story, tmp_path: Path) -> None:
    python = environment(story.sandbox, tmp_path)
    pip = (sys.executable, bundled_pip(), "--isolated", "--python", python, "install", "--quiet")
    source = ("--no-cache-dir", "--index-url", story.server.simple_url)
    run(story.sandbox, *pip, *source, "plugin-a")

    assert run(story.sandbox, python, "-c", IMPORTED).startswith(str(tmp_path))


def test_uv_installs_a_plugin_from_there(story: Story, tmp_path: Path) -> None:
    python = environment(story.sandbox, tmp_path)
    pip = (UV, "pip", "install", "--no-config", "--quiet", "--no-cache", "--python", python)
    run(story.sandbox, *pip, "--default-index", story.server.simple_url, "plugin-a")

    assert run(story.sandbox, python, "-c", IMPORTED).startswith(str(tmp_path))


def bundled_pip() -> str:
    """The pip that Python brings along: it runs as it is, from its wheel."""
    ensurepip = pytest.importorskip("ensurepip")
    wheels = [*Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")]
    if not wheels:
        pytest.skip("this Python brings no pip")
    return str(wheels[0] / "pip")


def environment(sandbox: Sandbox, folder: Path) -> str:
    """The Python of a new and empty environment."""
    venv = str(folder / "venv")
    run(sandbox, UV, "venv", "--no-config", "--quiet", "--python", sys.executable, venv)
    return f"{venv}/bin/python"


def run(sandbox: Sandbox, *words: str) -> str:
    """What a command prints, which must succeed."""
    ran = sandbox.run(*words)
    assert ran.status == 0, ran.stderr
    return ran.stdout
