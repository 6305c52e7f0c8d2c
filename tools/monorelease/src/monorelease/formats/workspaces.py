"""Which folders of a repository are members, as one of the workspace tables says."""

from __future__ import annotations

from collections.abc import Iterator

from monorelease.formats.toml import TomlTable, table_at
from monorelease.model.config import Config
from monorelease.model.value import replace, value

_Lists = tuple[tuple[str, ...], tuple[str, ...]]
"""Globs of members, globs of what is none."""


@value
class Globs:
    """Globs of member folders, relative to the root, and who says so."""

    members: tuple[str, ...]
    """In the order of the workspace; ``.`` is the root itself."""
    excludes: tuple[str, ...] = ()
    source: str
    """The table they were found in; "packages/*" where none says anything."""


def member_globs(root: TomlTable, config: Config) -> Globs:
    """The members of the workspace: by the configuration, else by uv, hatch or pdm.

    The configuration's ``exclude`` counts wherever the members come from. The root is a
    member of the workspaces of uv, hatch and pdm where it is a package itself.

    Args:
        root: the root's parsed pyproject.toml.
        config: from the same file.
    """
    if config.members:
        found = Globs(members=config.members, source="tool.monorelease")
    else:
        found = next(_find(root))
    return replace(found, excludes=(*found.excludes, *config.exclude))


def is_package(root: TomlTable) -> bool:
    """Whether a root's pyproject.toml describes something to be built, beside the workspace."""
    poetry, pdm = table_at(root, "tool", "poetry"), table_at(root, "tool", "pdm")
    return (
        bool(project_name(root))
        and "build-system" in root
        and table_at(root, "tool", "uv").get("package") is not False
        and poetry.get("package-mode") is not False
        and pdm.get("distribution") is not False
    )


def project_name(data: TomlTable) -> str:
    """The name that a pyproject.toml gives its project, as it is written; empty for none."""
    named = (table_at(data, *table).get("name") for table in (("project",), ("tool", "poetry")))
    return next((name for name in named if isinstance(name, str)), "")


def _find(root: TomlTable) -> Iterator[Globs]:
    own = (".",) if is_package(root) else ()
    for source, find in (
        ("tool.uv.workspace", _find_uv),
        ("tool.hatch.envs", _find_hatch),
        ("tool.pdm.workspace", _find_pdm),
    ):
        members, excludes = find(root)
        if members:
            yield Globs(members=(*own, *members), excludes=excludes, source=source)
    yield Globs(members=("packages/*",), source="packages/*")


def _find_uv(root: TomlTable) -> _Lists:
    workspace = table_at(root, "tool", "uv", "workspace")
    return _globs(workspace.get("members")), _globs(workspace.get("exclude"))


def _find_pdm(root: TomlTable) -> _Lists:
    return _globs(table_at(root, "tool", "pdm", "workspace").get("members")), ()


def _find_hatch(root: TomlTable) -> _Lists:
    """The workspaces of all environments together.

    An environment that leaves a member out says nothing about releases: only what all of
    them leave out is excluded.
    """
    environments = table_at(root, "tool", "hatch", "envs")
    tables = [table_at(environments, name, "workspace") for name in environments]
    workspaces = [table for table in tables if _globs(table.get("members"))]
    if not workspaces:
        return (), ()
    members = (glob for table in workspaces for glob in _globs(table["members"]))
    excludes = [_globs(table.get("exclude")) for table in workspaces]
    common = [glob for glob in excludes[0] if all(glob in each for each in excludes)]
    return tuple(dict.fromkeys(members)), tuple(common)


def _globs(value: object) -> tuple[str, ...]:
    """The globs of a list; hatch writes some of them ``{path = "packages/core"}``."""
    entries = value if isinstance(value, list) else ()
    paths = (each.get("path") if isinstance(each, dict) else each for each in entries)
    return tuple(path for path in paths if isinstance(path, str))
