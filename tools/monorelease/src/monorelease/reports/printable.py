"""Text from elsewhere as it may be shown: what steers a terminal or a build log is spelled out.

Names of files, words of fragments and what other programs print may hold escape sequences,
marks that turn the direction of writing, and commands to the runner of a GitHub workflow. The
runner takes ``::error::`` for one behind blanks too, and ``##[error]`` anywhere in a line.
"""

from __future__ import annotations

import re

# DEL, C1, what turns the direction of writing, and the line ends that only Unicode knows.
_BEYOND_C0 = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_IN_A_LINE = re.compile(rf"[\x00-\x1f{_BEYOND_C0}]")
_IN_A_TEXT = re.compile(rf"[\x00-\x08\x0b-\x1f{_BEYOND_C0}]")
_COMMAND = re.compile(r"^([^\S\n]*):(?=:[A-Za-z-]+(?: [^\n]*)?::)", re.MULTILINE)
_OLD_COMMAND = re.compile(r"#(?=#\[[A-Za-z])")
_IN_JSON = re.compile(rf"[{_BEYOND_C0}]|{_OLD_COMMAND.pattern}")


def printable(text: str) -> str:
    """A value within a line: a name, a path, a problem. Newlines and tabs are spelled out too."""
    return _disarmed(_IN_A_LINE.sub(_spelled, text))


def printable_lines(text: str) -> str:
    """A text of several lines: its newlines and tabs stay."""
    return _disarmed(_IN_A_TEXT.sub(_spelled, text))


def printable_json(document: str) -> str:
    r"""A JSON document that means the same, with ``\u`` escapes for what steers."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def _spelled(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"


def _disarmed(text: str) -> str:
    """The text without workflow commands: the first sign of each is spelled out."""
    return _OLD_COMMAND.sub(r"\\x23", _COMMAND.sub(r"\1\\x3a", text))
