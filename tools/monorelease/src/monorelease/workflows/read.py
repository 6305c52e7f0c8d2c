"""Read the repository once: configuration, members, fragments, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from monorelease.adapters.tree import Tree
from monorelease.errors import NoWorkspace, UnreadableFile, UnsafePath
from monorelease.formats.config import parse_config
from monorelease.formats.fragment_names import is_fragment
from monorelease.formats.fragments import parse_fragment
from monorelease.formats.text import decode
from monorelease.formats.toml import TomlTable, bad_toml, parse
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.fragment import Fragment, Origin
from monorelease.model.value import value
from monorelease.model.workspace import Workspace
from monorelease.workflows.members import ROOT_MANIFEST, read_members, unreadable

if TYPE_CHECKING:
    from monorelease.adapters.git import Repository

TOWNCRIER_FILE = PurePosixPath("towncrier.toml")
_OWN_TABLE = re.compile(r"^[ \t]*\[tool\.monorelease\b", re.MULTILINE)
_WORKSPACE_TABLE = re.compile(
    r"^[ \t]*(\[tool\.(uv|pdm|hatch\.envs\..+)\.workspace\]|workspace\.members\b)",
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
    return read_tree(Tree(root))


def read_tree(tree: Tree) -> Snapshot:
    """The same of files that are held already, perhaps as they once were."""
    data, problems = _parse_root(tree)
    config, config_findings = _read_config(tree, data)
    workspace, member_findings = read_members(tree, data, config)
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
        problem = unreadable(TOWNCRIER_FILE, error)
    config, findings = parse_config(data)
    return config, (*findings, problem)


def _check_stranger(path: PurePosixPath, config: Config) -> Iterator[Finding]:
    """A file among the fragments that looks like one and is none."""
    parts = path.name.split(".")
    categories = {category.directory for category in config.towncrier.categories}
    if path.suffix != ".md" and str(path) != config.towncrier.template and categories & {*parts}:
        yield Finding(
            code="not-a-fragment",
            problem="is not read: fragments end in .md",
            hint=f"rename it, to {'.'.join(parts[:2])}.md say, and name its members in it",
            severity=Severity.WARNING,
            path=path,
        )


def _read_fragments(tree: Tree, config: Config) -> tuple[tuple[Fragment, ...], tuple[Finding, ...]]:
    findings: list[Finding] = []
    fragments = []
    categories = [category.directory for category in config.towncrier.categories]
    for path in tree.files(PurePosixPath(config.towncrier.directory), ""):
        if not is_fragment(path):
            findings += _check_stranger(path, config)
            continue
        try:
            data = tree.read(path)
        except (UnreadableFile, UnsafePath) as error:
            findings.append(unreadable(path, error))
            continue
        fragment, problems = parse_fragment(path, data or b"", categories)
        findings += problems
        if fragment is not None:
            fragments.append(fragment)
    return tuple(fragments), tuple(findings)
