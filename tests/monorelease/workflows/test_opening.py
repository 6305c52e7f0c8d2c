from __future__ import annotations

import sys
from pathlib import Path

import pytest

from monorelease.adapters.state import exclusive, state_folder
from monorelease.errors import AnotherRelease, NoWorkspace
from monorelease.workflows.opening import open_root
from releasing import release
from sandbox import Sandbox

SUPPORT = Path(__file__).parents[2] / "support"
DYING = """
import os, signal
from pathlib import Path
from monorelease.adapters import content
from releasing import release
adopt = content.adopt
def adopt_and_die(place, **how):
    adopt(place, **how)
    if place.name == "pyproject.toml":
        os.kill(os.getpid(), signal.SIGKILL)
content.adopt = adopt_and_die
release(Path.cwd())
"""
"""A release that is killed once the new version is in place."""


def nobody(words: str) -> None:
    raise AssertionError(words)


def test_a_workspace_in_order_is_opened_without_a_word(repository: Sandbox) -> None:
    assert open_root(repository.root / "packages" / "core", nobody) == repository.root

    release(repository.root)

    assert open_root(repository.root, nobody) == repository.root


def test_to_open_a_workspace_writes_nothing(repository: Sandbox) -> None:
    open_root(repository.root, nobody)

    assert not state_folder(repository.root).exists()


def test_after_a_run_that_died_the_old_tree_is_put_back_and_told(repository: Sandbox) -> None:
    before = repository.tree()
    ran = repository.run(sys.executable, "-c", DYING, PYTHONPATH=str(SUPPORT))
    assert ran.status < 0, ran.stderr
    assert repository.tree() != before
    told: list[str] = []

    open_root(repository.root, told.append)

    assert repository.tree() == before
    assert told == ["an earlier 'release' died half way: the tree is put back"]
    open_root(repository.root, nobody)


def test_a_file_that_was_edited_meanwhile_is_kept_and_told(repository: Sandbox) -> None:
    before = repository.tree()
    repository.run(sys.executable, "-c", DYING, PYTHONPATH=str(SUPPORT))
    repository.write({"packages/core/pyproject.toml": "edited\n"})
    told: list[str] = []

    open_root(repository.root, told.append)

    assert repository.tree() == before
    first, second = told
    assert "died half way" in first
    path, _, copy = second.partition(" was neither old nor new: kept as ")
    assert path == "packages/core/pyproject.toml"
    assert Path(copy).read_text() == "edited\n"


def test_while_another_run_is_at_work_nothing_is_put_back(repository: Sandbox) -> None:
    ran = repository.run(sys.executable, "-c", DYING, PYTHONPATH=str(SUPPORT))
    assert ran.status < 0
    half = repository.tree()
    program = (
        "from pathlib import Path\nfrom monorelease.workflows.opening import open_root\n"
        "open_root(Path.cwd(), print)\n"
    )

    with exclusive(state_folder(repository.root), command="release"):
        ran = repository.run(sys.executable, "-c", program)

    assert AnotherRelease.__name__ in ran.stderr
    assert repository.tree() == half


def test_where_there_is_no_workspace_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace):
        open_root(tmp_path, nobody)
