"""Read the repository once: configuration, members, fragments, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.tree import Tree
from monorelease.errors import NoWorkspace, ReleaseError, UnreadableFile, UnsafePath
from monorelease.formats.config import parse_config
from monorelease.formats.dependencies import find_dependencies
from monorelease.formats.fragment_names import is_fragment
from monorelease.formats.fragments import parse_fragment
from monorelease.formats.manifest import Manifest, member_of, parse_manifest, settle_version
from monorelease.formats.tags import newest_version
from monorelease.formats.text import decode
from monorelease.formats.toml import TomlTable, bad_toml, parse
from monorelease.formats.version_files import read_version
from monorelease.formats.version_patterns import version_copies
from monorelease.formats.workspaces import member_globs
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Fragment, Origin
from monorelease.model.value import replace, value
from monorelease.model.workspace import Member, VersionFromTags, VersionInFile, Workspace

if TYPE_CHECKING:
    from monorelease.adapters.git import Repository

ROOT_MANIFEST = PurePosixPath("pyproject.toml")
TOWNCRIER_FILE = PurePosixPath("towncrier.toml")
NOTHING_YET = Version("0")
_OWN_TABLE = re.compile(r"^[ \t]*\[tool\.monorelease\b", re.MULTILINE)
_WORKSPACE_TABLE = re.compile(
    r"^[ \t]*(\[tool\.(uv|pdm)\.workspace\]|\[tool\.hatch\.envs\..*workspace\]|workspace\.members\b)",
    re.MULTILINE,
)


@value
class Snapshot:
    """The repository as it was when it was read."""

    tree: Tree
    config: Config
    workspace: Workspace
    fragments: tuple[Fragment, ...]
    """Those that could be read, by file name."""
    findings: tuple[Finding, ...]
    """What is wrong with what was read."""

    @property
    def root(self) -> Path:
        """The folder with the root's ``pyproject.toml``."""
        return self.tree.root


def find_root(cwd: Path) -> Path:
    """The folder around `cwd` that is the workspace's root.

    The nearest with a ``[tool.monorelease]`` table; else with a workspace table of uv, hatch
    or pdm; else with a ``packages`` folder.

    Raises:
        NoWorkspace: there is none.
    """
    folders = [cwd, *cwd.parents]
    texts = {folder: _manifest_text(folder) for folder in folders}
    marks: tuple[Callable[[Path], bool], ...] = (
        lambda folder: bool(_OWN_TABLE.search(texts[folder])),
        lambda folder: bool(_WORKSPACE_TABLE.search(texts[folder])),
        lambda folder: bool(texts[folder]) and (folder / "packages").is_dir(),
    )
    for is_root in marks:
        if root := next((folder for folder in folders if is_root(folder)), None):
            return root
    raise NoWorkspace(
        "there is no workspace here",
        where=str(cwd),
        hint="go into the repository; `monorelease init` sets it up there",
    )


def read(root: Path) -> Snapshot:
    """Everything that a plan is made of; what cannot be read is a finding beside the rest.

    Raises:
        UnreadableFile: the root's ``pyproject.toml`` itself cannot be read.
    """
    tree = Tree(root)
    data, problems = _parse_root(tree)
    config, config_findings = _read_config(tree, data)
    workspace, member_findings = _read_members(tree, data, config)
    fragments, fragment_findings = _read_fragments(tree, config)
    return Snapshot(
        tree=tree,
        config=config,
        workspace=workspace,
        fragments=fragments,
        findings=(*problems, *config_findings, *member_findings, *fragment_findings),
    )


def origins_of(snapshot: Snapshot, repository: Repository | None) -> Mapping[PurePosixPath, Origin]:
    """Which commits added the fragments; nothing where git, or its history, is missing."""
    if repository is None or repository.is_shallow:
        return {}
    origins = repository.origins(PurePosixPath(snapshot.config.towncrier.directory))
    paths = {fragment.path for fragment in snapshot.fragments}
    return {path: origin for path, origin in origins.items() if path in paths}


def _manifest_text(folder: Path) -> str:
    try:
        return (folder / "pyproject.toml").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _parse_root(tree: Tree) -> tuple[TomlTable, tuple[Finding, ...]]:
    data = tree.read(ROOT_MANIFEST)
    if data is None:
        return {}, ()
    try:
        return parse(decode(data, ROOT_MANIFEST)), ()
    except ValueError as error:
        return {}, (bad_toml(ROOT_MANIFEST, error),)


def _read_config(tree: Tree, data: TomlTable) -> tuple[Config, tuple[Finding, ...]]:
    try:
        own = tree.read(TOWNCRIER_FILE)
        if own is None:
            return parse_config(data)
        return parse_config(data, towncrier=parse(decode(own, TOWNCRIER_FILE)))
    except ValueError as error:
        problem = bad_toml(TOWNCRIER_FILE, error)
    except (UnreadableFile, UnsafePath) as error:
        problem = _unreadable(TOWNCRIER_FILE, error)
    config, findings = parse_config(data)
    return config, (*findings, problem)


def _read_members(
    tree: Tree, data: TomlTable, config: Config
) -> tuple[Workspace, tuple[Finding, ...]]:
    findings: list[Finding] = []
    manifests: dict[NormalizedName, Manifest] = {}
    for folder in _member_folders(tree, data, config):
        manifest = _read_manifest(tree, folder, findings)
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


def _read_manifest(tree: Tree, folder: PurePosixPath, findings: list[Finding]) -> Manifest | None:
    path = folder / "pyproject.toml"
    try:
        data = tree.read(path)
        if data is None:
            return None
        manifest, problems = parse_manifest(folder, decode(data, path))
        findings += problems
        if manifest is None or not manifest.version_candidates:
            return manifest
        manifest, problems = settle_version(manifest, _texts(tree, manifest.version_candidates))
    except (UnreadableFile, UnsafePath) as error:
        findings.append(_unreadable(path, error))
        return None
    findings += problems
    return manifest


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
        data = tree.read(copy.path)
        if data is None:
            yield Finding(
                code="no-version-copy",
                problem=f"version-files says that the version of {member.name} is in {copy.path}, "
                "and there is no such file",
                hint="correct the path, which is relative to the member's folder",
                path=ROOT_MANIFEST,
                key=("tool", "monorelease", "version-files"),
            )
            continue
        found = read_version(decode(data, copy.path), copy)
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


def _read_fragments(tree: Tree, config: Config) -> tuple[tuple[Fragment, ...], tuple[Finding, ...]]:
    findings: list[Finding] = []
    fragments = []
    categories = [category.directory for category in config.towncrier.categories]
    for path in tree.files(PurePosixPath(config.towncrier.directory), ".md"):
        if not is_fragment(path):
            continue
        try:
            data = tree.read(path)
        except (UnreadableFile, UnsafePath) as error:
            findings.append(_unreadable(path, error))
            continue
        fragment, problems = parse_fragment(path, data or b"", categories)
        findings += problems
        if fragment is not None:
            fragments.append(fragment)
    return tuple(fragments), tuple(findings)


def _same_name(manifest: Manifest, first: Manifest) -> Finding:
    return Finding(
        code="duplicate-member",
        problem=f"{manifest.written_name!r} is the name of {first.path} already",
        hint="give each member a name of its own (names compare normalised)",
        path=manifest.file,
        key=("project", "name"),
    )


def _unreadable(path: PurePosixPath, error: ReleaseError) -> Finding:
    return Finding(code="unreadable-file", problem=error.problem, hint=error.hint, path=path)
