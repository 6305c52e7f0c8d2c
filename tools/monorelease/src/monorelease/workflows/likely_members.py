"""Folders that look like members, for repositories that name none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from monorelease.adapters.tree import Tree
from monorelease.errors import NoWorkspace, UnreadableFile, UnsafePath
from monorelease.formats.suggestion import toml_value
from monorelease.formats.text import decode
from monorelease.formats.toml import TomlTable, parse
from monorelease.formats.workspaces import is_package, project_name
from monorelease.workflows.members import ROOT_MANIFEST

_ROOT = PurePosixPath()
_DEPTHS = ("*", "*/*", "*/*/*")
_ASIDE = frozenset({"tests", "test", "docs", "doc", "examples", "example", "templates", "build"})
"""Folders whose projects are seldom released."""

_MOST = 1_000


def likely_members(tree: Tree) -> tuple[str, ...]:
    """Globs of the folders with a project in them, the root's own last; empty for none.

    Three levels are looked through, and none that is named for tests, docs or examples.
    """
    found = [*islice(_projects(tree), _MOST)]
    below = [folder for folder in found if folder != _ROOT]
    sisters = [folder.parent for folder in below]
    globs = (
        str(folder.parent / "*")
        if folder.parent != _ROOT and sisters.count(folder.parent) > 1
        else str(folder)
        for folder in found
    )
    return tuple(dict.fromkeys(globs))


def no_members(root: Path, tree: Tree) -> NoWorkspace:
    """That none were found, and what to write."""
    globs = likely_members(tree)
    line = f"[tool.monorelease] members = {toml_value(globs or ('libs/*',))}"
    if globs:
        hint = f"there are projects that no table names: write {line} into pyproject.toml, without"
        hint += " those that are none of yours, and run it again"
    else:
        hint = f"write {line} into pyproject.toml: globs of the folders with a pyproject.toml of"
        hint += " their own"
    return NoWorkspace("no members were found", where=str(root), hint=hint)


def _projects(tree: Tree) -> Iterator[PurePosixPath]:
    for depth in _DEPTHS:
        for folder in tree.folders(depth):
            if _ASIDE.isdisjoint(folder.parts) and project_name(_data(tree, folder)):
                yield folder
    if is_package(_data(tree, _ROOT)):
        yield _ROOT


def _data(tree: Tree, folder: PurePosixPath) -> TomlTable:
    """The data of a folder's manifest; empty where there is none that can be read."""
    path = folder / ROOT_MANIFEST
    try:
        return parse(decode(tree.read(path) or b"", path))
    except (UnreadableFile, UnsafePath, ValueError):
        return {}
