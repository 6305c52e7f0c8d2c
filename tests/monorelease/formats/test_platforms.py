from __future__ import annotations

import pytest

from monorelease.formats.platforms import needs_platform
from monorelease.formats.toml import parse


def backend(name: str, more: str = "", requires: str = "[]") -> str:
    return f'[build-system]\nrequires = {requires}\nbuild-backend = "{name}"\n{more}\n'


@pytest.mark.parametrize(
    "name", ["flit_core.buildapi", "hatchling.build", "pdm.backend", "setuptools.build_meta"]
)
def test_python_alone_makes_one_wheel(name: str) -> None:
    assert needs_platform(parse(backend(name))) is False


@pytest.mark.parametrize(
    "name", ["poetry.core.masonry.api", "setuptools.build_meta:__legacy__", "uv_build"]
)
def test_so_do_other_spellings_and_backends(name: str) -> None:
    assert needs_platform(parse(backend(name))) is False


@pytest.mark.parametrize("name", ["maturin", "mesonpy", "scikit_build_core.build", "sipbuild.api"])
def test_what_is_there_to_compile_compiles(name: str) -> None:
    assert needs_platform(parse(backend(name))) is True


@pytest.mark.parametrize(
    "text",
    [
        backend("acme.build"),
        backend("hatchling.build", 'backend-path = ["."]'),
        "[build-system]\nbuild-backend = 7\n",
    ],
)
def test_what_is_not_known_is_not_guessed(text: str) -> None:
    assert needs_platform(parse(text)) is None


@pytest.mark.parametrize("text", ["", "[build-system]\n", 'build-system = "hatchling"\n'])
def test_no_backend_means_setuptools(text: str) -> None:
    assert needs_platform(parse(text)) is False
    assert needs_platform(parse(text), ["setup.py"]) is None


@pytest.mark.parametrize(
    ("hooks", "verdict"),
    [
        ("[tool.hatch.build.hooks.version]", False),
        ("[tool.hatch.build.hooks.vcs]", False),
        ("[tool.hatch.build.hooks.custom]", None),
        ("[tool.hatch.build.hooks.mypyc]", True),
        ("[tool.hatch.build.targets.wheel.hooks.cython]", True),
        ("[tool.hatch.build.targets.wheel.hooks.acme]", None),
        ("[tool.hatch.build.targets.sdist.hooks.custom]", False),
        ("[tool.hatch.build.hooks.acme]\n[tool.hatch.build.hooks.scikit-build]", True),
        ("[tool.hatch.build.hooks.acme]\n[tool.hatch.build.hooks.version]", None),
    ],
)
def test_a_wheel_of_hatchling_is_what_its_hooks_make_it(
    hooks: str, *, verdict: bool | None
) -> None:
    assert needs_platform(parse(backend("hatchling.build", hooks))) is verdict


@pytest.mark.parametrize(
    ("more", "requires", "verdict"),
    [
        ("", '["setuptools>=61", "wheel"]', False),
        ("", '["setuptools", "Cython>=3; python_version > \'3\'"]', True),
        ("", '["setuptools", "setuptools_rust"]', True),
        ("", '["setuptools", "?", 7]', False),
        ("", '"cython"', False),
        ('[[tool.setuptools.ext-modules]]\nname = "fast"\nsources = ["fast.c"]', "[]", True),
        ("[tool.setuptools]\next-modules = []", "[]", False),
        ('[[tool.setuptools-rust.ext-modules]]\ntarget = "fast"', "[]", True),
    ],
)
def test_a_wheel_of_setuptools_depends_on_extensions(
    more: str,
    requires: str,
    *,
    verdict: bool,
) -> None:
    text = backend("setuptools.build_meta", more, requires)

    assert needs_platform(parse(text)) is verdict
    assert needs_platform(parse(text), ["setup.py"]) is (verdict or None)


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("[tool.scikit-build]\nwheel.cmake = true", True),
        ("[tool.scikit-build]\nwheel.cmake = false", False),
        ("[tool.scikit-build]\nwheel.platlib = false", False),
        ("[tool.scikit-build]\nwheel.cmake = false\nwheel.platlib = true", True),
    ],
)
def test_scikit_build_may_be_told_that_it_has_nothing_to_compile(
    more: str, *, verdict: bool
) -> None:
    assert needs_platform(parse(backend("scikit_build_core.build", more))) is verdict


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ('[tool.poetry]\nbuild = "build.py"', True),
        ('[tool.poetry.build]\nscript = "build.py"', True),
        ("[tool.poetry.build]\ngenerate-setup-file = false", False),
    ],
)
def test_a_build_script_makes_a_wheel_of_poetry_depend_on_the_platform(
    more: str,
    *,
    verdict: bool,
) -> None:
    assert needs_platform(parse(backend("poetry.core.masonry.api", more))) is verdict


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ("[tool.pdm.build]\nis-purelib = false", True),
        ("[tool.pdm.build]\nis-purelib = true\nrun-setuptools = true", False),
        ("[tool.pdm.build]\nrun-setuptools = true", True),
        ("[tool.pdm.build]\nrun-setuptools = false", False),
        ('[tool.pdm.build]\ncustom-hook = "hook.py"', None),
    ],
)
def test_a_wheel_of_pdm_is_what_its_table_says(more: str, *, verdict: bool | None) -> None:
    assert needs_platform(parse(backend("pdm.backend", more))) is verdict


def test_a_hook_of_pdm_may_lie_beside_its_table() -> None:
    assert needs_platform(parse(backend("pdm.backend")), ["pdm_build.py"]) is None
    assert needs_platform(parse(backend("hatchling.build")), ["pdm_build.py"]) is False
