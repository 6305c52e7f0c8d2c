from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from monorelease.formats.source_layout import find_sources
from monorelease.formats.toml import parse

HATCH = '[build-system]\nbuild-backend = "hatchling.build"\n'
WHEEL = f"{HATCH}[tool.hatch.build.targets.wheel]\n"
SETUPTOOLS = '[build-system]\nbuild-backend = "setuptools.build_meta"\n[tool.setuptools]\n'
POETRY = '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n[tool.poetry]\n'
FLIT = '[build-system]\nbuild-backend = "flit_core.buildapi"\n'
PDM = '[build-system]\nbuild-backend = "pdm.backend"\n'
UV = '[build-system]\nbuild-backend = "uv_build"\n'
MATURIN = '[build-system]\nbuild-backend = "maturin"\n'

LAYOUTS = {
    "all below src": ("", ["src/a/__init__.py", "src/a/b.py"], ["a", "a.b"]),
    "the package of the project's name": (
        "",
        ["my_tool/__init__.py", "other/__init__.py", "setup.py"],
        ["my_tool"],
    ),
    "one module of the project's name": ("", ["my_tool.py", "other.py"], ["my_tool"]),
    "a namespace beside tests and docs": (
        "",
        ["agents/x/__init__.py", "tests/test_x.py", "docs/conf.py", "notes.md"],
        ["agents.x"],
    ),
    "packages that hatch is told of": (
        f'{WHEEL}packages = ["lib/a", "b"]',
        ["lib/a/__init__.py", "b/c.py", "d/__init__.py"],
        ["a", "b.c"],
    ),
    "folders that hatch includes, some of them stripped": (
        f'{WHEEL}only-include = ["lib/a", "b"]\nsources = ["lib"]',
        ["lib/a/__init__.py", "b/c.py"],
        ["a", "b.c"],
    ),
    "globs say nothing": (
        f'{WHEEL}include = ["/src/**/*.py", "../a"]',
        ["src/a/__init__.py"],
        ["a"],
    ),
    "packages that setuptools is told of": (
        f'{SETUPTOOLS}packages = ["a", "a.b"]\npy-modules = ["one"]\npackage-dir = {{"" = "lib"}}',
        ["lib/a/__init__.py", "lib/a/b/__init__.py", "lib/one.py", "lib/two.py"],
        ["a", "a.b", "one"],
    ),
    "where setuptools finds packages": (
        f'{SETUPTOOLS}packages.find.where = ["python"]\npackage-dir = {{"" = 1}}',
        ["python/a/__init__.py", "b/__init__.py"],
        ["a"],
    ),
    "packages that poetry is told of": (
        f'{POETRY}packages = [{{include = "a", from = "lib"}}, {{include = "b"}}, "c"]',
        ["lib/a/__init__.py", "b/__init__.py", "c/__init__.py"],
        ["a", "b"],
    ),
    "flit's module": (
        f'{FLIT}[tool.flit.module]\nname = "agents.x"',
        ["agents/x/__init__.py", "my_tool.py"],
        ["agents.x"],
    ),
    "pdm's folder": (
        f'{PDM}[tool.pdm.build]\npackage-dir = "python"',
        ["python/a/__init__.py", "b/__init__.py"],
        ["a"],
    ),
    "uv's usual module": (UV, ["src/my_tool/__init__.py", "src/b/__init__.py"], ["my_tool"]),
    "uv's modules": (
        f'{UV}[tool.uv.build-backend]\nmodule-root = ""\nmodule-name = ["a", "b.c"]',
        ["a/__init__.py", "b/c/__init__.py", "b/d.py"],
        ["a", "b.c"],
    ),
    "maturin's folder": (
        f'{MATURIN}[tool.maturin]\npython-source = "python"',
        ["python/a/__init__.py", "python/a/_native.pyi", "src/lib.rs"],
        ["a", "a._native"],
    ),
    "tests and programs among them": (
        "",
        ["src/a/__init__.py", "src/a/tests/test_a.py", "src/a/__main__.py"],
        ["a", "a.__main__", "a.tests.test_a"],
    ),
    "what is no name in Python": ("", ["src/a-b/__init__.py", "src/1.py", "src/a/x.txt"], []),
    "nothing": ("", [], []),
}


def found(toml: str, files: list[str]) -> dict[str, str]:
    paths = [PurePosixPath(file) for file in files]
    sources = find_sources(parse(toml), canonicalize_name("my-tool"), paths)
    return {name: str(path) for name, path in sources.items()}


@pytest.mark.parametrize(("toml", "files", "modules"), LAYOUTS.values(), ids=LAYOUTS)
def test_modules_are_found_where_the_backend_packs_them(
    toml: str, files: list[str], modules: list[str]
) -> None:
    assert sorted(found(toml, files)) == modules


def test_the_text_of_a_module_counts_before_its_stub_and_both_before_what_is_compiled() -> None:
    native = "src/a/n.cpython-312-x86_64-linux-gnu.so"
    files = ["src/a/m.pyi", "src/a/m.py", native, "src/a/n.pyi", "src/a/o.pyx", "src/a/p.pyd"]

    assert found("", files) == {
        "a.m": "src/a/m.py",
        "a.n": "src/a/n.pyi",
        "a.o": "src/a/o.pyx",
        "a.p": "src/a/p.pyd",
    }


@pytest.mark.property
@given(
    st.sampled_from([toml for toml, _, _ in LAYOUTS.values()]),
    st.lists(st.sampled_from([f for _, files, _ in LAYOUTS.values() for f in files]), unique=True),
)
def test_every_module_is_one_of_the_files_and_called_as_its_path(
    toml: str, files: list[str]
) -> None:
    for module, path in found(toml, files).items():
        place = PurePosixPath(path)
        parts = place.parent.parts if place.stem == "__init__" else place.with_suffix("").parts
        assert path in files
        assert parts[-len(module.split(".")) :] == tuple(module.split("."))
