"""The members of a workspace, each from its ``pyproject.toml`` and wherever its version is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.tree import Tree
from monorelease.errors import ReleaseError, UnreadableFile, UnsafePath
from monorelease.formats.dependencies import find_dependencies
from monorelease.formats.manifest import Manifest, member_of, parse_manifest, settle_version
from monorelease.formats.tags import newest_version
from monorelease.formats.text import decode
from monorelease.formats.toml import TomlTable, table_at
from monorelease.formats.version_files import read_version
from monorelease.formats.version_patterns import version_copies
from monorelease.formats.workspaces import member_globs
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.value import replace
from monorelease.model.workspace import Member, VersionFromTags, VersionInFile, Workspace

ROOT_MANIFEST = PurePosixPath("pyproject.toml")
NOTHING_YET = Version("0")


def read_members(
    tree: Tree, data: TomlTable, config: Config
) -> tuple[Workspace, tuple[Finding, ...]]:
    """The workspace, and all that is wrong with its members.

    A member that cannot be read is a finding, and left out.
    """
    findings: list[Finding] = []
    manifests: dict[NormalizedName, Manifest] = {}
    is_of_uv = "workspace" in table_at(data, "tool", "uv")
    for folder in _member_folders(tree, data, config):
        manifest = _read_manifest(tree, folder, findings, is_of_uv=is_of_uv)
        if manifest is None:
            continue
        if manifest.name in manifests:
            findings.append(_same_name(manifest, manifests[manifest.name]))
        else:
            manifests[manifest.name] = manifest
    names = frozenset(manifests)
    members = [_member(manifest, names, config, findings) for manifest in manifests.values()]
    findings += (finding for member in members for finding in _check_copies(tree, member))
    return Workspace(members=_with_tagged_versions(members, tree, config)), tuple(findings)


def _with_tagged_versions(
    members: Iterable[Member], tree: Tree, config: Config
) -> tuple[Member, ...]:
    """The members, with the versions of those whose version is their newest tag.

    One without a tag stands at 0, where the build backends that read tags begin too. Git is
    asked only if there is such a member.
    """
    known = tuple(members)
    if not any(isinstance(member.version_source, VersionFromTags) for member in known):
        return known
    from monorelease.adapters.git import Repository

    repository = Repository.at(tree.root)
    tags = repository.tags() if repository else ()
    return tuple(
        replace(m, version=newest_version(config.tag, m.name, tags) or NOTHING_YET)
        if isinstance(m.version_source, VersionFromTags)
        else m
        for m in known
    )


def _member_folders(tree: Tree, data: TomlTable, config: Config) -> Iterator[PurePosixPath]:
    """Folders with a ``pyproject.toml``, in the order of the globs, each once."""
    globs = member_globs(data, config)
    seen: set[PurePosixPath] = set()
    for pattern in globs.members:
        for folder in tree.folders(pattern):
            is_left_out = any(fnmatchcase(str(folder), glob) for glob in globs.excludes)
            if folder not in seen and not is_left_out:
                seen.add(folder)
                yield folder


def _read_manifest(
    tree: Tree, folder: PurePosixPath, findings: list[Finding], *, is_of_uv: bool
) -> Manifest | None:
    path = folder / "pyproject.toml"
    try:
        data = tree.read(path)
        if data is None:
            findings += _check_old(tree, folder)
            return None
        manifest, problems = parse_manifest(folder, decode(data, path), is_of_uv=is_of_uv)
        findings += problems
        if manifest is None or not manifest.version_candidates:
            return manifest
        manifest, problems = settle_version(manifest, _texts(tree, manifest.version_candidates))
    except (UnreadableFile, UnsafePath) as error:
        findings.append(unreadable(path, error))
        return None
    findings += problems
    return manifest


def _check_old(tree: Tree, folder: PurePosixPath) -> Iterator[Finding]:
    """A package that is described where we do not look."""
    for name in ("setup.cfg", "setup.py"):
        if tree.exists(folder / name):
            yield Finding(
                code="unread-member",
                problem="this package is no member: it has no [project] in a pyproject.toml",
                hint="move its name, version and requirements there, or `exclude` the folder",
                severity=Severity.WARNING,
                path=folder / name,
            )
            return


def _texts(tree: Tree, candidates: Iterable[VersionInFile]) -> dict[PurePosixPath, str]:
    read = ((candidate.path, tree.read(candidate.path)) for candidate in candidates)
    return {path: decode(data, path) for path, data in read if data is not None}


def _member(
    manifest: Manifest,
    names: frozenset[NormalizedName],
    config: Config,
    findings: list[Finding],
) -> Member:
    dependencies, problems = find_dependencies(manifest, names)
    findings += problems
    copies = version_copies(manifest.path, config.version_files.get(manifest.name, ()))
    return member_of(manifest, dependencies, copies)


def _check_copies(tree: Tree, member: Member) -> Iterator[Finding]:
    """Copies of the version are where the configuration says, and say what the member says."""
    for copy in member.version_copies:
        try:
            data = tree.read(copy.path)
            text = None if data is None else decode(data, copy.path)
        except (UnreadableFile, UnsafePath) as error:
            yield unreadable(copy.path, error)
        else:
            yield from _check_copy(copy, text, member)


def _check_copy(copy: VersionInFile, text: str | None, member: Member) -> Iterator[Finding]:
    if text is None:
        yield Finding(
            code="no-version-copy",
            problem=f"version-files says that the version of {member.name} is in {copy.path}, "
            "and there is no such file",
            hint="correct the path, which is relative to the member's folder",
            path=ROOT_MANIFEST,
            key=("tool", "monorelease", "version-files"),
        )
        return
    found = read_version(text, copy)
    if isinstance(found, Finding):
        yield found
    elif member.version is not None and found != member.version:
        yield Finding(
            code="version-copy-differs",
            problem=f"says {found}, and {member.name} is at {member.version}",
            hint="a release overwrites it; correct it now if it is read before that",
            severity=Severity.WARNING,
            path=copy.path,
        )


def unreadable(path: PurePosixPath, error: ReleaseError) -> Finding:
    """What keeps one file from being read, beside everything else that is wrong."""
    return Finding(code="unreadable-file", problem=error.problem, hint=error.hint, path=path)


def _same_name(manifest: Manifest, first: Manifest) -> Finding:
    return Finding(
        code="duplicate-member",
        problem=f"{manifest.written_name!r} is the name of {first.path} already",
        hint="give each member a name of its own (names compare normalised)",
        path=manifest.file,
        key=("project", "name"),
    )
