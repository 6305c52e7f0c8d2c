"""A changelog's sections: where a new one goes, and which one speaks of a version."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from packaging.version import Version

from monorelease.errors import ReleaseError
from monorelease.formats.markdown import Heading, headings, scan
from monorelease.formats.section_titles import is_section, leads_with_version, version_in
from monorelease.formats.text import BOM
from monorelease.model.value import value

_BLANKS = re.compile(r"(?:[ \t]*\r?\n)*")
_ENDS_BLANK = re.compile(r"(?:\A|\n)[ \t]*\r?\n\Z")
_STARTS_BLANK = re.compile(r"[ \t]*\r?(?:\n|\Z)")
_PADDED = re.compile(r"\.0\d|(?<!\d)0\d+\.")
"""Numbers of a version with zeros before them, as in 2026.01."""
_UNRELEASED = re.compile(r"\W*unreleased\b", re.IGNORECASE)


@value
class Changelog:
    """One changelog, as it is before a release."""

    path: PurePosixPath
    text: str | None
    """With its own newlines and byte order mark; None where there is no file."""
    heading: str
    """What a new file is headed with."""
    start_string: str
    """The line below which towncrier puts new sections."""


def insert(changelog: Changelog, section: str, version: Version | None = None) -> str:
    """The changelog's text with `section` in it; nothing else moves.

    It goes under the marker, else above the first section, else to the end. An "Unreleased"
    section stays on top. Newlines become those of the file.

    Args:
        changelog: what there is.
        section: with line feeds, ending with one.
        version: what the section is on, and no other may be; None to allow any.

    Raises:
        ReleaseError: when there is a section on that version (by PEP 440: 1.2 is 1.2.0).
    """
    text = changelog.text or ""
    if version is not None and (found := _heading_of(text, version)):
        raise ReleaseError(
            f"there is a section on {version} already",
            where=f"{changelog.path}:{found.line + 1}",
            hint="remove that section, or release another version",
        )
    marker = changelog.start_string.strip()
    if text.removeprefix(BOM).strip():
        return _splice(text, _place(text, marker), section)
    opening = "\n\n".join(filter(None, (f"# {changelog.heading}", marker)))
    return _splice(text, len(text) - len(text.removeprefix(BOM)), f"{opening}\n\n{section}")


def line_of_section(text: str, version: Version) -> int | None:
    """The line, counted from 1, of the heading of the section on `version`; None without one."""
    found = _heading_of(text, version)
    return None if found is None else found.line + 1


def section_of(text: str, version: Version) -> str | None:
    """The section of `text` on `version`, heading and all; None where there is none.

    It ends with one newline, and all its newlines are line feeds.
    """
    found = _heading_of(text, version)
    if found is None:
        return None
    unix = _unix(text)
    later = (heading for heading in headings(unix) if heading.line > found.line)
    ends = (h.line for h in later if h.level <= found.level or leads_with_version(h))
    return "\n".join(unix.split("\n")[found.line : next(ends, None)]).rstrip() + "\n"


def newest_version(text: str) -> Version | None:
    """The version that the topmost section of `text` is on; None where none is on a version.

    A section whose heading says that it is unreleased is passed over.
    """
    for heading in headings(_unix(text)):
        version = version_in(heading)
        if version is not None and "unreleased" not in heading.title.lower():
            return version
    return None


def _heading_of(text: str, version: Version) -> Heading | None:
    if not _mentions(text, version):
        return None
    return next((h for h in headings(_unix(text)) if version_in(h) == version), None)


def _mentions(text: str, version: Version) -> bool:
    """Whether `text` can have a section on `version`: most have not, and that is soon seen."""
    numbers = list(version.release)
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    if ".".join(map(str, numbers)) not in text and not _PADDED.search(text):
        return False
    release = r"\.".join(f"0*{number}" for number in numbers)
    return re.search(rf"(?<![\d.]){release}(?:\.0+)*(?!\.?\d)", text) is not None


def _place(text: str, marker: str) -> int:
    """Where a new section goes: the offset of the line that it pushes down, or of the end."""
    start = _below_marker(text, marker)
    rest = _unix(text[start:])
    if start and not _begins_unreleased(rest):
        return start
    first = _first_section(rest)
    return len(text) if first is None else _offset(text, start, first)


def _first_section(text: str) -> int | None:
    """The line of the first section on a version or a day, which is no part of another."""
    deepest = 6
    for heading in headings(text):
        if _UNRELEASED.match(heading.title):
            deepest = heading.level
        elif heading.level <= deepest and is_section(heading):
            return heading.line
    return None


def _below_marker(text: str, marker: str) -> int:
    """The offset of the first line below the marker that is not blank; 0 without a marker."""
    if not marker:
        return 0
    for found in re.finditer(rf"^{re.escape(marker)}[ \t]*\r?(?:\n|\Z)", text, re.MULTILINE):
        if not scan(_unix(text[: found.start()])).unclosed:
            return _after_blanks(text, found.end())
    return 0


def _begins_unreleased(text: str) -> bool:
    first = next(headings(text.partition("\n\n")[0]), None)
    return bool(first and first.line == 0 and _UNRELEASED.match(first.title))


def _after_blanks(text: str, offset: int) -> int:
    blanks = _BLANKS.match(text, offset)
    return blanks.end() if blanks else offset


def _splice(text: str, at: int, section: str) -> str:
    """`text` with `section` at that offset, a blank line on either side of it."""
    before, after = text[:at], text[at:]
    above = below = ""
    if before.removeprefix(BOM) and not _ENDS_BLANK.search(before):
        above = "\n" if before.endswith("\n") else "\n\n"
    if after and not _STARTS_BLANK.match(after):
        below = "\n"
    added = f"{above}{section}{below}"
    is_windows = text.count("\r\n") * 2 > text.count("\n")
    return before + (added.replace("\n", "\r\n") if is_windows else added) + after


def _offset(text: str, start: int, lines: int) -> int:
    """Where the line begins that is so many `lines` below the one at `start`."""
    offset = start
    for _ in range(lines):
        offset = text.index("\n", offset) + 1
    return offset or len(text) - len(text.removeprefix(BOM))


def _unix(text: str) -> str:
    """`text` with line feeds alone, line for line, and without a byte order mark."""
    return text.removeprefix(BOM).replace("\r\n", "\n")
