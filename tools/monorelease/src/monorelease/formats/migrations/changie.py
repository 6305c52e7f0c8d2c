"""Changie's ``.changes/``: a YAML file a change and project, and ``.changie.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from monorelease.formats.migrations.complaints import (
    not_carried,
    unreadable_note,
    unreadable_settings,
)
from monorelease.formats.stranger_words import tame
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding
from monorelease.model.migration import Files, Legacy, PendingNote, Tool
from monorelease.model.value import value

CONFIGS = (PurePosixPath(".changie.yaml"), PurePosixPath(".changie.yml"))

_LARGEST = 256 * 1024
_DEEPEST = 8
_SUFFIXES = frozenset({".yaml", ".yml"})
_ISSUES = ("issue", "pr", "pull request", "pull-request", "pullrequest", "issue number")
_LEFT = {
    "components": "write the part of the project into the words",
    "replacements": "copies of a version are version-files of [tool.monorelease]",
    "post": "links are changelog.issue-link of [tool.monorelease]",
    "postProcess": "links are changelog.issue-link of [tool.monorelease]",
}

Table = Mapping[str, object]


@value
class ChangieConfig:
    """What ``.changie.yaml`` says, as far as pending notes need it."""

    path: PurePosixPath
    folder: PurePosixPath
    """Where they are."""
    kinds: Mapping[str, tuple[str, Bump | None]]
    """The label and the bump of each kind, by its key and by its label."""
    projects: Mapping[str, str]
    """The folder of each project's changelog, or its label, by its key and by its label."""
    findings: tuple[Finding, ...] = ()


def parse_config(path: PurePosixPath, data: bytes) -> ChangieConfig | Finding:
    """What the configuration says, or why it cannot be read."""
    try:
        table = _load(data)
    except ValueError as error:
        return unreadable_settings(path, error)
    folder = PurePosixPath(_text(table, "changesDir") or ".changes")
    kinds: dict[str, tuple[str, Bump | None]] = {}
    for kind in _tables(table.get("kinds")):
        label = _text(kind, "label") or _text(kind, "key")
        known = (label, _BUMPS.get(_text(kind, "auto")))
        kinds |= {word: known for word in (label, _text(kind, "key")) if word}
    return ChangieConfig(
        path=path,
        folder=folder / (_text(table, "unreleasedDir") or "unreleased"),
        kinds=kinds,
        projects=dict(_projects(table)),
        findings=tuple(not_carried(path, key, _LEFT[key]) for key in _LEFT if table.get(key)),
    )


def read_changie(config: ChangieConfig, files: Files) -> Legacy:
    """What the files of its folder say."""
    notes, findings = list[PendingNote](), list[Finding]()
    for path, data in sorted(files.items()):
        if path.suffix in _SUFFIXES:
            try:
                notes.append(_read_note(path, _load(data), config))
            except ValueError as error:
                findings.append(unreadable_note(path, f"is no note of changie: {error}"))
    return Legacy(
        tool=Tool.CHANGIE,
        notes=tuple(notes),
        findings=(*config.findings, *findings),
        files=(*sorted(path for path in files if path.suffix in _SUFFIXES), config.path),
    )


_BUMPS = {**{bump.word: bump for bump in Bump}, "none": Bump.NONE}


def _projects(table: Table) -> Iterator[tuple[str, str]]:
    for project in _tables(table.get("projects")):
        label, key = _text(project, "label"), _text(project, "key")
        folder = PurePosixPath(_text(project, "changelog")).parent
        meant = str(folder) if folder != PurePosixPath() else key or label
        yield from ((word, meant) for word in (label, key) if word)


def _read_note(path: PurePosixPath, table: Table, config: ChangieConfig) -> PendingNote:
    """The note in a file.

    Raises:
        ValueError: it has no text.
    """
    word = _text(table, "kind")
    label, bump = config.kinds.get(word, (word, None))
    body, component = _text(table, "body"), _text(table, "component")
    if not body.strip():
        raise ValueError("it has no body")
    project = _text(table, "project")
    return PendingNote(
        path=path,
        names=((config.projects.get(project, project), None),) if project else (),
        kind=label,
        bump=bump,
        number=_number(table.get("custom")),
        text=tame(f"{component}: {body}" if component else body),
    )


def _number(custom: object) -> str:
    """The issue or pull request among a project's own fields."""
    fields = {str(k).lower(): str(v) for k, v in _table(custom).items()}
    named = (fields[name].strip().lstrip("#!") for name in _ISSUES if name in fields)
    return next((word for word in named if word.isascii() and word.isdigit()), "")


def _load(data: bytes) -> Table:
    """The table of a small YAML file: words, lists and tables alone.

    Raises:
        ValueError: it is something else, or refers to itself.
    """
    import yaml

    if len(data) > _LARGEST:
        raise ValueError(f"it has more than {_LARGEST:,} bytes")
    try:
        text = data.decode()
        _demand_plain(yaml.parse(text))
        loaded = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but words
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())) from error
    if isinstance(loaded, dict):
        return loaded
    raise ValueError("it is no table")


def _demand_plain(events: Iterable[object]) -> None:
    """Let nothing refer to something else, or lie deep: that takes the reader quadratic time.

    Raises:
        ValueError: something does.
    """
    from yaml import AliasEvent, CollectionEndEvent, CollectionStartEvent

    depth = 0
    for event in events:
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        is_alias = isinstance(event, AliasEvent)
        if is_alias or depth > _DEEPEST:
            raise ValueError("it has an alias" if is_alias else "it is nested too deeply")


def _table(value: object) -> Table:
    return value if isinstance(value, dict) else {}


def _tables(value: object) -> list[Table]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(table: Table, key: str) -> str:
    text = table.get(key)
    return text if isinstance(text, str) else ""
