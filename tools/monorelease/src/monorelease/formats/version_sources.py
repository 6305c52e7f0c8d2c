"""Where a pyproject.toml says that the version is: in itself, in another file, or in tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from monorelease.errors import UnsafePath
from monorelease.formats.paths import inside
from monorelease.formats.toml import TomlTable, table_at
from monorelease.formats.version_patterns import (
    USUAL_ASSIGNMENT,
    WHOLE_TEXT,
    assignment,
    compile_pattern,
    naming_first_group,
)
from monorelease.model.finding import TomlKey
from monorelease.model.value import value
from monorelease.model.workspace import (
    StaticVersion,
    VersionFromTags,
    VersionInFile,
    VersionSource,
)


@value
class VersionHome:
    """What a pyproject.toml says of its version."""

    key: TomlKey
    """What says so."""
    source: VersionSource | None
    """None where it says so in a way that cannot be followed; then there is a `problem`."""
    candidates: tuple[VersionInFile, ...] = ()
    """The files it may be in, the likeliest first: which of them exist is not known here."""
    problem: str = ""


def find_version_home(folder: PurePosixPath, data: TomlTable) -> VersionHome | None:
    """Where the version of the project in `folder` is; None where nothing says so.

    Args:
        folder: relative to the repository's root.
        data: its parsed pyproject.toml.
    """
    project = table_at(data, "project")
    if "version" in project:
        key = ("project", "version")
        return VersionHome(key=key, source=StaticVersion(key=key))
    if "version" in _words(project.get("dynamic")):
        return _find_dynamic(folder, data)
    return _poetry(folder, data)


def _find_dynamic(folder: PurePosixPath, data: TomlTable) -> VersionHome:
    backend = table_at(data, "build-system").get("build-backend", "setuptools.build_meta")
    family = str(backend).partition(".")[0]
    # A backend of somebody's own may wrap any of those that have a table for the version.
    readers = (_READERS[family],) if family in _READERS else (_hatch, _pdm, _setuptools, _poetry)
    homes = (read(folder, data) for read in readers)
    problem = f"nothing here says where {backend!r} finds the version"
    unknown = VersionHome(key=("project", "dynamic"), source=None, problem=problem)
    return next((home for home in homes if home is not None), unknown)


def _hatch(folder: PurePosixPath, data: TomlTable) -> VersionHome | None:
    table, key = table_at(data, "tool", "hatch", "version"), ("tool", "hatch", "version")
    match table:
        case {"source": "vcs" | "uv-dynamic-versioning" | "versioningit"}:
            return _tags(*key, "source")
        case {"source": "code", "path": str(path)}:
            # Only a variable can be rewritten; any other expression finds nothing there.
            expression = table.get("expression") or "__version__"
            return _in_files((*key, "path"), folder, [path], assignment(str(expression)))
        case {"source": str(source)} if source not in {"regex", "regex_commit"}:
            problem = f"hatch's version source {source!r} is not a file that could be edited"
            return VersionHome(key=(*key, "source"), source=None, problem=problem)
        case {"path": str(path), "pattern": str(pattern)} if pattern:
            return _in_files((*key, "path"), folder, [path], pattern)
        case {"path": str(path)}:
            return _in_files((*key, "path"), folder, [path], USUAL_ASSIGNMENT)
        case _:
            return None


def _pdm(folder: PurePosixPath, data: TomlTable) -> VersionHome | None:
    table, key = table_at(data, "tool", "pdm", "version"), ("tool", "pdm", "version")
    match table:
        case {"source": "scm"}:
            return _tags(*key, "source")
        case {"source": str(source)} if source != "file":
            problem = f"pdm's version source {source!r} is not a file that could be edited"
            return VersionHome(key=(*key, "source"), source=None, problem=problem)
        case {"path": str(path), "pattern": str(pattern)}:
            return _in_files((*key, "path"), folder, [path], naming_first_group(pattern))
        case {"path": str(path)}:
            return _in_files((*key, "path"), folder, [path], assignment("__version__", "VERSION"))
        case _:
            return None


def _setuptools(folder: PurePosixPath, data: TomlTable) -> VersionHome | None:
    key = ("tool", "setuptools", "dynamic", "version")
    match table_at(data, *key):
        case {"attr": str(attribute)} if "." in attribute:
            module, _, name = attribute.strip().rpartition(".")
            files = _module_files(module, table_at(data, "tool", "setuptools"))
            return _in_files((*key, "attr"), folder, files, assignment(name))
        case {"file": str(path)} | {"file": [str(path)]}:
            return _in_files((*key, "file"), folder, [path], WHOLE_TEXT)
        case _:
            return _setuptools_tags(data)


def _setuptools_tags(data: TomlTable) -> VersionHome | None:
    for name in ("setuptools_scm", "setuptools-git-versioning", "versioningit", "versioneer"):
        if name in table_at(data, "tool"):
            return _tags("tool", name)
    requires = _words(table_at(data, "build-system").get("requires"))
    if any(word.replace("_", "-").startswith("setuptools-scm") for word in requires):
        return _tags("build-system", "requires")
    return None


def _module_files(module: str, setuptools: TomlTable) -> list[str]:
    """The files that a module may be, by setuptools' ``package-dir`` or its two usual layouts."""
    folders = table_at(setuptools, "package-dir")
    top, *rest = module.split(".")
    where = _words(table_at(setuptools, "packages", "find").get("where"))
    bases = [str(folders.get("", "src")), *where, "src", "."]
    tops = [str(folders[top])] if top in folders else [f"{base}/{top}" for base in bases]
    stems = dict.fromkeys("/".join((first, *rest)) for first in tops)
    return [f"{stem}{end}" for stem in stems for end in ("/__init__.py", ".py")]


