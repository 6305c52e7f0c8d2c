from __future__ import annotations

import tomllib

from packaging.utils import canonicalize_name

from monorelease.formats.poetry import find_poetry_entries
from monorelease.formats.requirements import Entry, split_poetry_range, split_reference
from monorelease.model.workspace import DependencyKind

NAMES = frozenset(map(canonicalize_name, ["agents-core", "agents-test"]))


def entries_in(text: str) -> list[Entry]:
    return list(find_poetry_entries(tomllib.loads(text), NAMES))


def test_a_range_stands_for_itself_or_in_a_table() -> None:
    entries = entries_in(
        "[tool.poetry.dependencies]\npython = '^3.11'\nAgents_Core = '^1.0'\n"
        "agents-test = {version = '~2', extras = ['x']}\nhttpx = '*'\n"
    )

    table = ("tool", "poetry", "dependencies")
    assert entries == [
        Entry(
            canonicalize_name("agents-core"),
            DependencyKind.RUNTIME,
            table,
            (*table, "Agents_Core"),
            "^1.0",
            split_poetry_range,
        ),
        Entry(
            canonicalize_name("agents-test"),
            DependencyKind.RUNTIME,
            table,
            (*table, "agents-test", "version"),
            "~2",
            split_poetry_range,
        ),
    ]


def test_one_name_may_have_several_ranges() -> None:
    entries = entries_in(
        "[[tool.poetry.dependencies.agents-core]]\nversion = '^1'\npython = '<3.12'\n"
        "[[tool.poetry.dependencies.agents-core]]\npath = '../core'\n"
        "[[tool.poetry.dependencies.agents-core]]\nversion = '^2'\n"
    )

    assert [(entry.key[4:], entry.literal) for entry in entries] == [
        ((0, "version"), "^1"),
        ((1, "path"), "../core"),
        ((2, "version"), "^2"),
    ]


def test_a_reference_has_no_range() -> None:
    entries = entries_in(
        "[tool.poetry.dependencies]\nagents-core = {path = '../core', develop = true}\n"
        "agents-test = {git = 'https://git.example/test'}\n"
    )

    assert [entry.split for entry in entries] == [split_reference, split_reference]
    assert [entry.literal for entry in entries] == ["../core", "https://git.example/test"]


def test_a_range_beside_a_path_is_a_range() -> None:
    (entry,) = entries_in(
        "[tool.poetry.dependencies]\nagents-core = {path = '../core', version = '^1'}"
    )

    assert (entry.literal, entry.split) == ("^1", split_poetry_range)


def test_a_table_that_says_nothing_requires_any_version() -> None:
    (entry,) = entries_in("[tool.poetry.dependencies]\nagents-core = {extras = ['x']}")

    assert (entry.key[-1], entry.literal, entry.split) == ("agents-core", "", split_reference)


def test_nonsense_is_left_to_poetry() -> None:
    assert entries_in("[tool.poetry.dependencies]\nagents-core = 1\nagents-test = [1]") == []
    assert entries_in("[tool.poetry]\ndependencies = ['agents-core']\ngroup = 1") == []


def test_groups_are_not_published_and_optional_ones_are_extras() -> None:
    entries = entries_in(
        "[tool.poetry.dependencies]\nagents-core = {version = '^1', optional = true}\n"
        "[tool.poetry.group.test.dependencies]\nagents-core = {version = '^1', optional = true}\n"
        "[tool.poetry.group.docs.dependencies]\nagents-test = '^2'\n"
        "[tool.poetry.dev-dependencies]\nagents-test = '^3'\n"
    )

    assert [(entry.kind, entry.literal, entry.table[2:]) for entry in entries] == [
        (DependencyKind.EXTRA, "^1", ("dependencies",)),
        (DependencyKind.GROUP, "^1", ("group", "test", "dependencies")),
        (DependencyKind.GROUP, "^2", ("group", "docs", "dependencies")),
        (DependencyKind.GROUP, "^3", ("dev-dependencies",)),
    ]


def test_what_project_publishes_is_only_locked_by_poetry() -> None:
    own = "[tool.poetry.dependencies]\nagents-core = {path = '../core'}\n"
    kinds = {
        head: [entry.kind for entry in entries_in(f"[project]\n{head}\n{own}")]
        for head in (
            "name = 'a'",
            "dependencies = []",
            "optional-dependencies = {}",
            "dynamic = ['dependencies']\noptional-dependencies = {}",
        )
    }

    assert list(kinds.values()) == [
        [DependencyKind.RUNTIME],
        [DependencyKind.GROUP],
        [DependencyKind.GROUP],
        [DependencyKind.RUNTIME],
    ]
