"""Every key of ``[tool.monorelease]``, described once: the reader and the schema both go by it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.formats.changelog_keys import CHANGELOG
from monorelease.formats.forge_keys import API, CI, FORGE
from monorelease.formats.index_keys import INDEX, PUBLISH, indexes_of
from monorelease.formats.kinds import Choice, ListOf, MapOf, Text, TextOr
from monorelease.formats.spellings import (
    COMMAND,
    FILE,
    FILE_RULES,
    FOLDER_GLOB,
    NAME,
    NAME_GLOB,
    TAG,
    VERSION_PATTERN,
)
from monorelease.formats.tables import Fields, Key, Table
from monorelease.model.bump import Bump
from monorelease.model.config import Config, DependentsPolicy, VersionFile

_DEFAULTS = Config()

_MEMBERS = Key(
    name="members",
    kind=ListOf(noun="a list of folders", item=FOLDER_GLOB),
    default=_DEFAULTS.members,
    doc="Globs of the members' folders, in the order of every table and report. Without it "
    "the workspace tables of uv, hatch and pdm are asked, then packages/*.",
    example='["packages/*"]',
)
_EXCLUDE = Key(
    name="exclude",
    kind=ListOf(noun="a list of folders", item=FOLDER_GLOB),
    default=_DEFAULTS.exclude,
    doc="Globs of folders that are no members although a glob of members finds them.",
    example='["packages/template"]',
)
_GROUPS = ListOf(
    noun="a list of groups, each a list of names",
    item=ListOf(noun="a list of names", item=NAME_GLOB, filled=True, identity=str),
)
_FIXED = Key(
    name="fixed",
    kind=_GROUPS,
    default=_DEFAULTS.fixed,
    doc="Groups of packages that are always released together, with one version.",
    example='[["acme-core", "acme-plugin-*"]]',
)
_LINKED = Key(
    name="linked",
    kind=_GROUPS,
    default=_DEFAULTS.linked,
    doc="Groups of packages of which those that are released anyway get one version.",
    example='[["acme-client", "acme-server"]]',
)
_IGNORE = Key(
    name="ignore",
    kind=ListOf(noun="a list of names", item=NAME_GLOB),
    default=_DEFAULTS.ignore,
    doc="Packages that are never released; only their constraints follow.",
    example='["acme-playground"]',
)
_DEPENDENTS = Key(
    name="dependents",
    kind=Choice(words={policy.value: policy for policy in DependentsPolicy}),
    default=_DEFAULTS.dependents,
    doc="When the release of a package releases those that require it: when the new version "
    "leaves the range they allow, always, or never.",
    example='"always"',
)
_RAISE_CONSTRAINTS: Key[Bump | None] = Key(
    name="raise-constraints",
    kind=Choice(
        words={"patch": Bump.PATCH, "minor": Bump.MINOR, "major": Bump.MAJOR, "never": None}
    ),
    default=_DEFAULTS.raise_constraints,
    doc="From which bump of a package the constraints that released dependents have on it are "
    "raised although they still hold. One that no longer holds is always rewritten.",
    example='"minor"',
)
_MAJOR_ON_ZERO = Key(
    name="major-on-zero",
    kind=Choice(words={"minor": Bump.MINOR, "major": Bump.MAJOR}),
    default=_DEFAULTS.major_on_zero,
    doc="What a major bump does to a version 0.x: move to the next 0.x, or to 1.0.0.",
    example='"major"',
)


def _version_file(fields: Fields) -> VersionFile:
    return VersionFile(path=fields[_VERSION_PATH], pattern=fields[_VERSION_PATTERN])


_VERSION_PATH = Key(
    name="path",
    kind=FILE,
    default=PurePosixPath(),
    doc="The file, relative to the member's folder.",
    example='"docs/conf.py"',
    needed=True,
)
_VERSION_PATTERN = Key(
    name="pattern",
    kind=VERSION_PATTERN,
    default="",
    doc='The text around the version, literally; without it, the usual __version__ = "1.0.0".',
    example="'release = \"{version}\"'",
)
_VERSION_FILE: TextOr[VersionFile] = TextOr(
    text=Text(
        noun="a path",
        make=lambda text: VersionFile(path=PurePosixPath(text)),
        rules=FILE_RULES,
    ),
    other=Table(
        noun="a path, or a table of path and pattern",
        keys=(_VERSION_PATH, _VERSION_PATTERN),
        make=_version_file,
    ),
)
_VERSION_FILES: Key[Mapping[NormalizedName, tuple[VersionFile, ...]]] = Key(
    name="version-files",
    kind=MapOf(
        noun="a table of lists of files, by package",
        name=NAME,
        value=ListOf(noun="a list of files", item=_VERSION_FILE, identity=lambda file: file),
    ),
    default=_DEFAULTS.version_files,
    doc="Files that hold copies of a package's version, by package.",
    example='{ acme-core = ["src/acme_core/about.py", { path = "docs/conf.py", pattern = '
    "'release = \"{version}\"' }] }",
)
_TAG = Key(
    name="tag",
    kind=TAG,
    default=_DEFAULTS.tag,
    doc="The names of tags, from {name} and {version}.",
    example='"{name}-v{version}"',
)
_AFTER_RELEASE = Key(
    name="after-release",
    kind=ListOf(noun="a list of commands", item=COMMAND),
    default=_DEFAULTS.hooks_after_release,
    doc="Commands that run in the root once the release is in the work tree, each a list of "
    "arguments or a string that is split into them, without a shell. One that fails undoes "
    "the release.",
    example='["uv lock", ["python", "tools/stamp.py"]]',
)
_HOOKS = Key(
    name="hooks",
    kind=Table(noun="a table", keys=(_AFTER_RELEASE,), make=lambda fields: fields[_AFTER_RELEASE]),
    default=_DEFAULTS.hooks_after_release,
    doc="Commands of the repository's own.",
    example='{ after-release = ["uv lock"] }',
)


def _config(fields: Fields) -> Config:
    return Config(
        members=fields[_MEMBERS],
        exclude=fields[_EXCLUDE],
        fixed=fields[_FIXED],
        linked=fields[_LINKED],
        ignore=fields[_IGNORE],
        dependents=fields[_DEPENDENTS],
        raise_constraints=fields[_RAISE_CONSTRAINTS],
        major_on_zero=fields[_MAJOR_ON_ZERO],
        version_files=fields[_VERSION_FILES],
        tag=fields[_TAG],
        changelog=fields[CHANGELOG],
        hooks_after_release=fields[_HOOKS],
        publish=fields[PUBLISH],
        indexes=indexes_of(fields[INDEX]),
        forge=fields[FORGE],
        ci=fields[CI],
        api=fields[API],
    )


CONFIG = Table(
    noun="a table",
    keys=(
        _MEMBERS,
        _EXCLUDE,
        _FIXED,
        _LINKED,
        _IGNORE,
        _DEPENDENTS,
        _RAISE_CONSTRAINTS,
        _MAJOR_ON_ZERO,
        _VERSION_FILES,
        _TAG,
        CHANGELOG,
        _HOOKS,
        PUBLISH,
        INDEX,
        FORGE,
        CI,
        API,
    ),
    make=_config,
)
"""The whole table, but for what ``[tool.towncrier]`` decides."""
