"""How a member looks as a Python package, and what its manifest says afterwards."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.contestants.port import Manifest
from benchmarks.generator import Member


def format_member(member: Member, changelog: str) -> Iterator[tuple[str, str]]:
    """The member's files: relative path and text."""
    folder = f"packages/{member.name}"
    module = member.name.replace("-", "_")
    yield f"{folder}/pyproject.toml", _pyproject(member, module)
    yield f"{folder}/CHANGELOG.md", changelog
    yield f"{folder}/src/{module}/__init__.py", f'"""The package {member.name}."""\n'


def read_pyproject(folder: Path) -> Manifest:
    """Version and lower bounds as `pyproject.toml` has them."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    requirements = (text.partition(">=") for text in project["dependencies"])
    return Manifest(
        version=project["version"],
        lower_bounds={name: rest.partition(",")[0] for name, _, rest in requirements},
    )


def _pyproject(member: Member, module: str) -> str:
    dependencies = "".join(
        f'  "{required.on}>={required.lower},<{required.below}",\n' for required in member.requires
    )
    return f"""\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{member.name}"
version = "{member.version}"
description = "A member of a generated repository"
requires-python = ">=3.11"
dependencies = [
{dependencies}]

[tool.hatch.build.targets.wheel]
packages = ["src/{module}"]
"""
