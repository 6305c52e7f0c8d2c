"""A build laid out for several machines: who is in it, in which wave, and on what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monorelease.adapters.directory_index import DirectoryIndex
from monorelease.model.config import LOCAL_INDEX
from sandbox import Sandbox

DONE, USAGE = 0, 2

HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
MATURIN = '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n'
SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\n'
WITH_HOOK = HATCH.replace('"hatchling"', '"hatchling", "hooks"')
PRIVATE = 'classifiers = ["Private :: Do Not Upload"]\n'


def manifest(name: str, system: str, more: str = "") -> dict[str, str]:
    project = f'[project]\nname = "{name}"\nversion = "1.1.0"\n{more}'
    return {f"packages/{name}/pyproject.toml": f"{system}\n{project}"}


@pytest.fixture
def repository(tmp_path: Path) -> Sandbox:
    """Members of every kind; `app` is built with `hooks`, and `odd` has a script."""
    sandbox = Sandbox(tmp_path / "repository")
    sandbox.write({"pyproject.toml": "[tool.monorelease]\n", ".gitignore": "dist/\n"})
    sandbox.write(manifest("app", f"{WITH_HOOK}[tool.hatch.build.hooks.custom]\n"))
    sandbox.write(manifest("fast", MATURIN))
    sandbox.write(manifest("hooks", HATCH))
    sandbox.write(manifest("kit", HATCH, PRIVATE))
    sandbox.write(manifest("odd", SETUPTOOLS))
    sandbox.write({"packages/odd/setup.py": "from setuptools import setup\nsetup()\n"})
    sandbox.commit("Release 1.1.0")
    return sandbox


def publish(repository: Sandbox, *filenames: str) -> None:
    """Have files in the local index."""
    folder = repository.root.parent / "made"
    folder.mkdir()
    paths = [folder / filename for filename in filenames]
    for path in paths:
        path.write_bytes(b"bytes")
    sent = DirectoryIndex(LOCAL_INDEX, repository.root).upload(paths)
    assert [each.refusal for each in sent] == [None] * len(paths)


def test_a_ci_gets_waves_of_everything_that_is_pending(repository: Sandbox) -> None:
    released = repository.git("rev-parse", "HEAD").strip()
    repository.write({"notes.txt": "More.\n"})
    repository.commit("Take notes")

    ran = repository.monorelease("matrix", "--json")

    value = json.loads(ran.stdout)
    assert (ran.status, ran.stderr) == (DONE, "")
    assert value["schema"] == 1
    assert value["commit"] == repository.git("rev-parse", "HEAD").strip()
    assert [[(j["name"], j["platform"]) for j in wave] for wave in value["waves"]] == [
        [("fast", True), ("hooks", False), ("odd", None)],
        [("app", None)],
    ]
    assert value["waves"][1][0] == {
        "name": "app",
        "version": "1.1.0",
        "path": "packages/app",
        "commit": released,
        "platform": None,
    }


def test_what_the_index_has_is_not_built(repository: Sandbox) -> None:
    publish(
        repository,
        "hooks-1.1.0-py3-none-any.whl",
        "hooks-1.1.0.tar.gz",
        "odd-1.1.0-py3-none-any.whl",
    )

    ran = repository.monorelease("matrix")

    assert (ran.status, ran.stderr) == (DONE, "")
    assert [line.split()[0] for line in ran.stdout.splitlines() if line.startswith("  ")] == [
        "app",
        "fast",
        "odd",
    ]
    assert ran.stdout.startswith("Wave 1 of 1: 3 packages\n\n  app   1.1.0  packages/app   ")


def test_names_ask_for_members_whatever_the_index_has(repository: Sandbox) -> None:
    publish(repository, "hooks-1.1.0-py3-none-any.whl", "hooks-1.1.0.tar.gz")

    ran = repository.monorelease("matrix", "hooks,fast", "kit", "--json")

    waves = json.loads(ran.stdout)["waves"]
    assert [[job["name"] for job in wave] for wave in waves] == [["fast", "hooks"]]


def test_nothing_pending_is_nothing_to_build(repository: Sandbox) -> None:
    names = ("app", "fast", "hooks", "odd")
    files = [f"{name}-1.1.0{end}" for name in names for end in ("-py3-none-any.whl", ".tar.gz")]
    publish(repository, *files)

    people, program = repository.monorelease("matrix"), repository.monorelease("matrix", "--json")

    assert (people.status, people.stdout) == (DONE, "Nothing to build.\n")
    assert json.loads(program.stdout)["waves"] == []


def test_another_commit_may_be_built(repository: Sandbox) -> None:
    repository.commit("Empty")
    head = repository.git("rev-parse", "HEAD").strip()

    ran = repository.monorelease("matrix", "fast", "--at", "HEAD", "--json")

    assert json.loads(ran.stdout)["waves"][0][0]["commit"] == head


def test_an_unknown_member_is_usage(repository: Sandbox) -> None:
    ran = repository.monorelease("matrix", "fats")

    assert (ran.status, ran.stdout) == (USAGE, "")
    assert "hint: did you mean 'fast'?" in ran.stderr
