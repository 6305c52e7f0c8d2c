"""Whether a member's wheel depends on the platform, as far as that can be told unbuilt."""

from __future__ import annotations

from collections.abc import Callable, Collection

from monorelease.formats.toml import TomlTable, table_at

BUILD_SCRIPTS = ("pdm_build.py", "setup.py")
"""Files beside a ``pyproject.toml`` that can make a backend compile."""


def needs_platform(data: TomlTable, scripts: Collection[str] = ()) -> bool | None:
    """Whether its wheel has to be built on every platform; None where only a build can tell.

    Args:
        data: the parsed ``pyproject.toml``.
        scripts: those of `BUILD_SCRIPTS` that lie beside it.
    """
    system = table_at(data, "build-system")
    if "backend-path" in system:
        return None
    backend = str(system.get("build-backend", "setuptools.build_meta")).partition(":")[0]
    if backend in _JUDGES:
        return _JUDGES[backend](data, scripts)
    return _SETTLED.get(backend)


def _hatchling(data: TomlTable, scripts: Collection[str]) -> bool | None:  # noqa: ARG001 - a judge
    build = table_at(data, "tool", "hatch", "build")
    own = table_at(build, "targets", "wheel", "hooks")
    verdicts = [_HOOKS.get(hook) for hook in (*table_at(build, "hooks"), *own)]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _setuptools(data: TomlTable, scripts: Collection[str]) -> bool | None:
    compiles = bool(
        table_at(data, "tool", "setuptools").get("ext-modules")
        or table_at(data, "tool").get("setuptools-rust")
        or not _COMPILERS.isdisjoint(_build_requirements(data))
    )
    return compiles or (None if "setup.py" in scripts else False)


def _scikit(data: TomlTable, scripts: Collection[str]) -> bool | None:  # noqa: ARG001 - a judge
    wheel = table_at(data, "tool", "scikit-build", "wheel")
    return wheel.get("platlib", wheel.get("cmake")) is not False


def _poetry(data: TomlTable, scripts: Collection[str]) -> bool | None:  # noqa: ARG001 - a judge
    """Poetry tags a wheel for the platform as soon as there is a build script."""
    build = table_at(data, "tool", "poetry").get("build")
    return bool(build.get("script") if isinstance(build, dict) else build)


def _pdm(data: TomlTable, scripts: Collection[str]) -> bool | None:
    build = table_at(data, "tool", "pdm", "build")
    if "is-purelib" in build:
        return build["is-purelib"] is False
    if build.get("run-setuptools") is True:
        return True
    return None if "custom-hook" in build or "pdm_build.py" in scripts else False


_Judge = Callable[[TomlTable, Collection[str]], bool | None]

_JUDGES: dict[str, _Judge] = {
    "hatchling.build": _hatchling,
    "pdm.backend": _pdm,
    "poetry.core.masonry.api": _poetry,
    "poetry_dynamic_versioning.backend": _poetry,
    "scikit_build_core.build": _scikit,
    "setuptools.build_meta": _setuptools,
}
"""Backends whose wheels depend on how they are configured."""

_SETTLED = {
    "flit_core.buildapi": False,
    "flit_scm": False,
    "maturin": True,
    "mesonpy": True,
    "py_build_cmake.build": True,
    "sipbuild.api": True,
    "uv_build": False,
}
"""Backends that are there for the one kind of wheel."""

_HOOKS = {"cython": True, "mypyc": True, "scikit-build": True, "vcs": False, "version": False}
"""Hatch's build hooks of which it is known."""

_COMPILERS = frozenset(
    {"cffi", "cython", "mypy", "nanobind", "numpy", "pybind11", "setuptools-rust"}
)
"""What a build with setuptools requires only in order to compile."""


def _build_requirements(data: TomlTable) -> frozenset[str]:
    """Names of the projects that the build requires."""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    names = set()
    requires = table_at(data, "build-system").get("requires")
    for text in requires if isinstance(requires, list) else ():
        try:
            names.add(canonicalize_name(Requirement(str(text)).name))
        except InvalidRequirement:
            continue
    return frozenset(names)
