"""What a project requires of others than its siblings, and what else its users meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.formats.dependencies import find_dependencies
from monorelease.formats.manifest import Manifest
from monorelease.formats.requirements import leading_name
from monorelease.model.workspace import Dependency

_REQUIREMENTS = frozenset({"dependencies", "optional-dependencies"})
_OF_DEVELOPERS = frozenset({"dependency-groups", "default-groups"})
_TOOLS_OF_USERS = frozenset({"poetry", "hatch", "setuptools", "pdm", "flit"})
"""Whose tables may say what is built; those of other tools reach nobody."""


def third_party_requirements(
    manifest: Manifest, members: frozenset[NormalizedName]
) -> tuple[Dependency, ...]:
    """The requirements of a project on all but `members`, wherever they stand.

    Those that cannot be read are left out: an installer would refuse them.
    """
    names = frozenset(_names(manifest.data)) - members
    dependencies, _ = find_dependencies(manifest, names)
    return dependencies


def beside_requirements(manifest: Manifest) -> Mapping[str, object]:
    """All of the document that who installs the project may notice, but its requirements.

    Two that are equal differ in nothing but what is required, or what only developers use.
    """
    data = {key: value for key, value in manifest.data.items() if key not in _OF_DEVELOPERS}
    tools = _table(data.pop("tool", {}))
    project, build = _table(data.pop("project", {})), _table(data.pop("build-system", {}))
    return {
        **data,
        "project": {key: value for key, value in project.items() if key not in _REQUIREMENTS},
        "build-system": {key: value for key, value in build.items() if key != "requires"},
        "tool": {
            name: _without_requirements(table)
            for name, table in tools.items()
            if name in _TOOLS_OF_USERS
        },
    }


def _without_requirements(tool: object) -> Mapping[str, object]:
    """A build tool's table without lists of requirements, and without its environments."""
    aside = {"dependencies", "dev-dependencies", "group", "envs"}
    return {key: value for key, value in _table(tool).items() if key not in aside}


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _names(value: object) -> Iterator[NormalizedName]:
    """Every word that could be the name of a requirement: too many do no harm."""
    match value:
        case str():
            name = leading_name(value)
            if name is not None:
                yield name
        case list():
            for item in value:
                yield from _names(item)
        case dict():
            yield from map(canonicalize_name, value)
            for item in value.values():
                yield from _names(item)
        case _:
            return
