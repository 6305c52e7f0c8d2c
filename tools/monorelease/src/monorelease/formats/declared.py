"""What a ``pyproject.toml`` says of the metadata that a build makes of it."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from monorelease.formats.toml import TomlTable, table_at
from monorelease.model.constraint import Constraint
from monorelease.model.contents import Declared


def read_declared(data: TomlTable) -> Declared:
    """What the ``[project]`` table of a ``pyproject.toml`` says; nothing where it is malformed."""
    project = table_at(data, "project")
    return Declared(
        requires_python=_specifiers(project.get("requires-python")),
        has_readme="readme" in project,
        license_files=tuple(_strings(project.get("license-files"))),
        dynamic=frozenset(_strings(project.get("dynamic"))),
    )


def _specifiers(text: object) -> SpecifierSet | None:
    try:
        return Constraint.parse(text).alternatives[0] if isinstance(text, str) else None
    except InvalidSpecifier:
        return None


def _strings(found: object) -> Iterator[str]:
    """A list's strings; PEP 639 was once written ``{paths = […]}``, which says nothing here."""
    return (
        (each for each in found if isinstance(each, str)) if isinstance(found, list) else iter(())
    )
