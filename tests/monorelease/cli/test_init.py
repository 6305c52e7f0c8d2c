"""Workflows of a repository that is set up: written, told of, and left alone."""

from __future__ import annotations

import json

from monorelease.formats.ci_workflows import FILES
from sandbox import Sandbox

FOLDER = ".github/workflows"
GENERATED = sorted(f"{FOLDER}/{name}" for name in {*FILES} - {"ci.yml"})


def test_a_repository_gets_workflows_when_it_asks_for_them(repository: Sandbox) -> None:
    assert repository.monorelease("init").status == 0
    assert not (repository.root / ".github").exists()

    ran = repository.monorelease("init", "--github")

    assert ran.status == 0, ran.stderr
    assert ran.stderr.startswith(f"written: {', '.join(GENERATED)}\n")
    assert "[workflow-without-forge]" in ran.stderr
    assert ran.stderr.endswith("next: monorelease add\n")
    assert repository.monorelease("init", "--github").stderr.startswith("everything is set up")


def test_files_of_ones_own_are_named_and_left(repository: Sandbox) -> None:
    repository.write({f"{FOLDER}/publish.yml": "name: ours\n"})

    ran = repository.monorelease("init", "--github")

    assert f"left as they are, being your own: {FOLDER}/publish.yml\n" in ran.stderr
    assert (repository.root / FOLDER / "publish.yml").read_text() == "name: ours\n"


def test_programs_are_told_too(repository: Sandbox) -> None:
    repository.write({f"{FOLDER}/publish.yml": "name: ours\n"})

    document = json.loads(repository.monorelease("init", "--github", "--json").stdout)

    assert document["kept"] == [f"{FOLDER}/publish.yml"]
    assert {*document["written"]} >= {*GENERATED} - {*document["kept"]}
    assert [member["name"] for member in document["members"]] == ["client", "core", "server"]


def test_check_tells_of_workflows_that_are_old(repository: Sandbox) -> None:
    repository.monorelease("init", "--github")
    more = '[project]\nname = "top"\nversion = "1.0"\ndependencies = ["server"]\n'
    repository.write({"packages/top/pyproject.toml": more})

    ran = repository.monorelease("check")

    assert ran.status == 0
    assert "[workflow-drift]" in ran.stdout
    assert "monorelease init --github" in ran.stdout
