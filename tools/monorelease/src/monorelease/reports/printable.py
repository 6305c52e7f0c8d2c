"""Text from elsewhere as it may be shown: what steers a terminal or a build log is spelled out.

Names of files, words of fragments and what other programs print may hold escape sequences,
marks that turn the direction of writing, and commands to the runner of a GitHub workflow. The
runner takes ``::error::`` for one behind blanks too, and ``##[error]`` anywhere in a line.
"""

from __future__ import annotations

import re

# Steering are C0, DEL, C1, what turns the direction of writing, and Unicode's own line ends.
_BEYOND_C0 = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_IN_A_LINE = re.compile(rf"[\x00-\x1f{_BEYOND_C0}]")
_IN_A_BLOCK = re.compile(rf"[\x00-\x08\x0b-\x1f{_BEYOND_C0}]")
_IN_JSON = re.compile(rf"[{_BEYOND_C0}]|\#(?=\#\[[A-Za-z])")
_COMMAND = re.compile(
    r"""
      (?<=^) (?P<blanks>[^\S\n]*) : (?= :[A-Za-z-]+ (?:[ ][^\n]*)? :: )
    | \# (?= \#\[[A-Za-z] )
    """,
    re.MULTILINE | re.VERBOSE,
)


def printable(text: str) -> str:
    """A value for one line: a name, a path, a problem. Its own line ends are spelled out too."""
    return _without_commands(_IN_A_LINE.sub(_spelled, text))


def printable_lines(text: str) -> str:
    """A text of several lines: newlines and tabs stay."""
    return _without_commands(_IN_A_BLOCK.sub(_spelled, text))


def printable_json(document: str) -> str:
    r"""A JSON document that says the same, with ``\u`` escapes for what steers."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def _spelled(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"


def _without_commands(text: str) -> str:
    """The text with the first sign of each workflow command spelled out."""
    return _COMMAND.sub(_disarmed, text)


def _disarmed(found: re.Match[str]) -> str:
    blanks = found["blanks"] or ""
    return f"{blanks}\\x{ord(found[0][-1]):02x}"
