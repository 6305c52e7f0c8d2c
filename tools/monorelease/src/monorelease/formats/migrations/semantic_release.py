"""The settings of python-semantic-release: it keeps no notes, only commits and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.errors import UnsafePath
from monorelease.formats.fragment_codes import quoted
from monorelease.formats.migrations.complaints import not_carried
from monorelease.formats.paths import inside
from monorelease.formats.toml import TomlTable, table_at
from monorelease.model.finding import Finding
from monorelease.model.migration import Legacy, Setting, Tool
from monorelease.model.value import value
from monorelease.model.workspace import Member, StaticVersion, VersionInFile

_PLACES = ("version_toml", "version_variables")
_USUAL = frozenset({"__version__", "version", "VERSION"})
_HINTS = {
    "commit_parser": "fragments say what commits did: monorelease add --from-commits writes them "
    "from conventional commits",
    "commit_parser_options": "monorelease add --from-commits knows the usual types alone",
    "branches": "a pre-release is a flag: monorelease release --pre rc",
    "build_command": "monorelease build builds with each member's own backend",
    "changelog": "changelogs are towncrier's, from fragments",
    "assets": "a command that makes files of a release is hooks.after-release",
    "add_partial_tags": "one tag a release is made",
    "publish": "see [tool.monorelease.publish], and announce of [tool.monorelease.forge]",
    "version_source": "a version is read where pyproject.toml says it is",
}
_LONGEST_LINE = 1_000
_FORGES = {"github": "github", "gitlab": "gitlab", "gitea": "forgejo"}


@value
class ReleaseSettings:
    """One table of python-semantic-release, and whose it is."""

    path: PurePosixPath
    """The file that it stands in."""
    member: Member
    table: TomlTable


def find_table(data: TomlTable) -> TomlTable:
    """The table in a parsed ``pyproject.toml`` or ``releaserc.toml``; empty for none."""
    return table_at(data, "tool", "semantic_release") or table_at(data, "semantic_release")


def split_settings(
    path: PurePosixPath, table: TomlTable, members: Sequence[Member]
) -> Iterator[ReleaseSettings]:
    """A table for several members, one for each whose files it names."""
    for member in members:
        own = {
            key: [each for each in _listed(table, key) if _is_in(path, each, member)]
            for key in _PLACES
        }
        if any(own.values()) or len(members) == 1:
            yield ReleaseSettings(path=path, member=member, table={**table, **own})


def named_files(settings: ReleaseSettings) -> tuple[PurePosixPath, ...]:
    """The files in which it says that copies of the version are."""
    places = (_place(settings, file) for _, file, *_ in _declared(settings.table))
    return tuple(dict.fromkeys(place for place in places if place is not None))


def read_settings(
    all_settings: Sequence[ReleaseSettings], texts: Mapping[PurePosixPath, str]
) -> Legacy:
    """What its tables come to.

    Args:
        all_settings: one a project.
        texts: of `named_files`, as far as they are there.
    """
    found, findings = list[Setting](), list[Finding]()
    for settings in all_settings:
        copies = list(_copies(settings, texts))
        findings += (copy for copy in copies if isinstance(copy, Finding))
        files = tuple(dict.fromkeys(str(c) for c in copies if not isinstance(c, (Finding, dict))))
        tables = tuple(copy for copy in copies if isinstance(copy, dict))
        if files or tables:
            name = settings.member.name
            found.append(Setting(key=("version-files", name), content=(*files, *tables)))
        findings += _left(settings)
    tag, untaggable = _tags(all_settings)
    return Legacy(
        tool=Tool.SEMANTIC_RELEASE,
        settings=(*found, *tag, *_shared(all_settings)),
        findings=(*findings, *untaggable),
        files=tuple(s.path for s in all_settings if s.path.name == "releaserc.toml"),
    )


def _declared(table: TomlTable) -> Iterator[tuple[str, str, str, str]]:
    """Key, file, variable and form of each place that it writes versions to."""
    for key in _PLACES:
        for each in _listed(table, key):
            file, variable, form, *_ = (*str(each).split(":", 2), "", "")
            yield key, file, variable, form


def _listed(table: TomlTable, key: str) -> list[object]:
    listed = table.get(key)
    return listed if isinstance(listed, list) else []


def _is_in(path: PurePosixPath, each: object, member: Member) -> bool:
    """Whether a place that is written like ``packages/core/pyproject.toml:…`` is a member's."""
    file = path.parent / str(each).partition(":")[0]
    return member.path in file.parents


