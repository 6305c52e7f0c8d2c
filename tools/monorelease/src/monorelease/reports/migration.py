"""What was brought over from other tools: for people and for programs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from monorelease.formats.suggestion import settings_text
from monorelease.model.migration import Migration, Tool
from monorelease.model.words import all_of, counted
from monorelease.reports.authoring import fragments_text, fragments_value
from monorelease.reports.json import SCHEMA, Value, status_value
from monorelease.reports.printable import printable, printable_lines
from monorelease.reports.terminal import PLAIN, Palette, aligned, plan_text


def nothing_text(tools: Collection[Tool]) -> str:
    """That none of `tools` has left anything."""
    names = all_of(sorted(tool.value for tool in tools))
    return f"Nothing to bring over: no pending notes or settings of {names} are here.\n"


def migration_text(migration: Migration, palette: Palette = PLAIN) -> str:
    """Whose notes and settings, what they become, and what a release would do with them."""
    tools = all_of([tool.value for tool in migration.tools])
    head = f"From {tools}: {counted(len(migration.fragments), 'fragment')}"
    parts = [f"{palette.bold}{head}{palette.off}\n"]
    if migration.fragments:
        parts.append(fragments_text(migration.fragments, migration.patch, palette))
    if others := [*_set_up(migration)]:
        parts.append(_section("Set up", aligned(others), palette))
    if migration.settings:
        title = "Written to pyproject.toml" if migration.are_settings_written else _SUGGESTED
        lines = printable_lines(settings_text(migration.settings)).split("\n")
        parts.append(_section(title, [f"  {line}".rstrip() for line in lines[:-1]], palette))
    if migration.renamed:
        rows = [(printable(word), "is", name) for word, name in migration.renamed.items()]
        parts.append(_section("Names taken for members' (else: --map)", aligned(rows), palette))
    if migration.staying:
        stays = [f"  {printable(str(path))}" for path in migration.staying]
        parts.append(_section("Old files that stay (else: --remove)", stays, palette))
    return "\n".join([*parts, plan_text(migration.plan, palette)])


_SUGGESTED = "To be added to pyproject.toml, which has its own table"


def migration_value(migration: Migration | None, *, is_rehearsal: bool) -> Value:
    """What ``migrate --json`` prints."""
    if migration is None:
        return {"schema": SCHEMA, "written": False, "tools": []}
    status = status_value(migration.plan, migration.findings)
    return {
        "schema": SCHEMA,
        "written": not is_rehearsal,
        "tools": [tool.value for tool in migration.tools],
        **fragments_value(migration.fragments, migration.patch),
        "settings": settings_text(migration.settings),
        "settings-written": migration.are_settings_written and not is_rehearsal,
        "renamed": dict(migration.renamed),
        "staying": [str(path) for path in migration.staying],
        "releases": status["releases"],
        "findings": status["findings"],
    }


def _set_up(migration: Migration) -> Iterator[tuple[str, str]]:
    """The files beside fragments that are written."""
    fragments = {fragment.path for fragment in migration.fragments}
    for edit in migration.patch.edits:
        if edit.after is not None and edit.path not in fragments:
            yield printable(str(edit.path)), "added" if edit.before is None else "changed"


def _section(title: str, lines: Iterable[str], palette: Palette) -> str:
    return "\n".join([f"{palette.bold}{title}{palette.off}", "", *lines]) + "\n"
