"""A build laid out for an uploader that knows of no order: a folder for each wave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publishing import EVERYTHING, FILES, OFFLINE, released, tags_here
from sandbox import Sandbox, files_in

KEPT = [".gitignore", "monorelease.json"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A repository, and beside it the waves of its release."""
    sandbox = released(tmp_path_factory.mktemp("waves"))
    ran = sandbox.monorelease("build", "--waves", "--out", "../out", **OFFLINE)
    assert ran.status == 0, ran.stderr
    assert "6 files" in ran.stdout
    assert ran.stdout.rstrip().endswith("out/wave-*")
    return sandbox


def in_wave(sandbox: Sandbox, number: int) -> list[str]:
    return sorted(files_in(sandbox.root.parent / f"out/wave-{number}"))


def test_who_requires_others_comes_after_them(built: Sandbox) -> None:
    plugins = [*FILES["plugin-a"], *FILES["plugin-b"]]

    assert in_wave(built, 1) == sorted([*KEPT, *FILES["core"]])
    assert in_wave(built, 2) == sorted([*KEPT, *plugins])
    assert not (built.root.parent / "out/wave-3").exists()


def test_each_wave_says_what_is_in_it(built: Sandbox) -> None:
    manifest = json.loads((built.root.parent / "out/wave-2/monorelease.json").read_bytes())

    assert [member["name"] for member in manifest["members"]] == ["plugin-a", "plugin-b"]


def test_the_waves_are_published_together(built: Sandbox, tmp_path: Path) -> None:
    sandbox = Sandbox.copied(built.root, tmp_path / "repository")
    folders = [str(built.root.parent / f"out/wave-{number}") for number in (1, 2)]

    ran = sandbox.monorelease("publish", "--from", *folders, **OFFLINE)

    assert ran.status == 0, ran.stderr
    index = files_in(sandbox.root / "dist/index")
    assert {path.rpartition("/")[2] for path in index} >= {*EVERYTHING}
    assert len(tags_here(sandbox)) == len(FILES)


def test_an_earlier_build_leaves_nothing_in_later_waves(built: Sandbox) -> None:
    ran = built.monorelease("build", "plugin-a", "--waves", "--out", "../out", **OFFLINE)

    assert ran.status == 0, ran.stderr
    assert in_wave(built, 1) == sorted([*KEPT, *FILES["plugin-a"]])
    assert in_wave(built, 2) == KEPT


def test_nothing_to_build_is_no_folder(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path / "repository")
    sandbox.write({"pyproject.toml": "[tool.monorelease]\nmembers = ['packages/*']\n"})
    sandbox.commit("Begin")
    ran = sandbox.monorelease("build", "--waves", "--out", "../out", **OFFLINE)

    assert (ran.status, ran.stdout) == (0, "Nothing to build.\n")
    assert not (tmp_path / "out").exists()
