"""Members that can be built, by every kind of backend, and the uv that builds some of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import pytest
from packaging.utils import canonicalize_name
from packaging.version import Version

from monorelease.adapters.build_job import Job, Made, NotMade
from monorelease.adapters.builder import hatchling_version
from monorelease.model.publication import ReleasedMember
from sandbox import Sandbox, surroundings

EPOCH = 1_795_000_000
"""A commit's time, in November 2026."""

UNREACHABLE = ("Failed to fetch", "error sending request", "network was disabled")
"""What uv says when no index can be asked."""

HATCHLING = '[build-system]\nrequires = ["hatchling>=1"]\nbuild-backend = "hatchling.build"\n'
SETUPTOOLS = (
    '[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"\n'
)
FLIT = '[build-system]\nrequires = ["flit-core>=3.12,<4"]\nbuild-backend = "flit_core.buildapi"\n'
HATCH_VCS = """\
[build-system]
requires = ["hatchling>=1", "hatch-vcs"]
build-backend = "hatchling.build"

[tool.hatch.version]
source = "vcs"
raw-options.root = "../.."
raw-options.tag_regex = "^(?P<prefix>[a-z]+-v)?(?P<version>[0-9.]+)$"
raw-options.git_describe_command = "git describe --dirty --tags --long --match 'MEMBER-v*'"
"""


def package(
    name: str, version: str = "1.0.0", *, system: str = HATCHLING, more: str = ""
) -> dict[str, str]:
    """The files of a member in ``packages/``; one whose version is empty has it in tags."""
    said = f'version = "{version}"' if version else 'dynamic = ["version"]'
    said += '\nrequires-python = ">=3.11"'
    manifest = f'{system.replace("MEMBER", name)}\n[project]\nname = "{name}"\n{said}\n{more}'
    return {
        f"packages/{name}/pyproject.toml": manifest,
        f"packages/{name}/src/{name}/__init__.py": f'"""The package {name}."""\n',
    }


def job(
    root: Path, name: str, version: str = "1.0.0", *needs: str, wheel_only: bool = False
) -> Job:
    """What is to be built of a member in ``packages/``."""
    return Job(
        name=canonicalize_name(name),
        version=Version(version),
        folder=root / "packages" / name,
        epoch=EPOCH,
        needs=tuple(map(canonicalize_name, needs)),
        wheel_only=wheel_only,
    )


def released(
    repository: Sandbox, name: str, version: str = "1.0.0", *, tag_first: bool = False
) -> ReleasedMember:
    """A member in ``packages/`` as HEAD has it."""
    return ReleasedMember(
        name=canonicalize_name(name),
        version=Version(version),
        path=PurePosixPath("packages", name),
        commit=repository.git("rev-parse", "HEAD").strip(),
        tag=f"{name}-v{version}",
        tag_first=tag_first,
    )


def uv() -> str:
    """The uv of this machine; the test is skipped where there is none."""
    found = os.getenv("HATCH_UV") or shutil.which("uv")
    if found is None:
        pytest.skip("there is no uv: neither HATCH_UV names one nor is it on the PATH")
    return found


def one_hatchling(folder: Path) -> dict[str, str]:
    """The environment of a build; uv has to take the very hatchling that is here."""
    constraint = folder / "constraint.txt"
    constraint.write_text(f"hatchling=={hatchling_version()}\n", "utf-8")
    return surroundings(UV_BUILD_CONSTRAINT=str(constraint))


def made(results: Mapping[str, Made | NotMade]) -> dict[str, list[str]]:
    """The files of each job, by its name; the test is skipped where no index can be asked."""
    files = {}
    for name, result in results.items():
        if isinstance(result, NotMade):
            skip_where_offline(result.last_words)
        assert isinstance(result, Made), result
        files[name] = [path.name for path in result.files]
    return files


def skip_where_offline(words: str) -> None:
    """Skip the test if these words of uv's say that no index can be reached."""
    if any(each in words for each in UNREACHABLE):
        pytest.skip(f"no index can be reached: {words.splitlines()[-1]}")
