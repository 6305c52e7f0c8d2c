"""Text with ``@places@`` in it, and the words that belong there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_PLACE = re.compile(r"@([a-z]+(?:-[a-z]+)*)@")
_BLOCK = re.compile(rf"( *){_PLACE.pattern}")


def fill(template: str, words: Mapping[str, str]) -> str:
    """The template with its places filled.

    A place that has a line for itself takes any number of lines, and all of them are indented as
    it is; without words the line goes. Words are text: a place in them stays as it is.

    Args:
        template: lines, each with a newline at its end.
        words: for every place; without a newline at the end.

    Raises:
        KeyError: a place has no words.
    """
    lines = (each for line in template.splitlines() for each in _filled(line, words))
    return "".join(f"{line}\n" for line in lines)


def _filled(line: str, words: Mapping[str, str]) -> Iterator[str]:
    if block := _BLOCK.fullmatch(line):
        indent, name = block.groups()
        yield from (f"{indent}{each}".rstrip() for each in words[name].splitlines())
    else:
        yield _PLACE.sub(lambda place: words[place[1]], line)
