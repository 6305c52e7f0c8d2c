"""Text from elsewhere as a scalar of YAML that means it, whatever it is."""

from __future__ import annotations

_BEYOND_FOUR_DIGITS = 0x10000


def quoted(text: str) -> str:
    """`text` as a double-quoted scalar on one line, in ASCII."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    if " " <= character <= "~":
        return character
    number = ord(character)
    return f"\\u{number:04X}" if number < _BEYOND_FOUR_DIGITS else f"\\U{number:08X}"
