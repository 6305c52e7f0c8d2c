"""Scriv's ``changelog.d/``: a file a branch, with the categories as headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from monorelease.formats.migrations.complaints import needs_a_look, not_carried, unreadable_settings
from monorelease.formats.migrations.rst import to_markdown
from monorelease.formats.stranger_words import tame
from monorelease.formats.toml import TomlTable, table_at
from monorelease.model.finding import Finding
from monorelease.model.migration import Files, PendingNote
from monorelease.model.value import value

_FOLDER = "changelog.d"
_SECTIONS = ("scriv", "tool.scriv")
_SUFFIXES = frozenset({".md", ".rst"})
_ANCHOR = re.compile(r"<a id=(['\"])[-.\w]+\1></a>")
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*")
_UNDERLINE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}")
_RST_COMMENT = re.compile(r"\.\.(?!\.|[ \t]+(?:_|\[|\||[\w+:.-]+::))")
_RST_ANCHOR = re.compile(r"\.\. _[-.\w]+:")
_ITEM = re.compile(r"[-*+][ \t]+")


@value
class ScrivProject:
    """A configuration of scriv."""

    folder: PurePosixPath
    """Where its notes are."""
    skipped: str
    """A glob of files there that are none."""
    findings: tuple[Finding, ...] = ()


def parse_settings(
    texts: Mapping[PurePosixPath, str],
) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """What ``setup.cfg``, ``tox.ini`` and ``scriv.ini`` say to scriv; later files win."""
    from configparser import ConfigParser, Error

    settings: dict[str, str] = {}
    findings = []
    for path, text in texts.items():
        parser = ConfigParser(interpolation=None)
        try:
            parser.read_string(text)
        except Error as error:
            findings.append(unreadable_settings(path, str(error).partition("\n")[0]))
            continue
        section = next((name for name in _SECTIONS if parser.has_section(name)), None)
        settings |= dict(parser[section]) if section else {}
    return settings, tuple(findings)


def parse_project(
    own: PurePosixPath, data: TomlTable, settings: Mapping[str, str], path: PurePosixPath
) -> ScrivProject:
    """Where the notes of the project in the folder `own` are.

    A setting that names a command or a file is not followed: nothing is run here.

    Args:
        own: relative to the root.
        data: its parsed ``pyproject.toml``; empty where there is none.
        settings: of its other files.
        path: the file that speaks of scriv, for findings.
    """
    table = {**settings, **table_at(data, "tool", "scriv")}
    named = str(table.get("fragment_directory", _FOLDER))
    findings = []
    if named.startswith(("command:", "file:", "literal:")):
        findings.append(not_carried(path, "fragment_directory", "write the folder's name there"))
        named = _FOLDER
    return ScrivProject(
        folder=own / named,
        skipped=str(table.get("skip_fragments", "README.*")),
        findings=tuple(findings),
    )


def read_notes(
    project: ScrivProject, files: Files
) -> tuple[tuple[PendingNote, ...], tuple[Finding, ...]]:
    """The notes in the files of its folder, one an item of a list, and what needs a look."""
    notes, findings = list[PendingNote](), list[Finding]()
    for path, data in sorted(files.items()):
        if path.suffix not in _SUFFIXES or fnmatchcase(path.name, project.skipped):
            continue
        text = data.decode("utf-8", "replace").replace("\r\n", "\n")
        for heading, body, line in _sections(path, text):
            said = body
            if path.suffix == ".rst":
                said, odd = to_markdown(body)
                findings += (needs_a_look(path, line + at, words) for at, words in odd)
            notes += (
                PendingNote(path=path, kind=heading, text=tame(item)) for item in _items(said)
            )
    return tuple(notes), tuple(findings)


def _sections(path: PurePosixPath, text: str) -> Iterator[tuple[str, str, int]]:
    """Each heading, what stands below it, and how many lines stand above that; no comments."""
    lines = _markdown_lines(text) if path.suffix == ".md" else _rst_lines(text)
    heading, body, above = "", list[str](), 0
    for number, (title, line) in enumerate(lines, 1):
        if title is None:
            body.append(line)
            continue
        yield heading, "\n".join(body), above
        heading, body, above = title, [], number
    yield heading, "\n".join(body), above


def _markdown_lines(text: str) -> Iterator[tuple[str | None, str]]:
    """Each line, with the title where it is a heading as high as the first one."""
    marks = ""
    for line in _without_comments(text.split("\n")):
        found = _HEADING.fullmatch(line)
        marks = marks or (found["marks"] if found else "")
        is_category = found is not None and found["marks"] == marks
        yield (found["title"] if found and is_category else None), _ANCHOR.sub("", line)


def _without_comments(lines: Sequence[str]) -> Iterator[str]:
    """The lines, those of comments empty: one begins its line, and ends at the end of one."""
    is_open = False
    for line in lines:
        begins = is_open or line.lstrip().startswith("<!--")
        is_open = begins and not line.rstrip().endswith("-->")
        yield "" if begins else line


def _rst_lines(text: str) -> Iterator[tuple[str | None, str]]:
    """Each line, with the title where it is underlined as the first heading is."""
    lines = [
        "" if _RST_COMMENT.match(line) or _RST_ANCHOR.fullmatch(line.rstrip()) else line.rstrip()
        for line in text.split("\n")
    ]
    sign = ""
    skipped = False
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        is_title = bool(line) and not _is_underline(line) and _is_underline(below)
        sign = sign or (below[0] if is_title else "")
        is_category = is_title and below[0] == sign
        yield (line.strip() if is_category else None), ("" if skipped else line)
        skipped = is_category


def _is_underline(line: str) -> bool:
    return _UNDERLINE.fullmatch(line) is not None


def _items(text: str) -> Iterator[str]:
    """The items of a list, each without its mark; a text with anything else is one."""
    lines = text.strip("\n").split("\n")
    starts = [number for number, line in enumerate(lines) if _ITEM.match(line)]
    if not starts or starts[0] != 0 or not _is_list(lines):
        yield from [text.strip()] if text.strip() else []
        return
    for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _without_mark(lines[begin:end])


def _is_list(lines: Sequence[str]) -> bool:
    """Whether every line begins an item, or belongs to one."""
    return all(not line or line[0] == " " or _ITEM.match(line) for line in lines)


def _without_mark(lines: Sequence[str]) -> str:
    found = _ITEM.match(lines[0])
    width = found.end() if found else 0
    rest = (line[width:] if not line[:width].strip() else line.lstrip() for line in lines[1:])
    return "\n".join((lines[0][width:], *rest)).strip()
