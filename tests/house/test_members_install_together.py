"""The nineteen members build, install, together and each plugin alone, and import there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from packaging.metadata import Metadata

PACKAGES = Path(__file__).parents[2] / "packages"
MEMBERS = sorted(path.parent for path in PACKAGES.glob("*/pyproject.toml"))
NAMES = [member.name for member in MEMBERS]
PLUGINS = [name for name in NAMES if "-plugin-" in name]
PATIENCE = 300  # seconds, since a first run downloads the native libraries

# What uv says when the index is out of reach, or when it was told to stay offline.
UNREACHABLE = ("Failed to fetch", "error sending request", "network was disabled")

ASK_THE_ENVIRONMENT = """
import importlib, importlib.metadata, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
plugins = importlib.metadata.entry_points(group="agents.plugins")
print(json.dumps({plugin.name: plugin.load().__name__ for plugin in plugins}))
"""

every_member = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The two artifacts of a member."""

    wheel: Path
    sdist: Path

    @property
    def metadata(self) -> Metadata:
        with zipfile.ZipFile(self.wheel) as wheel:
            [path] = [each for each in wheel.namelist() if each.endswith(".dist-info/METADATA")]
            return Metadata.from_email(wheel.read(path))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    dist = tmp_path_factory.mktemp("dist")
    return {member.name: _build(member, dist) for member in MEMBERS}


@every_member
def test_the_wheel_holds_the_package_its_marker_and_its_licence(
    built: dict[str, Built], name: str
) -> None:
    with zipfile.ZipFile(built[name].wheel) as wheel:
        files = {PurePosixPath(each) for each in wheel.namelist()}
        [info] = {each.parts[0] for each in files if each.parts[0].endswith(".dist-info")}
        licence = wheel.read(f"{info}/licenses/LICENSE")
    package = name.replace("-", "_")
    strays = {each for each in files if each.parts[0] not in {package, info}}
    strays |= {each for each in files if each.parts[0] == package and not _is_source(each)}

    assert {PurePosixPath(package, "__init__.py"), PurePosixPath(package, "py.typed")} <= files
    assert licence == (PACKAGES / name / "LICENSE").read_bytes()
    assert strays == set()


@every_member
def test_the_sdist_holds_what_is_needed_and_nothing_that_lay_about(
    built: dict[str, Built], name: str
) -> None:
    with tarfile.open(built[name].sdist) as sdist:
        files = {PurePosixPath(*PurePosixPath(each).parts[1:]) for each in sdist.getnames()}
    top = {PurePosixPath(each) for each in ("CHANGELOG.md", "LICENSE", "README.md")}
    top |= {PurePosixPath(each) for each in ("PKG-INFO", "pyproject.toml", ".gitignore")}
    sources = PurePosixPath("src", name.replace("-", "_"))
    strays = {each for each in files - top if not _is_inside(each, sources)}

    assert top - {PurePosixPath(".gitignore")} <= files
    assert {sources / "__init__.py", sources / "py.typed"} <= files
    assert strays == set()


@every_member
def test_the_metadata_says_what_the_folder_says(built: dict[str, Built], name: str) -> None:
    metadata = built[name].metadata
    readme = (PACKAGES / name / "README.md").read_text("utf-8")

    assert metadata.name == name
    assert metadata.license_expression in {"Apache-2.0", "Apache-2.0 AND MIT"}
    assert metadata.description_content_type == "text/markdown"
    assert metadata.description == readme


def test_all_members_install_and_import_together(built: dict[str, Built], tmp_path: Path) -> None:
    uv = _find_uv()
    python = _fresh_environment(uv, tmp_path / "venv")
    _install_what_others_made(uv, python, built)
    wheels = [str(each.wheel) for each in built.values()]
    installed = _run(uv, "pip", "install", "--python", python, "--no-index", *wheels)
    assert installed.returncode == 0, installed.stderr

    packages = json.dumps([name.replace("-", "_") for name in NAMES])
    asked = _run(python, "-I", "-c", ASK_THE_ENVIRONMENT, packages)
    assert asked.returncode == 0, asked.stderr

    assert json.loads(asked.stdout) == _entry_points(PLUGINS)


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_installs_alone_and_brings_what_it_needs(
    built: dict[str, Built], tmp_path: Path, name: str
) -> None:
    uv = _find_uv()
    python = _fresh_environment(uv, tmp_path / "venv")
    needed = _needed_members(built, name)
    _install_what_others_made(uv, python, {each: built[each] for each in needed})
    shelf = str(built[name].wheel.parent)
    installed = _run(
        uv, "pip", "install", "--python", python, "--no-index", "--find-links", shelf, name
    )
    assert installed.returncode == 0, installed.stderr

    asked = _run(python, "-I", "-c", ASK_THE_ENVIRONMENT, json.dumps([name.replace("-", "_")]))
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout) == _entry_points(needed & set(PLUGINS))


def _entry_points(plugins: Iterable[str]) -> dict[str, str]:
    vendors = [name.removeprefix("agents-plugin-") for name in plugins]
    return {vendor: f"agents_plugin_{vendor}" for vendor in vendors}


def _needed_members(built: dict[str, Built], name: str) -> set[str]:
    """The member itself, and those that it requires, and so on."""
    required = {each.name for each in built[name].metadata.requires_dist or ()} & set(NAMES)
    return {name}.union(*(_needed_members(built, each) for each in required))


def _build(member: Path, dist: Path) -> Built:
    from hatchling.builders.sdist import SdistBuilder
    from hatchling.builders.wheel import WheelBuilder

    [sdist] = SdistBuilder(str(member)).build(directory=str(dist), versions=["standard"])
    [wheel] = WheelBuilder(str(member)).build(directory=str(dist), versions=["standard"])
    return Built(wheel=Path(wheel), sdist=Path(sdist))


def _is_source(path: PurePosixPath) -> bool:
    """Tell whether it is a module, or what one of them needs: a model, its origin and licence."""
    return path.suffix == ".py" or path.name == "py.typed" or path.parent.name == "model"


def _is_inside(path: PurePosixPath, sources: PurePosixPath) -> bool:
    """Tell whether `path` is a module, an example, or a test or what a test compiles or reads."""
    if path.is_relative_to("examples"):
        return path.suffix == ".py" or path.name == "README.md"
    if path.is_relative_to("tests"):
        return path.suffix in {".py", ".c"} or path.is_relative_to("tests/payloads")
    return path.is_relative_to(sources) and _is_source(path)


def _find_uv() -> str:
    found = os.getenv("HATCH_UV") or shutil.which("uv")
    if found is None:
        pytest.skip("there is no uv: neither HATCH_UV names one nor is it on the PATH")
    return found


def _fresh_environment(uv: str, folder: Path) -> str:
    made = _run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
    assert made.returncode == 0, made.stderr

    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def _install_what_others_made(uv: str, python: str, built: dict[str, Built]) -> None:
    """Install the members' requirements on others, so that the members then need no index.

    In two steps, since only the first may fail for a reason that is not ours.
    """
    required = {each for one in built.values() for each in one.metadata.requires_dist or ()}
    foreign = sorted(str(each) for each in required if each.name not in NAMES)
    if not foreign:
        return
    installed = _run(uv, "pip", "install", "--python", python, *foreign)
    if any(words in installed.stderr for words in UNREACHABLE):
        pytest.skip(f"the index cannot be reached for {', '.join(foreign)}")
    assert installed.returncode == 0, installed.stderr


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
