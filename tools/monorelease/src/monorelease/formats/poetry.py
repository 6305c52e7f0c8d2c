"""Poetry's own tables of requirements, where names are keys and ranges their values."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.formats.requirements import Entry, split_poetry_range, split_reference
from monorelease.formats.toml import TomlTable, table_at
from monorelease.model.workspace import DependencyKind

_LITERALS = {
    "version": split_poetry_range,
    **dict.fromkeys(("path", "git", "url", "file"), split_reference),
}
"""What a requirement's table may say of where to find it; a range says more than a path."""


def find_poetry_entries(data: TomlTable, names: frozenset[NormalizedName]) -> Iterator[Entry]:
    """The requirements on `names` in Poetry's tables.

    One name may have several entries, told apart by markers or by the Python version.
    """
    for table, kind in _tables(data):
        for name, value in table_at(data, *table).items():
            on = canonicalize_name(name)
            if on in names:
                blank = Entry(on, kind, table, (*table, name), "", split_reference)
                yield from _read_value(blank, value)


def _tables(data: TomlTable) -> Iterator[tuple[tuple[str, ...], DependencyKind]]:
    own = ("tool", "poetry", "dependencies")
    yield own, DependencyKind.GROUP if _only_locks(data) else DependencyKind.RUNTIME
    for group in table_at(data, "tool", "poetry", "group"):
        yield ("tool", "poetry", "group", group, "dependencies"), DependencyKind.GROUP
    yield ("tool", "poetry", "dev-dependencies"), DependencyKind.GROUP


def _only_locks(data: TomlTable) -> bool:
    """Whether ``[project]`` says what is published: Poetry's own table then only locks."""
    project = table_at(data, "project")
    dynamic = project.get("dynamic")
    if isinstance(dynamic, list) and "dependencies" in dynamic:
        return False
    return "dependencies" in project or "optional-dependencies" in project


def _read_value(entry: Entry, value: object) -> Iterator[Entry]:
    match value:
        case str():
            yield entry._replace(literal=value, split=split_poetry_range)
        case list():
            for index, alternative in enumerate(value):
                yield from _read_value(entry._replace(key=(*entry.key, index)), alternative)
        case dict():
            yield _read_table(entry, value)
        case _:
            return


def _read_table(entry: Entry, table: TomlTable) -> Entry:
    if entry.kind is DependencyKind.RUNTIME and table.get("optional") is True:
        # Nobody gets it who does not ask for one of the extras that name it.
        entry = entry._replace(kind=DependencyKind.EXTRA)
    for name, split in _LITERALS.items():
        if isinstance(literal := table.get(name), str):
            return entry._replace(key=(*entry.key, name), literal=literal, split=split)
    return entry
