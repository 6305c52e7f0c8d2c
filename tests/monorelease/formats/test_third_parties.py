from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.formats.manifest import Manifest, parse_manifest
from monorelease.formats.third_parties import beside_requirements, third_party_requirements
from monorelease.model.workspace import DependencyKind
from values import named

TEXT = """\
[project]
name = "app"
version = "1.0.0"
dependencies = ["core>=1", "httpx[http2] >=0.27 ; python_version > '3.11'"]
optional-dependencies.vad = ["onnx"]
[build-system]
requires = ["hatchling>=1.27"]
[dependency-groups]
test = ["pytest>=8", { include-group = "x" }]
[tool.poetry.dependencies]
attrs = "^23"
[tool.other]
number = 7
"""


def manifest(text: str) -> Manifest:
    parsed, _ = parse_manifest(PurePosixPath("packages/app"), text)
    assert parsed is not None
    return parsed


def test_all_but_siblings_are_found_wherever_they_stand() -> None:
    found = third_party_requirements(manifest(TEXT), frozenset({named("core"), named("app")}))

    assert {(d.on, d.kind) for d in found if d.is_published} == {
        ("httpx", DependencyKind.RUNTIME),
        ("onnx", DependencyKind.EXTRA),
        ("hatchling", DependencyKind.BUILD),
    }
    assert {d.on for d in found if not d.is_published} == {"pytest", "attrs"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">=0.27", ">=0.28"),
        ('["onnx"]', '["onnx", "numpy"]'),
        ("hatchling>=1.27", "hatchling"),
        ("pytest>=8", "pytest>=9"),
        ('attrs = "^23"', 'attrs = "^24"'),
        ("number = 7", "number = 8"),
    ],
)
def test_requirements_and_what_developers_use_are_not_beside_them(old: str, new: str) -> None:
    assert old in TEXT
    assert beside_requirements(manifest(TEXT)) == beside_requirements(
        manifest(TEXT.replace(old, new))
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version = "1.0.0"', 'version = "1.0.1"'),
        ('version = "1.0.0"', 'version = "1.0.0"\nrequires-python = ">=3.11"'),
        ("[tool.other]", "[tool.hatch.build]\nx = 1\n[tool.other]"),
        ("[tool.other]", "[other]\nx = 1\n[tool.other]"),
        ('requires = ["hatchling>=1.27"]', 'build-backend = "hatchling.build"'),
    ],
)
def test_all_else_is(old: str, new: str) -> None:
    assert old in TEXT
    assert beside_requirements(manifest(TEXT)) != beside_requirements(
        manifest(TEXT.replace(old, new))
    )


def test_tables_that_are_none_are_looked_over() -> None:
    odd = manifest('build-system = 1\n[project]\nname = "a"\nversion = "1"\n[tool]\npoetry = 1\n')

    assert beside_requirements(odd)["build-system"] == {}
    assert third_party_requirements(odd, frozenset()) == ()
