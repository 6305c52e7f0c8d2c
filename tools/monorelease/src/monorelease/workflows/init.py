"""Set monorelease up in a repository that is there already, changing nothing that exists."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from monorelease.adapters.new_file import append, create
from monorelease.adapters.tree import Tree
from monorelease.errors import EditFailed, ProblemsFound
from monorelease.formats.setup import fragments_readme, setup_tables
from monorelease.formats.text import decode
from monorelease.formats.toml import parse, table_at
from monorelease.model.value import value
from monorelease.model.workspace import Member
from monorelease.workflows.likely_members import no_members
from monorelease.workflows.members import ROOT_MANIFEST
from monorelease.workflows.read import TOWNCRIER_FILE, read


@value
class SetUp:
    """What was found, and what was written."""

    members: tuple[Member, ...]
    written: tuple[PurePosixPath, ...]
    """Empty where everything had been set up before."""


def init(root: Path) -> SetUp:
    """Write ``[tool.monorelease]``, ``[tool.towncrier]`` and ``changes/README.md``, if missing.

    Raises:
        NoWorkspace: no members were found.
        ProblemsFound: the root's ``pyproject.toml`` is no TOML.
        EditFailed: no table can be written into it; nothing was.
    """
    snapshot = read(root)
    broken = tuple(f for f in snapshot.findings if f.path == ROOT_MANIFEST and f.is_error)
    if broken:
        raise ProblemsFound(broken)
    if not snapshot.workspace.members:
        raise no_members(root, snapshot.tree)
    written = [*_write_tables(snapshot.tree), *_write_readme(snapshot.tree)]
    return SetUp(members=snapshot.workspace.members, written=tuple(written))


def _write_tables(tree: Tree) -> list[PurePosixPath]:
    data = tree.read(ROOT_MANIFEST)
    text = "" if data is None else decode(data, ROOT_MANIFEST)
    tools = table_at(parse(text), "tool")
    has_towncrier = "towncrier" in tools or tree.exists(TOWNCRIER_FILE)
    tables = setup_tables(
        with_monorelease="monorelease" not in tools, with_towncrier=not has_towncrier
    )
    if not tables:
        return []
    _demand_room(text, tables)
    append(tree.root, ROOT_MANIFEST, tables)
    return [ROOT_MANIFEST]


def _demand_room(text: str, tables: str) -> None:
    """Refuse a document behind which no table can be written: ``tool = {…}`` is closed."""
    try:
        parse(f"{text}\n\n{tables}")
    except ValueError as error:
        raise EditFailed(
            "no table can be added to it: its `tool` is an inline table, or none at all",
            where=str(ROOT_MANIFEST),
            hint="write what is in it as tables of their own, [tool.name]; then run init again",
        ) from error


def _write_readme(tree: Tree) -> list[PurePosixPath]:
    path = PurePosixPath(read(tree.root).config.towncrier.directory, "README.md")
    if tree.exists(path):
        return []
    create(tree.root, path, fragments_readme().encode())
    return [path]
