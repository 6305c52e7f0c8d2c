"""Where a member's modules lie, by the tables of its build backend or by what is usual."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.formats.toml import TomlTable, table_at

Place = tuple[PurePosixPath, PurePosixPath]
"""A folder from which modules are imported, and the file or folder below it that is packed."""

_HERE = PurePosixPath()
_MODULE = re.compile(
    r"(?P<stem>[^.]+)(?P<end>\.pyi?|\.pyx|(?:\.[^.]+)?\.pyd|(?:\.[^.]+)?\.(?:abi3\.)?so)"
)
_PREFERENCE = (".py", ".pyi")
"""Where there are several files for one module, that one counts; what is compiled comes last."""

_NOT_PACKED = frozenset(
    {
        "benchmarks",
        "build",
        "dist",
        "doc",
        "docs",
        "examples",
        "scripts",
        "src",
        "test",
        "tests",
        "tools",
    }
)
"""Folders that lie beside packages, and are mostly none."""


def find_sources(
    data: TomlTable, name: NormalizedName, files: Collection[PurePosixPath]
) -> Mapping[str, PurePosixPath]:
    """For each module that is packed the file with its text, or with what it is compiled to.

    Args:
        data: the member's parsed ``pyproject.toml``.
        name: the member's.
        files: all that there are, relative to the member's folder.
    """
    found: dict[str, PurePosixPath] = {}
    for base, packed in [*_declared(data, name)] or [*_usual(name, files)]:
        for file in sorted(files):
            if not file.is_relative_to(base / packed) and file.with_suffix("") != base / packed:
                continue
            module = _module_name(file.relative_to(base))
            if module and _rank(file) < _rank(found.get(module)):
                found[module] = file
    return found


def _module_name(file: PurePosixPath) -> str:
    match = _MODULE.fullmatch(file.name)
    if match is None:
        return ""
    parts = (*file.parent.parts, *([match["stem"]] if match["stem"] != "__init__" else []))
    return ".".join(parts) if all(map(str.isidentifier, parts)) else ""


def _rank(file: PurePosixPath | None) -> int:
    if file is None:
        return len(_PREFERENCE) + 1
    return _PREFERENCE.index(file.suffix) if file.suffix in _PREFERENCE else len(_PREFERENCE)


def _declared(data: TomlTable, name: NormalizedName) -> Iterator[Place]:
    """What the backend is told; whoever tells it nothing lays files out in the usual way."""
    backend = str(table_at(data, "build-system").get("build-backend", "setuptools.build_meta"))
    for prefix, read in _BACKENDS.items():
        if backend.startswith(prefix):
            yield from read(table_at(data, "tool"), name)


def _hatchling(tool: TomlTable, name: NormalizedName) -> Iterator[Place]:  # noqa: ARG001 - a reader
    wheel = table_at(tool, "hatch", "build", "targets", "wheel")
    for packed in _paths(wheel.get("packages")):
        yield packed.parent, packed.relative_to(packed.parent)
    sources = [*_paths(wheel.get("sources"))]
    for packed in (*_paths(wheel.get("only-include")), *_paths(wheel.get("include"))):
        base = next((s for s in sources if packed.is_relative_to(s)), _HERE)
        yield base, packed.relative_to(base)


def _setuptools(tool: TomlTable, name: NormalizedName) -> Iterator[Place]:  # noqa: ARG001
    table = table_at(tool, "setuptools")
    folders = {
        key: PurePosixPath(place)
        for key, place in table_at(table, "package-dir").items()
        if isinstance(place, str)
    }
    base = folders.get("", _HERE)
    for dotted in (*_strings(table.get("packages")), *_strings(table.get("py-modules"))):
        yield base, PurePosixPath(*dotted.split("."))
    for where in _paths(table_at(table, "packages", "find").get("where")):
        yield where, _HERE


def _poetry(tool: TomlTable, name: NormalizedName) -> Iterator[Place]:  # noqa: ARG001 - a reader
    for entry in _listed(table_at(tool, "poetry").get("packages")):
        match entry:
            case {"include": str(packed), "from": str(base)}:
                yield PurePosixPath(base), PurePosixPath(packed)
            case {"include": str(packed)}:
                yield _HERE, PurePosixPath(packed)
            case _:
                pass


def _flit(tool: TomlTable, name: NormalizedName) -> Iterator[Place]:  # noqa: ARG001 - a reader
    for dotted in _strings([table_at(tool, "flit", "module").get("name")]):
        for base in ("src", ""):
            yield PurePosixPath(base), PurePosixPath(*dotted.split("."))


def _pdm(tool: TomlTable, name: NormalizedName) -> Iterator[Place]:  # noqa: ARG001 - a reader
    for base in _paths([table_at(tool, "pdm", "build").get("package-dir")]):
        yield base, _HERE


def _uv(tool: TomlTable, name: NormalizedName) -> Iterator[Place]:
    table = table_at(tool, "uv", "build-backend")
    named = table.get("module-name", name.replace("-", "_"))
    for base in _paths([table.get("module-root", "src")]):
        for dotted in _strings(_listed(named) or [named]):
            yield base, PurePosixPath(*dotted.split("."))


def _maturin(tool: TomlTable, name: NormalizedName) -> Iterator[Place]:  # noqa: ARG001 - a reader
    for base in _paths([table_at(tool, "maturin").get("python-source")]):
        yield base, _HERE


_BACKENDS = {
    "flit": _flit,
    "hatchling": _hatchling,
    "maturin": _maturin,
    "pdm": _pdm,
    "poetry": _poetry,
    "setuptools": _setuptools,
    "uv_build": _uv,
}


def _usual(name: NormalizedName, files: Collection[PurePosixPath]) -> Iterator[Place]:
    """All below ``src``; else the package that is called as the project is; else all there are."""
    src = PurePosixPath("src")
    if any(file.is_relative_to(src) and _MODULE.fullmatch(file.name) for file in files):
        yield src, _HERE
        return
    own = PurePosixPath(name.replace("-", "_"))
    if any(file.is_relative_to(own) or file.with_suffix("") == own for file in files):
        yield _HERE, own
        return
    for top in sorted({file.parts[0] for file in files if len(file.parts) > 1}):
        if top not in _NOT_PACKED:
            yield _HERE, PurePosixPath(top)


def _paths(found: object) -> Iterator[PurePosixPath]:
    """Plain folders below the member's; what climbs out of it, or is a glob, says nothing."""
    for text in _strings(found):
        path = PurePosixPath(text.strip("/"))
        if ".." not in path.parts and not set("*?[") & set(text):
            yield path


def _strings(found: object) -> Iterator[str]:
    return (each for each in _listed(found) if isinstance(each, str))


def _listed(found: object) -> Collection[object]:
    """The elements of a list, or the keys of a table."""
    return found if isinstance(found, list | dict) else ()
