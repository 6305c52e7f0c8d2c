"""Which other members a project requires, in whatever table of its pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.utils import NormalizedName

from monorelease.formats.manifest import Manifest
from monorelease.formats.places import spelled
from monorelease.formats.poetry import find_poetry_entries
from monorelease.formats.requirements import Entry, leading_name, split_requirement
from monorelease.formats.toml import TomlTable, table_at
from monorelease.model.finding import Finding, Severity
from monorelease.model.workspace import Dependency, DependencyKind


def find_dependencies(
    manifest: Manifest, names: frozenset[NormalizedName]
) -> tuple[tuple[Dependency, ...], tuple[Finding, ...]]:
    """The requirements of one member on others, and what keeps some from being read.

    They are read in ``[project]``, ``[build-system]``, ``[dependency-groups]`` and in the tables
    of Poetry, pdm, uv and hatch. What a member requires of itself (``agents-core[all]`` among
    the extras of agents-core) is no dependency, and what is no member is nobody's business.

    Args:
        manifest: the member's.
        names: of all members.
    """
    others = names - {manifest.name}
    dependencies: list[Dependency] = []
    findings: list[Finding] = [*_find_hidden(manifest)]
    for found in (
        *_find_in_lists(manifest, others),
        *find_poetry_entries(manifest.data, others),
    ):
        read = found if isinstance(found, Finding) else _read(found, manifest)
        if isinstance(read, Finding):
            findings.append(read)
        else:
            dependencies.append(read)
    return tuple(dependencies), tuple(findings)


def _find_in_lists(
    manifest: Manifest, names: frozenset[NormalizedName]
) -> Iterator[Entry | Finding]:
    for table, kind in _list_keys(manifest.data):
        literals = table_at(manifest.data, *table[:-1]).get(table[-1], [])
        if not isinstance(literals, list):
            yield _no_list(table, manifest)
            continue
        for index, literal in enumerate(literals):
            # Dependency groups may hold tables, too: {include-group = "test"}.
            on = leading_name(literal) if isinstance(literal, str) else None
            if on in names:
                yield Entry(on, kind, table, (*table, index), literal, split_requirement)


def _list_keys(data: TomlTable) -> Iterator[tuple[tuple[str, ...], DependencyKind]]:
    """Where there may be lists of requirements: the standard ones, then those of single tools."""
    yield ("project", "dependencies"), DependencyKind.RUNTIME
    for extra in table_at(data, "project", "optional-dependencies"):
        yield ("project", "optional-dependencies", extra), DependencyKind.EXTRA
    yield ("build-system", "requires"), DependencyKind.BUILD
    for group in table_at(data, "dependency-groups"):
        yield ("dependency-groups", group), DependencyKind.GROUP
    # What only developers of the member install is a group, whoever invented the table.
    yield ("tool", "uv", "dev-dependencies"), DependencyKind.GROUP
    for group in table_at(data, "tool", "pdm", "dev-dependencies"):
        yield ("tool", "pdm", "dev-dependencies", group), DependencyKind.GROUP
    for environment in table_at(data, "tool", "hatch", "envs"):
        for name in ("dependencies", "extra-dependencies"):
            yield ("tool", "hatch", "envs", environment, name), DependencyKind.GROUP


def _read(entry: Entry, manifest: Manifest) -> Dependency | Finding:
    try:
        parts = entry.split(entry.literal)
    except ValueError as error:
        return Finding(
            code="bad-requirement",
            problem=f"{entry.literal!r} is no requirement: {_first_line(error)}",
            hint=f"write it like {entry.on}>=1.2,<2",
            path=manifest.file,
            key=entry.key,
        )
    return Dependency(
        on=entry.on,
        kind=entry.kind,
        table=spelled(entry.table),
        key=entry.key,
        prefix=parts.prefix,
        constraint=parts.constraint,
        suffix=parts.suffix,
    )


def _first_line(error: ValueError) -> str:
    return str(error).partition("\n")[0]


def _no_list(table: tuple[str, ...], manifest: Manifest) -> Finding:
    return Finding(
        code="bad-requirement",
        problem=f"{spelled(table)} is no list of requirements",
        hint='write a list of strings: ["httpx>=0.28"]',
        path=manifest.file,
        key=table,
    )


def _find_hidden(manifest: Manifest) -> Iterator[Finding]:
    """Dependencies that only the build backend knows: a plan made without them may be wrong."""
    dynamic = table_at(manifest.data, "project").get("dynamic")
    if "dependencies" in table_at(manifest.data, "tool", "poetry"):
        return
    for name in ("dependencies", "optional-dependencies"):
        if isinstance(dynamic, list) and name in dynamic:
            yield Finding(
                code="dynamic-dependencies",
                problem=f"{name} are computed by the build backend and cannot be seen here",
                hint=f"write requirements on other members into [project] {name}",
                severity=Severity.WARNING,
                path=manifest.file,
                key=("project", "dynamic"),
            )
