"""``[tool.towncrier]``, as far as it says how our changelogs look: the rest is towncrier's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from monorelease.formats.kinds import FILLED, LINES, Flag, ListOf, MapOf, Rule, Text, TextOr
from monorelease.formats.places import UNFIT, Place
from monorelease.formats.spellings import FILE_RULES, FOLDER
from monorelease.formats.tables import Fields, Key, Table
from monorelease.formats.toml import table_at
from monorelease.model.config import DEFAULT_CATEGORIES, Category, Towncrier
from monorelease.model.finding import Finding


def parse_towncrier(
    data: Mapping[str, object], path: PurePosixPath, changelog_file: str
) -> tuple[Towncrier, tuple[Finding, ...]]:
    """How changelogs look, and what of that cannot be followed.

    As in towncrier, the suffix of the `changelog_file` decides which sort of comment marks
    the place for new sections, and ``fragment`` tables win over a ``type`` array.

    Args:
        data: the parsed document.
        path: where it stands, for the findings.
        changelog_file: the name of the members' changelogs.
    """
    findings: list[Finding] = []
    place = Place(path=path, key=("tool", "towncrier"), findings=findings, example=_EXAMPLE)
    read = _TOWNCRIER.read(table_at(data, "tool").get("towncrier", {}), place)
    fields = Fields(values={}) if read is UNFIT else read
    look = Towncrier(
        categories=_categories(fields) or DEFAULT_CATEGORIES,
        template=fields[_TEMPLATE],
        title_format=_title_format(fields, place),
        issue_format=fields[_ISSUE_FORMAT],
        start_string=fields[_START_STRING].rstrip("\n") or _default_marker(changelog_file),
        directory=str(fields[_DIRECTORY]),
    )
    return look, tuple(findings)


def _categories(fields: Fields) -> tuple[Category, ...]:
    """Those of the tables in the order of their names, as towncrier sorts them; or the array's."""
    named = sorted(fields[_FRAGMENT].items())
    tables = tuple(
        Category(
            directory=directory,
            title=table[_TITLE] or directory.capitalize(),
            show_content=table[_SHOW_CONTENT],
        )
        for directory, table in named
    )
    return tables or fields[_TYPE]


def _title_format(fields: Fields, place: Place) -> str:
    """Towncrier's ``false`` becomes an empty format: the template writes the title itself."""
    title = fields[_TITLE_FORMAT]
    if title is True:
        there = place.at("title_format", example=f"title_format = {_TITLE_FORMAT.example}")
        there.refuse("config-wrong-type", "must be a string or false, not true")
    if title is False:
        return ""
    return title if isinstance(title, str) and title else _DEFAULTS.title_format


def _default_marker(changelog_file: str) -> str:
    markdown = PurePosixPath(changelog_file).suffix == ".md"
    return _DEFAULTS.start_string if markdown else ".. towncrier release notes start"


def _category(fields: Fields) -> Category:
    """One of the array: its directory is the name in lower case, if it has none of its own.

    Raises:
        ValueError: when such a name cannot be a part of a file name.
    """
    directory = fields[_TYPE_DIRECTORY] or fields[_TYPE_NAME].lower()
    if any(sign in directory for sign in "./\\"):
        raise ValueError("needs a directory: its name cannot be a part of a file name")
    return Category(
        directory=directory,
        title=fields[_TYPE_NAME],
        show_content=fields[_SHOW_CONTENT],
    )


def _template(path: str) -> str | None:
    return None if path.startswith("towncrier:") else path


_DEFAULTS = Towncrier(categories=DEFAULT_CATEGORIES)
_EXAMPLE = '[[tool.towncrier.type]] directory = "fix", name = "Fixes"'
_CATEGORY_NAME = Text(
    noun="the category in file names",
    make=str,
    rules=(FILLED, Rule(r"^[^./\\]*$", "may not contain dots or slashes")),
)
_HEADING = Text(noun="a heading", make=str, rules=(FILLED,))

_TITLE = Key(name="name", kind=_HEADING, default="", example='"Fixes"')
_SHOW_CONTENT = Key(name="showcontent", kind=Flag(), default=True, example="false")
_FRAGMENT: Key[Mapping[str, Fields]] = Key(
    name="fragment",
    kind=MapOf(
        noun="a table of tables",
        name=_CATEGORY_NAME,
        value=Table(
            noun="a table", keys=(_TITLE, _SHOW_CONTENT), make=lambda fields: fields, open=True
        ),
    ),
    default={},
    example='{ fix = { name = "Fixes" } }',
)

_TYPE_NAME = Key(name="name", kind=_HEADING, default="", example='"Fixes"', needed=True)
_TYPE_DIRECTORY = Key(name="directory", kind=_CATEGORY_NAME, default="", example='"fix"')
_TYPE = Key(
    name="type",
    kind=ListOf(
        noun="an array of tables",
        item=Table(
            noun="a table",
            keys=(_TYPE_NAME, _TYPE_DIRECTORY, _SHOW_CONTENT),
            make=_category,
            open=True,
        ),
        identity=lambda category: category.directory,
    ),
    default=(),
    example='[{ directory = "fix", name = "Fixes" }]',
)

_TEMPLATE = Key(
    name="template",
    kind=Text(
        noun="a path",
        make=_template,
        rules=(
            Rule(
                r"^(towncrier:default(\.md)?|[^:]*)$",
                "names a template inside a package: copy it into the repository, give its path",
            ),
            *FILE_RULES,
        ),
    ),
    default=None,
    example='"changes/_template.md"',
)
_TITLE_TEMPLATE: TextOr[str | bool] = TextOr(
    text=Text(
        noun="a string or false",
        make=str,
        rules=(
            Rule(r"^$|\{version\}", "must contain {version}"),
            Rule(
                # str.format() would let other fields reach into objects.
                r"^([^{}]|\{\{|\}\}|\{(name|version|project_date)\})*$",
                "may have no fields but {name}, {version} and {project_date}",
            ),
        ),
    ),
    other=Flag(noun="a string or false"),
)
_TITLE_FORMAT = Key(
    name="title_format",
    kind=_TITLE_TEMPLATE,
    default="",
    example='"## {version} - {project_date}"',
)
_ISSUE_FORMAT: Key[str | None] = Key(
    name="issue_format",
    kind=Text(
        noun="a string",
        make=str,
        rules=(Rule(r"^([^{}]|\{\{|\}\}|\{issue\})*$", "may have no fields but {issue}"),),
    ),
    default=None,
    example='"[#{issue}](https://forge.example/acme/issues/{issue})"',
)
_START_STRING = Key(
    name="start_string",
    kind=Text(noun="a string", make=str, signs=LINES),
    default="",
    example='"<!-- towncrier release notes start -->"',
)
_DIRECTORY = Key(
    name="directory",
    kind=FOLDER,
    default=PurePosixPath(_DEFAULTS.directory),
    example='"changes"',
)
_TOWNCRIER = Table(
    noun="a table",
    keys=(
        _FRAGMENT,
        _TYPE,
        _TEMPLATE,
        _TITLE_FORMAT,
        _ISSUE_FORMAT,
        _START_STRING,
        _DIRECTORY,
    ),
    make=lambda fields: fields,
    open=True,
)
