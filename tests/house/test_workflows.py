"""The workflows of this repository are those that any other one would get."""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

from monorelease.formats.ci_workflows import FILES, is_generated
from monorelease.workflows.ci import check_workflows
from monorelease.workflows.read import read
from sandbox import Sandbox

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github/workflows"


def test_every_workflow_is_generated_and_as_it_would_be_now() -> None:
    snapshot = read(ROOT)

    assert {path.name for path in FOLDER.iterdir()} == {*FILES}
    assert all(is_generated(path.read_text("utf-8")) for path in FOLDER.iterdir())
    assert [f for f in snapshot.findings if f.is_error] == []
    assert list(check_workflows(snapshot)) == []


def test_ci_runs_what_people_run() -> None:
    assert 'run: ".ci/run"' in (FOLDER / "ci.yml").read_text("utf-8")


def test_ci_runs_every_python_that_is_supported() -> None:
    manifest = (ROOT / "tools/monorelease/pyproject.toml").read_text("utf-8")
    supported = re.findall(r"Python :: (3\.\d+)", manifest)
    listed = ", ".join(f'"{python}"' for python in supported)

    assert f"python: [{listed}]" in (FOLDER / "ci.yml").read_text("utf-8")


def test_an_installed_tool_can_write_them(tmp_path: Path) -> None:
    """The templates are in the wheel: everything is taken from there, and nothing from here."""
    sandbox = Sandbox(tmp_path / "repository")
    build = (
        "from hatchling.build import build_wheel as b; import sys; sys.stdout.write(b(sys.argv[1]))"
    )
    built = sandbox.run(
        sys.executable,
        "-c",
        f"import os; os.chdir({str(ROOT / 'tools/monorelease')!r}); {build}",
        str(tmp_path),
    )
    assert built.status == 0, built.stderr
    with zipfile.ZipFile(tmp_path / built.stdout.splitlines()[-1]) as wheel:
        wheel.extractall(tmp_path / "installed")
    sandbox.write(
        {
            "packages/a/pyproject.toml": '[project]\nname = "a"\nversion = "1.0"\n',
            "pyproject.toml": "",
        }
    )

    ran = sandbox.run(
        sys.executable,
        "-m",
        "monorelease",
        "init",
        "--github",
        PYTHONPATH=str(tmp_path / "installed"),
    )

    assert ran.status == 0, ran.stderr
    assert {path.name for path in (sandbox.root / ".github/workflows").iterdir()} == {*FILES} - {
        "ci.yml"
    }
