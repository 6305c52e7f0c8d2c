"""One member's pyproject.toml: its name, its version and where that is, whether it is private."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from packaging.utils import InvalidName, NormalizedName, canonicalize_name
from packaging.version import Version

from monorelease.formats.places import spelled
from monorelease.formats.toml import TomlTable, bad_toml, parse, table_at
from monorelease.formats.version_files import read_version
from monorelease.formats.version_sources import find_version_home
from monorelease.formats.version_text import parse_version
from monorelease.model.finding import Finding, Severity, TomlKey
from monorelease.model.value import replace, value
from monorelease.model.workspace import (
    Dependency,
    Member,
    StaticVersion,
    VersionInFile,
    VersionSource,
)


@value
class Manifest:
    """What a pyproject.toml says, before its neighbours are known."""

    path: PurePosixPath
    """Its folder, relative to the repository's root."""
    name: NormalizedName
    written_name: str
    version: Version | None = None
    """None where it is in another file or in tags, or cannot be read."""
    version_source: VersionSource | None = None
    """None where it cannot be found; then there is a finding."""
    version_key: TomlKey = ()
    """What says where the version is."""
    version_candidates: tuple[VersionInFile, ...] = ()
    """The files that `settle_version` needs to see, the likeliest first; mostly none or one."""
    private: bool = False
    data: TomlTable = MappingProxyType({})
    """The whole document, parsed."""

    @property
    def file(self) -> PurePosixPath:
        """The pyproject.toml itself."""
        return self.path / _FILE


_FILE = "pyproject.toml"


def parse_manifest(
    path: PurePosixPath, text: str, *, is_of_uv: bool = False
) -> tuple[Manifest | None, tuple[Finding, ...]]:
    """What the pyproject.toml in the folder `path` says, and all that is wrong with it.

    Args:
        path: relative to the repository's root.
        text: the document.
        is_of_uv: whether it stands in a workspace of uv, where only what has a build system is
            a package.

    Returns:
        No manifest where the document names no project: a virtual one is no member, and
        nothing is wrong with that. A ``[project]`` without a name, or with one that cannot
        be a name, is a finding.
    """
    try:
        data = parse(text)
    except ValueError as error:
        return None, (bad_toml(path / _FILE, error),)
    name = _read_name(path / _FILE, data)
    if name is None:
        return None, ()
    if isinstance(name, Finding):
        return None, (name,)
    manifest = Manifest(
        path=path,
        name=canonicalize_name(name),
        written_name=name,
        private=_is_private(data, is_of_uv=is_of_uv),
        data=data,
    )
    return _with_version(manifest)


def _read_name(file: PurePosixPath, data: TomlTable) -> str | Finding | None:
    for tables in (("project",), ("tool", "poetry")):
        table = table_at(data, *tables)
        if "name" in table:
            return _check_name(table["name"], file, (*tables, "name"))
    if "project" not in data:
        return None
    return Finding(
        code="no-name",
        problem="[project] has no name",
        hint='add one: name = "…"',
        path=file,
        key=("project",),
    )


def _check_name(name: object, file: PurePosixPath, key: TomlKey) -> str | Finding:
    try:
        if isinstance(name, str):
            canonicalize_name(name, validate=True)
            return name
    except InvalidName:
        pass
    return Finding(
        code="bad-name",
        problem=f"{name!r} is no package name",
        hint="use letters, digits, and single '.', '-' or '_' between them",
        path=file,
        key=key,
    )


def _is_private(data: TomlTable, *, is_of_uv: bool) -> bool:
    """Whether the project can be, or is meant to be, on no index.

    PyPI refuses every classifier that begins with ``Private ::``. Poetry builds nothing with
    ``package-mode = false``, and uv nothing with ``package = false``, which is its default
    where there is no build system.
    """
    poetry, uv = table_at(data, "tool", "poetry"), table_at(data, "tool", "uv")
    is_package = uv.get("package", not is_of_uv or "build-system" in data)
    if poetry.get("package-mode") is False or is_package is False:
        return True
    classifiers = table_at(data, "project").get("classifiers") or poetry.get("classifiers")
    return isinstance(classifiers, list) and any(
        isinstance(each, str) and each.startswith("Private ::") for each in classifiers
    )


def _with_version(manifest: Manifest) -> tuple[Manifest, tuple[Finding, ...]]:
    home = find_version_home(manifest.path, manifest.data)
    if home is None:
        return manifest, (_no_version(manifest),)
    manifest = replace(manifest, version_key=home.key)
    if home.source is None:
        return manifest, (_unknown_source(manifest, home.problem),)
    manifest = replace(manifest, version_source=home.source, version_candidates=home.candidates)
    if not isinstance(home.source, StaticVersion):
        return manifest, ()
    version = _read_static(manifest, home.source.key)
    if isinstance(version, Finding):
        return manifest, (version,)
    return replace(manifest, version=version), ()


def _no_version(manifest: Manifest) -> Finding:
    # An application that is never built needs no version.
    return Finding(
        code="no-version",
        problem=f"{manifest.written_name} has no version",
        hint='add version = "0.1.0", or say in dynamic that the build backend knows it',
        severity=Severity.WARNING if manifest.private else Severity.ERROR,
        path=manifest.file,
        key=("project",) if "project" in manifest.data else ("tool", "poetry"),
    )


def _unknown_source(manifest: Manifest, problem: str) -> Finding:
    return Finding(
        code="unknown-version-source",
        problem=problem,
        hint="write the version into pyproject.toml, or into a file that the backend's table names",
        path=manifest.file,
        key=manifest.version_key,
    )


def _read_static(manifest: Manifest, key: TomlKey) -> Version | Finding:
    *tables, last = map(str, key)
    text = table_at(manifest.data, *tables)[last]
    if isinstance(text, str):
        return parse_version(text, path=manifest.file, key=key)
    return Finding(
        code="bad-version",
        problem=f"the version is {text!r}, which is no string",
        hint=f'put it in quotes: version = "{text}"',
        path=manifest.file,
        key=key,
    )


def settle_version(
    manifest: Manifest, texts: Mapping[PurePosixPath, str]
) -> tuple[Manifest, tuple[Finding, ...]]:
    """`manifest` with the version that is in one of its `version_candidates`.

    A manifest without candidates comes back as it is.

    Args:
        manifest: as `parse_manifest` returned it.
        texts: of those candidates that exist, by path.
    """
    findings = []
    for candidate in manifest.version_candidates:
        if candidate.path in texts:
            version = read_version(texts[candidate.path], candidate)
            if isinstance(version, Version):
                return replace(manifest, version=version, version_source=candidate), ()
            findings.append(version)
    if not manifest.version_candidates:
        return manifest, ()
    finding = findings[0] if findings else _missing_file(manifest)
    return replace(manifest, version_source=None), (finding,)


def _missing_file(manifest: Manifest) -> Finding:
    first, *others = (candidate.path for candidate in manifest.version_candidates)
    files = f"{first} or {len(others)} other places" if others else str(first)
    problem = f"{spelled(manifest.version_key)} leads to {files}, but there is no such file"
    return _unknown_source(manifest, problem)


def member_of(
    manifest: Manifest,
    dependencies: tuple[Dependency, ...] = (),
    version_copies: tuple[VersionInFile, ...] = (),
) -> Member:
    """The member that a settled manifest describes."""
    return Member(
        name=manifest.name,
        written_name=manifest.written_name,
        path=manifest.path,
        version=manifest.version,
        version_source=manifest.version_source,
        version_copies=version_copies,
        private=manifest.private,
        dependencies=dependencies,
    )
