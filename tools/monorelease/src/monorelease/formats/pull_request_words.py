"""What the body and the labels of a pull request say about its release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monorelease.model.bump import Bump
from monorelease.model.value import value

_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<info>[^`]*)$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_WORD = "changes"
_MOST = 50
"""Blocks of one body that are read."""


@value
class Block:
    """A fenced block ``changes`` of a body: a fragment as somebody would write it to a file."""

    category: str
    """The word behind ``changes``; empty where there is none."""
    content: str
    """What stands between the fences, without comments."""
    line: int
    """Of the fence, counted from 1."""


def blocks_in(body: str) -> tuple[Block, ...]:
    """The blocks of a body, top to bottom; none that is commented out, or holds comments alone."""
    blocks = (block for block in _fenced(body) if block.content.strip())
    return tuple(block for block, _ in zip(blocks, range(_MOST), strict=False))


def bumps_labelled(labels: Sequence[str]) -> frozenset[Bump]:
    """The bumps that labels name: ``patch``, ``bump: minor``, ``no release`` and their like."""
    plain = (" ".join(re.findall(r"[a-z]+", label.casefold())) for label in labels)
    return frozenset(_LABELS[word] for word in plain if word in _LABELS)


_LABELS = {
    **{
        f"{lead} {bump.word}".strip(): bump
        for bump in (Bump.PATCH, Bump.MINOR, Bump.MAJOR)
        for lead in ("", "bump", "release", "semver")
    },
    **dict.fromkeys(("breaking", "breaking change"), Bump.MAJOR),
    **dict.fromkeys(("bump none", "release none", "semver none"), Bump.NONE),
    **dict.fromkeys(("no release", "skip release", "no changelog", "skip changelog"), Bump.NONE),
}
"""By the letters of a label: ``semver:minor``, ``Bump/minor`` and ``bump: minor`` are alike."""


def _fenced(body: str) -> Iterator[Block]:
    opening: re.Match[str] | None = None
    begin, lines = 0, list[str]()
    for number, line in enumerate(_without_comments(body).split("\n"), 1):
        found = _FENCE.match(line)
        if opening is None:
            opening, begin, lines = found, number, []
        elif found and _closes(found, opening):
            yield from _block(opening["info"], lines, begin)
            opening = None
        else:
            lines.append(line)


def _closes(found: re.Match[str], opening: re.Match[str]) -> bool:
    return found["marks"].startswith(opening["marks"]) and not found["info"].strip()


def _block(info: str, lines: Sequence[str], line: int) -> Iterator[Block]:
    word, category, *_ = (*info.split(), "", "")
    if word == _WORD:
        yield Block(category=category, content="\n".join(lines), line=line)


def _without_comments(body: str) -> str:
    """The body without comments, and with as many lines."""
    text = body.replace("\r\n", "\n")
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
