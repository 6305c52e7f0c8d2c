"""What other release tools have left in the repository, read file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.adapters.tree import Tree
from monorelease.errors import UnreadableFile, UnsafePath
from monorelease.formats.migrations import (
    changesets,
    changie,
    scriv,
    semantic_release,
    towncrier,
)
from monorelease.formats.migrations.complaints import unreadable_note
from monorelease.formats.text import decode
from monorelease.formats.toml import TomlTable, parse
from monorelease.model.finding import Finding
from monorelease.model.migration import Files, Legacy, PendingNote, Setting, Tool
from monorelease.model.value import replace
from monorelease.model.workspace import Member
from monorelease.workflows.members import ROOT_MANIFEST, unreadable
from monorelease.workflows.read import TOWNCRIER_FILE, Snapshot

_LARGEST = 256 * 1024
"""Bytes of a note; no fragment may have more."""

_RELEASE_FILE = PurePosixPath("releaserc.toml")
_SCRIV_FILES = ("setup.cfg", "tox.ini")


def find_legacies(snapshot: Snapshot) -> Mapping[Tool, Legacy]:
    """What each tool has left, of those that have left anything."""
    found = {tool: read(snapshot) for tool, read in _READERS.items()}
    return {tool: legacy for tool, legacy in found.items() if legacy is not None}


def _changesets(snapshot: Snapshot) -> Legacy | None:
    files, unread = _files_in(snapshot.tree, changesets.FOLDER)
    legacy = _with(changesets.read_changesets(files), unread)
    is_used = legacy.notes or legacy.findings or legacy.settings
    return legacy if is_used else None


def _towncrier(snapshot: Snapshot) -> Legacy | None:
    notes, findings = list[PendingNote](), list[Finding]()
    seen: set[PurePosixPath] = set()
    used: list[towncrier.NewsProject] = []
    for project in _news_projects(snapshot):
        for directory in project.directories:
            files, unread = _files_in(snapshot.tree, directory)
            files = {path: data for path, data in files.items() if path not in seen}
            seen.update(files)
            found, problems = towncrier.read_news(project, files)
            notes += found
            used += [project] if found else []
            findings += (*unread, *(problems if found else ()))
            findings += project.findings if found else ()
    if not notes:
        return None
    paths = tuple(note.path for note in notes)
    return Legacy(
        tool=Tool.TOWNCRIER,
        notes=tuple(notes),
        settings=tuple(_changelog_setting(snapshot, used, paths)),
        findings=tuple(dict.fromkeys(findings)),
        files=paths,
    )


def _changelog_setting(
    snapshot: Snapshot, projects: Sequence[towncrier.NewsProject], notes: Iterable[PurePosixPath]
) -> Iterator[Setting]:
    """The name of the changelogs, where it is one: of each member's own, or of that of all."""
    names = {project.changelog for project in projects}
    name = names.pop() if len(names) == 1 else ""
    folders = {member.path for member in snapshot.workspace}
    is_each_its_own = all(not folders.isdisjoint(path.parents) for path in notes)
    if name and not is_each_its_own:
        yield Setting(key=("changelog", "aggregate"), content=name)
    elif name and name != snapshot.config.changelog.file:
        yield Setting(key=("changelog", "file"), content=name)


def _scriv(snapshot: Snapshot) -> Legacy | None:
    claimed = {folder for project in _news_projects(snapshot) for folder in project.directories}
    notes, findings = list[PendingNote](), list[Finding]()
    for own in _folders(snapshot):
        project, is_configured = _scriv_project(snapshot.tree, own, findings)
        if is_configured or project.folder not in claimed:
            files, unread = _files_in(snapshot.tree, project.folder)
            found, problems = scriv.read_notes(project, files)
            notes += found
            findings += (*unread, *problems, *(project.findings if found else ()))
    if not notes:
        return None
    paths = dict.fromkeys(note.path for note in notes)
    return Legacy(tool=Tool.SCRIV, notes=tuple(notes), findings=tuple(findings), files=tuple(paths))


def _scriv_project(
    tree: Tree, own: PurePosixPath, findings: list[Finding]
) -> tuple[scriv.ScrivProject, bool]:
    """The project in a folder, and whether anything there speaks of scriv."""
    paths = [own / name for name in (*_SCRIV_FILES, "changelog.d/scriv.ini")]
    texts = {path: text for path in paths if "scriv" in (text := _text(tree, path))}
    settings, problems = scriv.parse_settings(texts)
    findings += problems
    data = _toml(tree, own / ROOT_MANIFEST)
    project = scriv.parse_project(own, data, settings, next(iter(texts), own / ROOT_MANIFEST))
    tables = data.get("tool")
    return project, bool(settings) or (isinstance(tables, dict) and "scriv" in tables)