def _place(settings: ReleaseSettings, file: str) -> PurePosixPath | None:
    try:
        return inside(settings.path.parent, file)
    except UnsafePath:
        return None


def _copies(
    settings: ReleaseSettings, texts: Mapping[PurePosixPath, str]
) -> Iterator[PurePosixPath | dict[str, str] | Finding]:
    """Each copy of the version: the usual variable of a file, a pattern, or why neither."""
    for key, file, variable, form in _declared(settings.table):
        place = _place(settings, file)
        what = f"{key} {quoted(f'{file}:{variable}')}"
        if place is None or settings.member.path not in (*place.parents, place):
            yield not_carried(settings.path, what, "version-files lie in their member's folder")
        elif not _is_source(settings.member, place, variable):
            below = place.relative_to(settings.member.path)
            line = _line(texts.get(place, ""), variable, str(settings.member.version))
            if line is None:
                hint = f"no line of it has {variable!r} and the version {settings.member.version}"
                yield not_carried(settings.path, what, hint)
            elif variable in _USUAL and file.endswith(".py") and form in {"", "nf"}:
                yield below
            else:
                yield {"path": str(below), "pattern": line}


def _is_source(member: Member, place: PurePosixPath, variable: str) -> bool:
    """Whether the member's own version is there, so that there is nothing to say."""
    match member.version_source:
        case StaticVersion(key=key):
            return place == member.manifest and variable == ".".join(map(str, key))
        case VersionInFile(path=path):
            return place == path
        case _:
            return False


def _line(text: str, variable: str, version: str) -> str | None:
    """The line's text around the version; None where that is not exactly one line.

    A key of TOML with dots is looked for by its last part.
    """
    name = re.compile(rf"(?<![\w.-]){re.escape(variable.rpartition('.')[2])}(?![\w-])")
    number = re.compile(rf"(?<![\d.]){re.escape(version)}(?![\w.]*\d)")
    short = (line.strip() for line in text.split("\n") if len(line) <= _LONGEST_LINE)
    lines = [line for line in short if name.search(line) and number.search(line)]
    if variable == "*" or len(lines) != 1 or lines[0].count(version) != 1 or "{" in lines[0]:
        return None
    return lines[0].replace(version, "{version}")


def _tags(all_settings: Sequence[ReleaseSettings]) -> tuple[list[Setting], list[Finding]]:
    """One template for all, where each project's tags have its name at the same place."""
    templates = {}
    for settings in all_settings:
        format_ = str(settings.table.get("tag_format", "v{version}"))
        name = settings.member.written_name
        templates[settings.path] = format_.replace(name, "{name}", 1)
    shared = set(templates.values())
    if len(shared) == 1 and "{name}" in (template := shared.pop()):
        return [Setting(key=("tag",), content=template)], []
    hint = "tags are {name}-v{version} from now on: they say whose version it is"
    return [], [
        not_carried(path, f"tag_format {quoted(template)}", hint)
        for path, template in templates.items()
    ]


def _shared(all_settings: Sequence[ReleaseSettings]) -> Iterator[Setting]:
    """What is one for the whole repository here: the first project decides."""
    table = all_settings[0].table if all_settings else {}
    if table.get("major_on_zero") is True:
        yield Setting(key=("major-on-zero",), content="major")
    kind = table_at(table, "remote").get("type")
    if kind in _FORGES:
        yield Setting(key=("forge", "kind"), content=_FORGES[str(kind)])


def _left(settings: ReleaseSettings) -> Iterator[Finding]:
    for key, hint in _HINTS.items():
        if key in settings.table or key == "commit_parser":
            yield not_carried(settings.path, key, hint)
