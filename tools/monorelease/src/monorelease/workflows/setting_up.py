"""Settings that were found elsewhere, in this repository's own table, before it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from monorelease.errors import EditFailed, ProblemsFound
from monorelease.formats.config import parse_config
from monorelease.formats.setup import fragments_readme, setup_tables
from monorelease.formats.suggestion import settings_text
from monorelease.formats.text import decode, encode
from monorelease.formats.toml import parse, table_at
from monorelease.formats.workspaces import is_package
from monorelease.model.migration import Setting
from monorelease.model.patch import FileEdit
from monorelease.model.value import replace, value
from monorelease.workflows.likely_members import likely_members, no_members
from monorelease.workflows.members import ROOT_MANIFEST, read_members
from monorelease.workflows.read import TOWNCRIER_FILE, Snapshot

_TABLE = ("tool", "monorelease")


@value
class SetUp:
    """The repository as it will be set up."""

    snapshot: Snapshot
    """With the configuration that it will have."""
    edits: tuple[FileEdit, ...]
    is_written: bool
    """Whether the settings are among the edits: they are where there is no table yet."""


def set_up(snapshot: Snapshot, settings: Sequence[Setting]) -> SetUp:
    """What is missing, with `settings` in it, where there is no table of ours yet; else nothing.

    Raises:
        EditFailed: no table can be added to the root's ``pyproject.toml``.
        ProblemsFound: a setting is none that can be had here.
    """
    if "monorelease" in table_at(parse(_root_text(snapshot)), "tool"):
        return SetUp(snapshot=snapshot, edits=(), is_written=False)
    return completed(snapshot, settings)


def completed(snapshot: Snapshot, settings: Sequence[Setting] = ()) -> SetUp:
    """All that is missing: our table, towncrier's, and a page for contributors.

    Raises:
        EditFailed: no table can be added to the root's ``pyproject.toml``.
        ProblemsFound: a setting is none that can be had here.
    """
    before = _root_text(snapshot)
    tools = table_at(parse(before), "tool")
    own, is_bare = settings_text(settings), "monorelease" not in tools
    has_look = "towncrier" in tools or snapshot.tree.exists(TOWNCRIER_FILE)
    rest = setup_tables(with_monorelease=is_bare and not own, with_towncrier=not has_look)
    edits = []
    if tables := "\n".join(filter(None, (own, rest))):
        after = _appended(before, tables)
        data = snapshot.tree.read(ROOT_MANIFEST)
        snapshot = _proved(after, snapshot)
        edits.append(FileEdit(path=ROOT_MANIFEST, before=data, after=encode(after)))
    return SetUp(snapshot=snapshot, edits=(*edits, *_readme(snapshot)), is_written=is_bare)


def with_lone_member(snapshot: Snapshot) -> tuple[Snapshot, tuple[Setting, ...]]:
    """The snapshot with members: where none are found, the root alone, and the setting for it.

    Raises:
        NoWorkspace: the root is no package either, or a mere frame around others.
        ProblemsFound: the configuration that there is cannot be read.
    """
    files = {ROOT_MANIFEST, TOWNCRIER_FILE}
    broken = tuple(f for f in snapshot.findings if f.path in files and f.is_error)
    if broken:
        raise ProblemsFound(broken)
    if snapshot.workspace.members:
        return snapshot, ()
    config = replace(snapshot.config, members=(".",))
    data = parse(_root_text(snapshot))
    workspace, findings = read_members(snapshot.tree, data, config)
    is_frame = not is_package(data) and likely_members(snapshot.tree)
    if is_frame or not workspace.members:
        raise no_members(snapshot.root, snapshot.tree)
    found = (*snapshot.findings, *findings)
    alone = Setting(key=("members",), content=(".",))
    return replace(snapshot, config=config, workspace=workspace, findings=found), (alone,)


def _root_text(snapshot: Snapshot) -> str:
    """The root's ``pyproject.toml``; empty where there is none."""
    data = snapshot.tree.read(ROOT_MANIFEST)
    return "" if data is None else decode(data, ROOT_MANIFEST)


def _appended(before: str, tables: str) -> str:
    """The document with `tables` behind a blank line, in its own newlines."""
    newline = "\r\n" if "\r\n" in before else "\n"
    gap = "" if not before else newline if before.endswith("\n") else newline * 2
    return before + gap + tables.replace("\n", newline)


def _proved(text: str, snapshot: Snapshot) -> Snapshot:
    """The snapshot with the configuration that `text` has.

    Raises:
        EditFailed: it has none that can be read.
        ProblemsFound: a setting is none that can be had here.
    """
    try:
        data = parse(text)
        look = snapshot.tree.read(TOWNCRIER_FILE)
        own = parse(decode(look, TOWNCRIER_FILE)) if look is not None else None
    except ValueError as error:
        raise EditFailed(
            "no table can be added to it: its `tool` is an inline table, or it is no TOML",
            where=str(ROOT_MANIFEST),
            hint="write what is in it as tables of their own, [tool.name]; then run it again",
        ) from error
    config, findings = parse_config(data) if own is None else parse_config(data, towncrier=own)
    refused = tuple(f for f in findings if f.is_error and f.key and f.key[:2] == _TABLE)
    if refused:
        raise ProblemsFound(refused)
    return replace(snapshot, config=config, findings=findings)


def _readme(snapshot: Snapshot) -> Iterator[FileEdit]:
    path = PurePosixPath(snapshot.config.towncrier.directory, "README.md")
    if not snapshot.tree.exists(path):
        yield FileEdit(path=path, before=None, after=fragments_readme().encode())
