"""Every key of ``[tool.monorelease.changelog]``, described once."""

from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.formats.kinds import Flag
from monorelease.formats.spellings import FILE, link_to
from monorelease.formats.tables import Fields, Key, Table
from monorelease.model.config import ChangelogConfig

_DEFAULTS = ChangelogConfig()


def _changelog(fields: Fields) -> ChangelogConfig:
    return ChangelogConfig(
        file=str(fields[_CHANGELOG_FILE]),
        aggregate=fields[_AGGREGATE],
        issue_link=fields[_ISSUE_LINK],
        commit_link=fields[_COMMIT_LINK],
        authors=fields[_AUTHORS],
    )


_CHANGELOG_FILE = Key(
    name="file",
    kind=FILE,
    default=PurePosixPath(_DEFAULTS.file),
    doc="The changelog in each member's folder.",
    example='"CHANGES.md"',
)
_AGGREGATE: Key[PurePosixPath | None] = Key(
    name="aggregate",
    kind=FILE,
    default=_DEFAULTS.aggregate,
    doc="One file, relative to the root, that collects the notes of all members.",
    example='"CHANGELOG.md"',
)
_ISSUE_LINK = Key(
    name="issue-link",
    kind=link_to("{issue}"),
    default=_DEFAULTS.issue_link,
    doc="Where the number of an issue or a pull request leads, with {issue} for the number.",
    example='"https://forge.example/acme/issues/{issue}"',
)
_COMMIT_LINK = Key(
    name="commit-link",
    kind=link_to("{commit}"),
    default=_DEFAULTS.commit_link,
    doc="Where a commit leads, with {commit} for its full name.",
    example='"https://forge.example/acme/commit/{commit}"',
)
_AUTHORS = Key(
    name="authors",
    kind=Flag(),
    default=_DEFAULTS.authors,
    doc="Whether entries thank the author of the commit that added their fragment.",
    example="true",
)
CHANGELOG = Key(
    name="changelog",
    kind=Table(
        noun="a table",
        keys=(_CHANGELOG_FILE, _AGGREGATE, _ISSUE_LINK, _COMMIT_LINK, _AUTHORS),
        make=_changelog,
    ),
    default=_DEFAULTS,
    doc="Where changelogs are kept and what they link to.",
    example="{ authors = true }",
)
