"""Tags are found where git keeps them, however it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from monorelease.adapters.tag_files import tags_among
from monorelease.adapters.tags import Tags
from sandbox import Sandbox

NAMES = ("core-v1.0.0", "group/core-v1.0.1", "nobody-v1.0.0")
THERE = NAMES[:2]


@pytest.fixture
def tagged(tmp_path: Path) -> Sandbox:
    sandbox = Sandbox(tmp_path / "repository")
    sandbox.commit("Begin")
    sandbox.git("tag", NAMES[0])
    sandbox.git("tag", "--annotate", "--message", "Out", NAMES[1])
    return sandbox


def test_loose_ones_and_packed_ones_are_found(tagged: Sandbox) -> None:
    assert tags_among(tagged.root, NAMES) == THERE

    tagged.git("pack-refs", "--all")
    assert tags_among(tagged.root, NAMES) == THERE == tuple(sorted(Tags(tagged.root).here()))

    tagged.git("tag", "--delete", NAMES[0])
    assert tags_among(tagged.root, NAMES) == (NAMES[1],)


def test_folders_and_worktrees_have_those_of_their_repository(tagged: Sandbox) -> None:
    place = tagged.root.parent / "worktree"
    tagged.git("worktree", "add", "--quiet", "--detach", str(place))
    tagged.write({"libs/pyproject.toml": ""})

    assert tags_among(place, NAMES) == THERE
    assert tags_among(tagged.root / "libs", NAMES) == THERE


def test_a_folder_of_tags_is_none(tagged: Sandbox) -> None:
    assert tags_among(tagged.root, ("group",)) == ()


def test_without_git_and_without_names_there_is_none(tagged: Sandbox, tmp_path: Path) -> None:
    assert tags_among(tmp_path, NAMES) == ()
    assert tags_among(tagged.root, ()) == ()


def test_another_way_of_keeping_them_is_asked_through_git(tagged: Sandbox) -> None:
    (tagged.root / ".git" / "reftable").mkdir()

    assert tags_among(tagged.root, NAMES) == THERE
