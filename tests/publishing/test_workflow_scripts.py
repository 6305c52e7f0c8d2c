"""The scripts of publish.yml, run as a runner runs them: what is pending goes out, in its order."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forge_server import ForgeFault
from github_server import ACTIONS, GitHubServer
from index_server import IndexServer
from publishing import FILES, OFFLINE, TAGS, released, tags_there
from sandbox import Ran, Sandbox, files_in
from workflow_files import Workflow, parsed, run_step, step_named

needs_runner = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("jq")),
    reason="needs bash and jq, as GitHub's machines have them",
)
pytestmark = needs_runner

FORGE = """
[tool.monorelease.forge]
kind = "github"
url = "{url}"
repository = "acme/tools"
roll-up = "wave-{{commit}}"
"""


class Runner:
    """A machine of a workflow, with the repository checked out."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.temp = sandbox.root.parent / "temp"
        self.temp.mkdir()
        text = (sandbox.root / ".github/workflows/publish.yml").read_text("utf-8")
        self.workflow: Workflow = parsed(text)

    def run(self, job: str, step: str, **environment: str) -> Ran:
        """One step; what it gets from others is as the file says, and `environment`."""
        return run_step(
            step_named(self.workflow, step),
            self.workflow["jobs"][job],
            self.sandbox,
            RUNNER_TEMP=str(self.temp),
            GITHUB_OUTPUT=str(self.temp / "output"),
            **self.workflow["env"],
            **OFFLINE,
            **environment,
        )

    @property
    def outputs(self) -> list[str]:
        """What the last steps have told others."""
        return (self.temp / "output").read_text().splitlines()


def runner(folder: Path, index: IndexServer, config: str = "") -> Runner:
    sandbox = released(folder, index.simple_url, index.upload_url, config)
    assert sandbox.monorelease("init", "--github").status == 0
    sandbox.commit("Generate workflows")
    sandbox.git("push", "--quiet", "origin", "main")
    return Runner(sandbox)


def test_what_is_pending_is_built_uploaded_and_tagged(tmp_path: Path) -> None:
    with IndexServer() as index:
        machine = runner(tmp_path, index)
        asked = machine.run("build", "Ask what is pending")
        assert machine.outputs == ["pending=true", "upload=true"], asked.stderr
        built = machine.run("build", "Build and verify")
        assert built.status == 0, built.stderr

        for number in (1, 2):
            for path in (machine.sandbox.root / f"dist/wave-{number}").glob("*-*"):
                index.add(path.name.partition("-")[0], {path.name: path.read_bytes()})
        told = machine.run("announce", "Tag and announce what the index has")
        assert told.status == 0, told.stderr
        asked = machine.run("build", "Ask what is pending")
        assert machine.outputs[2:] == ["pending=false", "upload=false"], asked.stderr
    assert tags_there(machine.sandbox) == TAGS


def test_a_page_that_the_forge_refused_alone_is_announced_by_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "forge").mkdir()
    with IndexServer() as index, GitHubServer(tmp_path / "forge") as forge:
        forge.create("acme/tools")
        forge.let(token := "ghs-of-the-job", ACTIONS, "contents")
        machine = runner(tmp_path, index, FORGE.format(url=forge.url))
        forge.git("acme/tools", "fetch", "--quiet", str(machine.sandbox.root), "main:main")
        machine.sandbox.git("remote", "set-url", "origin", forge.address("acme/tools"))
        for name, files in FILES.items():
            index.add(name, dict.fromkeys(files, b"bytes"))
        forge.heed(ForgeFault(method="POST", path="/releases", after=3, times=1, status=403))
        job = {"GITHUB_TOKEN": token, "CI": "true"}
        told = machine.run("announce", "Tag and announce what the index has", **job)
        assert told.status == 1, told.stderr

        asked = machine.run("build", "Ask what is pending", **job)
        assert machine.outputs == ["pending=true", "upload=false"], asked.stderr
        told = machine.run("announce", "Tag and announce what the index has", **job)
        assert told.status == 0, told.stderr
        asked = machine.run("build", "Ask what is pending", **job)
        assert machine.outputs[2:] == ["pending=false", "upload=false"], asked.stderr


def test_more_waves_than_the_file_knows_are_not_left_behind(tmp_path: Path) -> None:
    with IndexServer() as index:
        machine = runner(tmp_path, index)
        path = machine.sandbox.root / ".github/workflows/publish.yml"
        machine.workflow = parsed(path.read_text().replace('"dist/wave-3"', '"dist/wave-2"'))
        assert machine.run("build", "Ask what is pending").status == 0
        ran = machine.run("build", "Build and verify")

    assert ran.status == 1
    assert ran.stdout.endswith(
        "::error::there are more waves than this file knows: monorelease init --github\n"
    )
    assert "dist/wave-2/core" not in files_in(machine.sandbox.root)
