"""The release that waits in this very repository can be made, published and installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pypi_server import UV
from sandbox import Ran, Sandbox

ROOT = Path(__file__).parents[2]
PLUGIN = "agents-plugin-openai"
ENVIRONMENT = {"HATCH_UV": UV}

UNREACHABLE = ("Failed to fetch", "error sending request", "network was disabled")
"""What uv says when the index of what others made is out of reach."""


class Clone(Sandbox):
    """A clone of this repository: all that is committed, and nothing else."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        ran = self.run("git", "pull", "--quiet", "--no-tags", str(ROOT), "HEAD")
        if ran.status or self.git("rev-parse", "--is-shallow-repository").strip() == "true":
            pytest.skip("needs the git repository with its history")

    def publish(self) -> Ran:
        """As people do."""
        return self.monorelease("publish", "--json", **ENVIRONMENT)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clone, Ran]:
    """The clone after its release was published into the local folder."""
    clone = Clone(tmp_path_factory.mktemp("clone") / "repository")
    released = clone.monorelease("release", "--commit")
    assert released.status == 0, released.stderr
    ran = clone.publish()
    if ran.status == 3 and any(words in ran.stdout for words in UNREACHABLE):
        pytest.skip("the index cannot be reached for what the members require")
    return clone, ran


def members(clone: Clone) -> dict[str, bool]:
    """Every member's name, and whether it is private."""
    manifests = sorted(clone.root.glob("packages/*/pyproject.toml"))
    return {path.parent.name: "Private :: Do Not Upload" in path.read_text() for path in manifests}


def test_everything_but_the_private_member_is_published(published: tuple[Clone, Ran]) -> None:
    clone, ran = published
    assert ran.status == 0, ran.stdout + ran.stderr
    document = json.loads(ran.stdout)
    public = {name for name, is_private in members(clone).items() if not is_private}

    assert {receipt["name"] for receipt in document["receipts"]} == public
    assert {receipt["outcome"] for receipt in document["receipts"]} == {"uploaded"}
    assert {tag["member"] for tag in document["tags"]} == public
    assert {each["name"] for each in document["announced"]} == public
    assert clone.git("status", "--porcelain") == ""


def test_a_second_run_has_nothing_to_do(published: tuple[Clone, Ran]) -> None:
    clone, _ = published
    ran = clone.monorelease("publish", **ENVIRONMENT)

    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Nothing to do")


def test_a_plugin_installs_from_the_local_folder(
    published: tuple[Clone, Ran], tmp_path: Path
) -> None:
    clone, _ = published
    index = (clone.root / "dist/index").as_uri()
    python = tmp_path / "venv/bin/python"
    if sys.platform == "win32":
        python = tmp_path / "venv/Scripts/python.exe"
    made = clone.run(UV, "venv", "--quiet", "--python", sys.executable, str(tmp_path / "venv"))
    assert made.status == 0, made.stderr

    installed = clone.run(UV, "pip", "install", "--python", str(python), "--index", index, PLUGIN)
    if any(words in installed.stderr for words in UNREACHABLE):
        pytest.skip("the index cannot be reached for what the members require")
    assert installed.status == 0, installed.stderr
    imported = clone.run(str(python), "-I", "-c", "import agents_plugin_openai, agents_core")
    assert imported.status == 0, imported.stderr
