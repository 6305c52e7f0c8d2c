"""Towncrier's news directories: a file a change, named after the issue and its type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from monorelease.errors import UnsafePath
from monorelease.formats.fragment_codes import quoted
from monorelease.formats.fragment_names import is_fragment
from monorelease.formats.fragments import parse_fragment
from monorelease.formats.migrations.complaints import (
    needs_a_look,
    not_a_note,
    not_carried,
    setting_needs_a_look,
)
from monorelease.formats.migrations.rst import to_markdown
from monorelease.formats.paths import inside
from monorelease.formats.stranger_words import tame
from monorelease.formats.toml import TomlTable, table_at
from monorelease.model.finding import Finding
from monorelease.model.migration import Files, PendingNote
from monorelease.model.value import value

_DEFAULT_TYPES = {
    "feature": "Features",
    "bugfix": "Bugfixes",
    "doc": "Improved Documentation",
    "removal": "Deprecations and Removals",
    "misc": "Misc",
}
_IGNORED = frozenset({"readme", "readme.md", "readme.rst", ".gitignore", ".gitkeep", ".keep"})
_RST_LINK = re.compile(r"`(?P<words>[^`<\n]*[^`<\s]) *<(?P<url>[^`>\s]+)>`__?")
_ID = re.compile(r"\+?\w[\w.-]*")
_LEFT = {
    "package_dir": "where a package is, its own pyproject.toml says here",
    "single_file": "changelogs are one file a member here",
    "section": "members take the place of sections: each has a changelog of its own",
}


@value
class NewsProject:
    """A configuration of towncrier, seen from the folder that it stands in."""

    path: PurePosixPath
    """The file that it stands in."""
    directories: tuple[PurePosixPath, ...]
    """Where its news may be."""
    types: Mapping[str, str]
    """The titles of its types, by what stands in file names."""
    changelog: str
    """The file that it is written to, from its own folder or a member's; empty where that is
    no Markdown, and cannot be gone on with."""
    is_rst: bool
    """Whether files without a suffix are reStructuredText."""
    ignored: frozenset[str]
    """Names of files that are no news, in lower case."""
    findings: tuple[Finding, ...] = ()


def parse_project(
    data: TomlTable, path: PurePosixPath, folders: Sequence[PurePosixPath] = ()
) -> NewsProject | None:
    """The project that a ``pyproject.toml`` or ``towncrier.toml`` describes; None for none.

    Args:
        data: the parsed document.
        path: where it stands.
        folders: of members that may share it, as towncrier's ``--dir`` has it.
    """
    if "towncrier" not in table_at(data, "tool"):
        return None
    table = table_at(data, "tool", "towncrier")
    own = path.parent
    places = [*_directories(own, table, data)]
    shared = [PurePosixPath(str(table.get("directory") or "newsfragments"))]
    places += [folder / each for folder in folders for each in shared if folder != own]
    template = PurePosixPath(str(table.get("template", ""))).name.lower()
    ignore = table.get("ignore")
    listed = ignore if isinstance(ignore, list) else []
    filename = str(table.get("filename") or "NEWS.rst")
    is_rst = PurePosixPath(filename).suffix != ".md"
    return NewsProject(
        path=path,
        directories=tuple(dict.fromkeys(place for place in places if _is_below(place))),
        types=_types(table) or _DEFAULT_TYPES,
        changelog="" if is_rst else filename,
        is_rst=is_rst,
        ignored=_IGNORED | {template} | {str(name).lower() for name in listed},
        findings=(
            *(not_carried(path, key, _LEFT[key]) for key in _LEFT if key in table),
            *([_another_file(path, filename)] if is_rst else []),
            *_unfit(path, table),
        ),
    )


def read_news(
    project: NewsProject, files: Files
) -> tuple[tuple[PendingNote, ...], tuple[Finding, ...]]:
    """The notes among the files of its directories, and what is none or needs a look.

    What is a fragment of ours already is left out.
    """
    notes, findings = list[PendingNote](), list[Finding]()
    for path, data in sorted(files.items()):
        if path.name.lower() in project.ignored or _is_ours(path, data, project):
            continue
        name = _read_name(path, project.types)
        if name is None:
            types = ", ".join(project.types)
            findings.append(not_a_note(path, f"its name says none of the types {types}"))
            continue
        text = data.decode("utf-8", "replace")
        if path.suffix == ".rst" or (project.is_rst and path.suffix not in {".md", ".txt"}):
            text, odd = to_markdown(text)
            findings += (needs_a_look(path, line, words) for line, words in odd)
        issue, kind = name
        notes.append(PendingNote(path=path, kind=kind, number=issue, text=tame(text)))
    return tuple(notes), tuple(findings)


def _directories(own: PurePosixPath, table: TomlTable, data: TomlTable) -> Iterator[PurePosixPath]:
    """Where towncrier itself would look; sections have folders of their own."""
    package = str(table.get("package") or table_at(data, "project").get("name") or "")
    for section in _sections(table):
        if directory := table.get("directory"):
            yield own / str(directory) / section
        else:
            yield own / str(table.get("package_dir", ".")) / package / section / "newsfragments"


def _another_file(path: PurePosixPath, filename: str) -> Finding:
    hint = (
        "changelogs are Markdown, and CHANGELOG.md in the folder of each member unless "
        "changelog.file of [tool.monorelease] names another; what there is stays as it is"
    )
    return not_carried(path, f"filename {quoted(filename)}", hint)


def _unfit(path: PurePosixPath, table: TomlTable) -> Iterator[Finding]:
    """What goes on to count, and writes something else than Markdown."""
    template, links = str(table.get("template", "")), str(table.get("issue_format", ""))
    if template.endswith(".rst") and not template.startswith("towncrier:"):
        hint = "take it out, or write it in Markdown: changelogs are Markdown here"
        yield setting_needs_a_look(path, f"template {quoted(template)} is followed", hint)
    if _RST_LINK.search(links):
        fit = _RST_LINK.sub(r"[\g<words>](\g<url>)", links)
        hint = f"write it in Markdown, as changelogs are: issue_format = {quoted(fit)}"
        yield setting_needs_a_look(path, "issue_format writes reStructuredText", hint)


def _sections(table: TomlTable) -> list[str]:
    sections = table.get("section")
    named = sections if isinstance(sections, list) else []
    paths = [str(each.get("path", "")) for each in named if isinstance(each, dict)]
    return paths or [""]


def _is_below(place: PurePosixPath) -> bool:
    try:
        return inside(PurePosixPath(), str(place)) != PurePosixPath()
    except UnsafePath:
        return False


def _types(table: TomlTable) -> dict[str, str]:
    """The types of the tables, else of the array, as towncrier prefers them."""
    tables = table_at(table, "fragment")
    named = {str(name): str(table_at(tables, name).get("name", name)) for name in tables}
    array = table.get("type")
    entries = [
        each for each in (array if isinstance(array, list) else []) if isinstance(each, dict)
    ]
    titles = [str(each.get("name", "")) for each in entries]
    listed = {
        str(each.get("directory") or title.lower()): title
        for each, title in zip(entries, titles, strict=True)
    }
    return named or listed


def _read_name(path: PurePosixPath, types: Mapping[str, str]) -> tuple[str, str] | None:
    """The issue and the type in a name, by towncrier's rule: the last part that is a type."""
    parts = path.name.split(".")
    place = next((n for n in range(len(parts) - 1, 0, -1) if parts[n] in types), None)
    if place is None:
        return None
    issue = ".".join(parts[:place]).strip()
    number = issue.removeprefix("#")
    if number.isascii() and number.isdigit():
        return number.lstrip("0") or "0", parts[place]
    return (issue if _ID.fullmatch(issue) else ""), parts[place]


def _is_ours(path: PurePosixPath, data: bytes, project: NewsProject) -> bool:
    if not is_fragment(path) or not data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"---"):
        return False
    fragment, _ = parse_fragment(path, data, tuple(project.types))
    return fragment is not None
