from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from monorelease.model.channel import Stable
from monorelease.model.finding import Finding, Severity
from monorelease.model.migration import Migration, Setting, Tool
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.plan import ReleasePlan
from monorelease.model.value import replace
from monorelease.reports.migration import migration_text, migration_value, nothing_text
from values import fragment, named

NOTE = fragment("1.fix.md", "One.", core="patch")
EDITS = (
    FileEdit(path=NOTE.path, before=None, after=b"x"),
    FileEdit(path=PurePosixPath("pyproject.toml"), before=b"x", after=b"y"),
    FileEdit(path=PurePosixPath("changes/README.md"), before=None, after=b"y"),
    FileEdit(path=PurePosixPath(".changeset/a.md"), before=b"y", after=None),
)
WHOLE = Migration(
    tools=(Tool.CHANGESETS, Tool.SCRIV),
    fragments=(NOTE,),
    patch=Patch.of(EDITS),
    settings=(Setting(key=("tag",), content="{name}-{version}\x1b"),),
    are_settings_written=True,
    renamed={"@acme/core": named("core")},
    staying=(PurePosixPath("changelog.d/\x1b.md"),),
    findings=(Finding(code="c", problem="p", hint="h", severity=Severity.WARNING),),
    plan=ReleasePlan(channel=Stable(), releases=()),
)
BARE = replace(
    WHOLE, fragments=(), patch=Patch(edits=()), settings=(), renamed={}, staying=(), findings=()
)


def test_people_see_all_that_becomes_of_it() -> None:
    assert (
        migration_text(WHOLE)
        == """\
From changesets and scriv: 1 fragment

changes/1.fix.md
  core: patch
  One.

.changeset/a.md  (removed)

Set up

  changes/README.md  added
  pyproject.toml     changed

Written to pyproject.toml

  [tool.monorelease]
  tag = "{name}-{version}\\U0000001B"

Names taken for members' (else: --map)

  @acme/core  is  core

Old files that stay (else: --remove)

  changelog.d/\\x1b.md

Nothing to release: no pending fragment moves a member.
"""
    )


def test_what_somebody_has_to_write_is_told() -> None:
    text = migration_text(replace(WHOLE, are_settings_written=False))

    assert "To be added to pyproject.toml, which has its own table\n" in text


def test_where_there_is_little_little_is_said() -> None:
    assert migration_text(BARE) == (
        "From changesets and scriv: 0 fragments\n\n"
        "Nothing to release: no pending fragment moves a member.\n"
    )


def test_nobody_left_anything() -> None:
    assert nothing_text([Tool.SCRIV, Tool.CHANGIE]) == (
        "Nothing to bring over: no pending notes or settings of changie and scriv are here.\n"
    )
    assert migration_value(None, is_rehearsal=False) == {
        "schema": 1,
        "written": False,
        "tools": [],
    }


@pytest.mark.parametrize("is_rehearsal", [True, False])
def test_programs_see_the_same(is_rehearsal: bool) -> None:  # noqa: FBT001 - as the flag is
    value = migration_value(WHOLE, is_rehearsal=is_rehearsal)

    assert value["written"] is not is_rehearsal
    assert value["settings-written"] is not is_rehearsal
    assert value["tools"] == ["changesets", "scriv"]
    assert value["removed"] == [".changeset/a.md"]
    assert value["renamed"] == {"@acme/core": "core"}
    assert value["staying"] == ["changelog.d/\x1b.md"]
    assert value["releases"] == []
    assert [f["code"] for f in value["findings"]] == ["c"]  # type: ignore[attr-defined]
    assert str(value["settings"]).startswith("[tool.monorelease]\n")