def _flit(folder: PurePosixPath, data: TomlTable) -> VersionHome | None:
    project_name = table_at(data, "project").get("name", "")
    name = table_at(data, "tool", "flit", "module").get("name", project_name)
    stem = str(name).replace("-", "_").replace(".", "/")
    # Flit prefers __init__.py wherever it has the assignment.
    ends = ("/__init__.py", "/version.py", "/_version.py", "/__version__.py", ".py")
    files = [f"{base}{stem}{end}" for base in ("", "src/") for end in ends]
    return _in_files(("project", "dynamic"), folder, files, assignment("__version__"))


def _poetry(_folder: PurePosixPath, data: TomlTable) -> VersionHome | None:
    if table_at(data, "tool", "poetry-dynamic-versioning").get("enable") is True:
        return _tags("tool", "poetry-dynamic-versioning", "enable")
    if "version" in table_at(data, "tool", "poetry"):
        key = ("tool", "poetry", "version")
        return VersionHome(key=key, source=StaticVersion(key=key))
    return None


_READERS: dict[str, Callable[[PurePosixPath, TomlTable], VersionHome | None]] = {
    "hatchling": _hatch,
    "pdm": _pdm,
    "setuptools": _setuptools,
    "poetry": _poetry,
    "flit_core": _flit,
}
"""By the first part of ``build-backend``."""


def _tags(*key: str) -> VersionHome:
    return VersionHome(key=key, source=VersionFromTags())


def _in_files(
    key: TomlKey, folder: PurePosixPath, files: Iterable[str], pattern: str
) -> VersionHome:
    try:
        compile_pattern(pattern)
        paths = [inside(folder, file) for file in files]
    except (UnsafePath, ValueError) as error:
        return VersionHome(key=key, source=None, problem=str(error))
    candidates = tuple(VersionInFile(path=path, pattern=pattern) for path in paths)
    return VersionHome(key=key, source=candidates[0], candidates=candidates)


def _words(value: object) -> list[str]:
    """The strings of a list; none where it is no list."""
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
