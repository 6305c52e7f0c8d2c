"""A version inside a file of any kind: find it, read it, replace it and nothing else."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from packaging.version import Version

from monorelease.errors import EditFailed
from monorelease.formats.text import BOM
from monorelease.formats.version_patterns import compile_pattern
from monorelease.formats.version_text import parse_version
from monorelease.model.finding import Finding
from monorelease.model.workspace import VersionInFile

Span = tuple[int, int]
"""Where a piece of text begins and ends, in characters."""


def locate_versions(text: str, pattern: str) -> tuple[Span, ...]:
    r"""Where the group ``version`` of each match of `pattern` stands in `text`.

    A pattern sees what the build backends show it: every newline is ``\n``. A byte order mark
    at the beginning is no character of the first line.

    Raises:
        ValueError: as `compile_pattern` does.
    """
    compiled = compile_pattern(pattern)
    plain = text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")
    found = [match.span("version") for match in compiled.finditer(plain)]
    return tuple(
        (_in_original(text, begin), _in_original(text, end))
        for begin, end in found
        if begin >= 0  # else the group took no part in the match
    )


def _in_original(text: str, position: int) -> int:
    """Where `position` of the plain text is in `text`: line ends and a mark made it longer."""
    position += text.startswith(BOM)
    for extra in re.finditer(r"\r(?=\n)", text):
        if extra.start() >= position:
            break
        position += 1
    return position


def read_version(text: str, source: VersionInFile) -> Version | Finding:
    """The version that stands in the file of `source`, or what keeps it from being read.

    Args:
        text: the file's.
        source: its path is where findings are.
    """
    try:
        places = locate_versions(text, source.pattern)
    except ValueError as error:
        return _unclear("unknown-version-source", str(error), source.path)
    if not places:
        problem = f"no version is found here by the pattern {source.pattern!r}"
        return _unclear("no-version", problem, source.path)
    begin, end = places[0]
    if len(places) > 1:
        problem = f"{len(places)} versions are found here by the pattern {source.pattern!r}"
        second = _line(text, places[1][0])
        return _unclear("ambiguous-version", problem, source.path, second)
    return parse_version(text[begin:end], path=source.path, line=_line(text, begin))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _unclear(code: str, problem: str, path: PurePosixPath, line: int | None = None) -> Finding:
    hint = "the pattern has to match once in the file, with a group named 'version'"
    return Finding(code=code, problem=problem, hint=hint, path=path, line=line)


def replace_version(text: str, pattern: str, new: Version, path: PurePosixPath) -> str:
    """`text` with the version that `pattern` finds replaced, and nothing else.

    The result is searched again: the same pattern has to find `new`, spelled as it should be.

    Args:
        text: the whole file; newlines and a byte order mark stay as they are.
        pattern: a regular expression with a group ``version``.
        new: the version to write, in its normal form.
        path: what to call the file in an error.

    Raises:
        EditFailed: when `pattern` matches not at all, more than once, or no longer matches.
    """
    begin, end = _only_place(text, pattern, path)
    edited = f"{text[:begin]}{new}{text[end:]}"
    if locate_versions(edited, pattern) != ((begin, begin + len(str(new))),):
        raise _refusal(f"the pattern {pattern!r} would not find {str(new)!r} again", path)
    return edited


def _only_place(text: str, pattern: str, path: PurePosixPath) -> Span:
    try:
        places = locate_versions(text, pattern)
    except ValueError as error:
        raise _refusal(str(error), path) from error
    if len(places) != 1:
        raise _refusal(f"the pattern {pattern!r} finds {len(places) or 'no'} versions", path)
    return places[0]


def _refusal(problem: str, path: PurePosixPath) -> EditFailed:
    return EditFailed(
        f"the version was not replaced: {problem}",
        where=str(path),
        hint="the pattern has to match once in the file, with a group named 'version'",
    )
