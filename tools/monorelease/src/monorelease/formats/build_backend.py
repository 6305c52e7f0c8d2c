"""Whether hatchling, called in a process of ours, builds a member as its own front end would."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from monorelease.formats.toml import TomlTable, table_at


def why_not_plain(data: TomlTable, hatchling: Version, *, has_hatch_toml: bool) -> str:
    """Why the member needs a build environment of its own, in words; empty where it does not.

    One that needs none is built by hatchling alone, in a version that is here, and runs no code
    but hatchling's: then its bytes do not depend on who calls the backend.

    Args:
        data: its parsed ``pyproject.toml``.
        hatchling: the version that is here.
        has_hatch_toml: whether a ``hatch.toml`` lies beside it, with settings of its own.
    """
    if has_hatch_toml:
        return "a hatch.toml lies beside its pyproject.toml"
    return next(_obstacles(data, hatchling), "")


def _obstacles(data: TomlTable, hatchling: Version) -> Iterator[str]:
    yield from _in_build_system(table_at(data, "build-system"), hatchling)
    yield from _in_project(table_at(data, "project"))
    yield from _in_hatch(table_at(data, "tool", "hatch"))


def _in_build_system(table: TomlTable, hatchling: Version) -> Iterator[str]:
    backend = table.get("build-backend", "setuptools")
    if backend != "hatchling.build":
        yield f"its build backend is {backend}"
    if "backend-path" in table:
        yield "its build backend is a part of the repository"
    match table.get("requires"):
        case [str(requirement)]:
            yield from _in_requirement(requirement, hatchling)
        case _:
            yield "its build requires more than hatchling"


def _in_requirement(text: str, hatchling: Version) -> Iterator[str]:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        yield f"its build requires {text!r}, which cannot be read"
    else:
        plain = not (requirement.url or requirement.extras or requirement.marker)
        if requirement.name != "hatchling" or not plain:
            yield f"its build requires {text}"
        elif not requirement.specifier.contains(hatchling, prereleases=True):
            yield f"its build requires {text}, and {hatchling} is here"


def _in_project(table: TomlTable) -> Iterator[str]:
    if table.get("dynamic", []) not in ([], ["version"]):
        yield "its metadata is dynamic"


def _in_hatch(table: TomlTable) -> Iterator[str]:
    source = table_at(table, "version").get("source", "regex")
    if source != "regex":
        yield f"its version comes from {source!r}"
    if table_at(table, "metadata").get("hooks"):
        yield "it has metadata hooks"
    build = table_at(table, "build")
    targets = table_at(build, "targets")
    if build.get("hooks") or any(table_at(targets, name).get("hooks") for name in targets):
        yield "it has build hooks"
    if "custom" in targets:
        yield "it has a builder of its own"