def _changie(snapshot: Snapshot) -> Legacy | None:
    for path in changie.CONFIGS:
        data = snapshot.tree.read(path)
        if data is not None:
            config = changie.parse_config(path, data)
            if isinstance(config, Finding):
                return Legacy(tool=Tool.CHANGIE, findings=(config,))
            files, unread = _files_in(snapshot.tree, config.folder)
            return _with(changie.read_changie(config, files), unread)
    return None


def _semantic_release(snapshot: Snapshot) -> Legacy | None:
    settings = [*_release_settings(snapshot)]
    if not settings:
        return None
    paths = {path for each in settings for path in semantic_release.named_files(each)}
    texts = {path: _text(snapshot.tree, path) for path in sorted(paths)}
    legacy = semantic_release.read_settings(settings, texts)
    shared = [each.member.name for each in settings if each.path.parent == PurePosixPath()]
    if len(shared) > 1:  # one table has moved them all together
        group = Setting(key=("fixed",), content=(tuple(shared),), names=True)
        legacy = replace(legacy, settings=(group, *legacy.settings))
    return legacy


def _release_settings(snapshot: Snapshot) -> Iterator[semantic_release.ReleaseSettings]:
    """The tables, each with its member; the root's, with each member whose version it writes."""
    members = {member.path: member for member in snapshot.workspace}
    for own in _folders(snapshot):
        for path in (own / ROOT_MANIFEST, own / _RELEASE_FILE):
            table = semantic_release.find_table(_toml(snapshot.tree, path))
            if table and own in members:
                yield semantic_release.ReleaseSettings(path=path, member=members[own], table=table)
            elif table:
                yield from semantic_release.split_settings(path, table, tuple(snapshot.workspace))


def _news_projects(snapshot: Snapshot) -> Iterator[towncrier.NewsProject]:
    """Each configuration of towncrier; the root's may be shared by the members."""
    members = [member.path for member in snapshot.workspace]
    for own in _folders(snapshot):
        shared = members if own == PurePosixPath() else []
        file = own / TOWNCRIER_FILE
        path = file if snapshot.tree.exists(file) else own / ROOT_MANIFEST
        project = towncrier.parse_project(_toml(snapshot.tree, path), path, shared)
        if project is not None:
            yield project


def _folders(snapshot: Snapshot) -> list[PurePosixPath]:
    """The root, and the members' folders."""
    members: Iterator[Member] = iter(snapshot.workspace)
    return [*dict.fromkeys((PurePosixPath(), *(member.path for member in members)))]


def _files_in(tree: Tree, folder: PurePosixPath) -> tuple[Files, list[Finding]]:
    """The files of a folder, and those that cannot be read."""
    files: dict[PurePosixPath, bytes] = {}
    unread = []
    try:
        paths = tree.files(folder, "")
    except (UnreadableFile, UnsafePath) as error:
        return {}, [unreadable(folder, error)]
    for path in paths:
        try:
            data = tree.read(path) or b""
        except (UnreadableFile, UnsafePath) as error:
            unread.append(unreadable(path, error))
            continue
        if len(data) > _LARGEST:
            unread.append(unreadable_note(path, f"has {len(data):,} bytes, more than {_LARGEST:,}"))
        else:
            files[path] = data
    return files, unread


def _with(legacy: Legacy, unread: list[Finding]) -> Legacy:
    return replace(legacy, findings=(*legacy.findings, *unread))


def _text(tree: Tree, path: PurePosixPath) -> str:
    """The text of a file; empty where there is none, or none that can be read."""
    try:
        return decode(tree.read(path) or b"", path)
    except (UnreadableFile, UnsafePath):
        return ""


def _toml(tree: Tree, path: PurePosixPath) -> TomlTable:
    """The data of a document; empty where there is none, or none that can be read."""
    try:
        return parse(_text(tree, path))
    except ValueError:
        return {}


_READERS: Mapping[Tool, Callable[[Snapshot], Legacy | None]] = {
    Tool.CHANGESETS: _changesets,
    Tool.TOWNCRIER: _towncrier,
    Tool.SCRIV: _scriv,
    Tool.CHANGIE: _changie,
    Tool.SEMANTIC_RELEASE: _semantic_release,
}
