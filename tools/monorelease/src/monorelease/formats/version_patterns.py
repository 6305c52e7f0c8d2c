"""The regular expressions that find a version in a file; their group ``version`` is the version."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from monorelease.model.config import VersionFile
from monorelease.model.workspace import VersionInFile

WHOLE_TEXT = r"\A\s*v?(?P<version>\S+)\s*\Z"
"""For a file that holds a version and nothing else."""


def assignment(*names: str, flags: str = "") -> str:
    """The pattern for ``name = "1.2.3"`` at the beginning of a line, annotated or not.

    Args:
        names: the variable may have any of these.
        flags: letters of inline flags; ``i`` lets letter case differ.
    """
    either = "|".join(map(re.escape, names))
    lead = f"(?{flags})" if flags else ""
    return rf"""{lead}^(?:{either})[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*(['"])v?(?P<version>.+?)\1"""


USUAL_ASSIGNMENT = assignment("__version__", "VERSION", flags="i")
"""What hatch's source ``regex`` looks for where it is given no pattern; annotated ones, too."""

_JSON = r'^[ \t]*"version"[ \t]*:[ \t]*"(?P<version>[^"\n]+)"'
_YAML = r"""^version[ \t]*:[ \t]*(["']?)(?P<version>[^\s"'#]+)\1"""
_INI = r"^version[ \t]*=[ \t]*(?P<version>[^\s#;]+)"
_USUAL = {
    "": WHOLE_TEXT,
    ".txt": WHOLE_TEXT,
    ".json": _JSON,
    ".cff": _YAML,
    ".yaml": _YAML,
    ".yml": _YAML,
    ".cfg": _INI,
    ".ini": _INI,
}

# PEP 440, in its normal form or with the separators that people put into it.
_VERSION = r"(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:a|b|rc|post|dev)[-_.]?\d+)*(?:\+\w+(?:[-_.]\w+)*)?"


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """`pattern`, ready to be used: ``^`` and ``$`` mean lines, as all build backends have it.

    Raises:
        ValueError: when it is no regular expression, or has no group ``version``.
    """
    try:
        compiled = re.compile(pattern, re.MULTILINE)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    if "version" not in compiled.groupindex:
        raise ValueError(f"{pattern!r} has no group named 'version'")
    return compiled


def pattern_of(version_file: VersionFile) -> str:
    """The regular expression for what the configuration asks for.

    The configuration's pattern stands for its own characters, ``{version}`` apart. An empty
    one means what is usual in a file of that name: the whole text of ``VERSION`` or
    ``version.txt``, a key ``version`` in JSON, YAML and INI files, and an assignment to
    ``__version__`` or ``VERSION`` in any other.
    """
    if not version_file.pattern:
        return _USUAL.get(version_file.path.suffix.lower(), USUAL_ASSIGNMENT)
    before, _, after = version_file.pattern.partition("{version}")
    return f"{re.escape(before)}(?P<version>{_VERSION}){re.escape(after)}"


def version_copies(
    folder: PurePosixPath, files: tuple[VersionFile, ...]
) -> tuple[VersionInFile, ...]:
    """The copies of its version that the configuration names for the member in `folder`."""
    return tuple(VersionInFile(path=folder / f.path, pattern=pattern_of(f)) for f in files)


def naming_first_group(pattern: str) -> str:
    """`pattern` with its first group called ``version``: pdm counts groups, hatch names them.

    A pattern whose first group has a name, or that has no group, is returned as it is.
    """
    for token in _GROUPS.finditer(pattern):
        if token[0].startswith("(?P<"):
            break
        if token[0] == "(":
            return f"{pattern[: token.start()]}(?P<version>{pattern[token.end() :]}"
    return pattern


# Escapes and character classes are taken whole: brackets in them open no group.
_GROUPS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P<|\((?!\?)", re.DOTALL)
