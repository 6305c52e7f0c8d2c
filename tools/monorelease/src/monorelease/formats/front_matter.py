"""The block between ``---`` lines that opens a fragment: found, read, written, cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.formats.fragment_codes import mistake
from monorelease.formats.plain_pairs import Pair, read_plain
from monorelease.formats.text import BOM
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding

_FENCE = "---"


def find_block(lines: Sequence[str], path: PurePosixPath) -> range | Finding:
    """The numbers of the lines between the fences, counted from 1; or what is wrong with them.

    Blank lines may stand before the block, and blanks beside its ``---``.
    """
    filled = (number for number, line in enumerate(lines, 1) if line.strip())
    opening = next(filled, 1)
    if not _is_fence(lines, opening):
        return mistake("front-matter-missing", "there is no front matter", path=path, line=opening)
    later = range(opening + 1, len(lines) + 1)
    closing = next((number for number in later if _is_fence(lines, number)), None)
    if closing is None:
        return mistake("front-matter-open", "the front matter never ends", path=path, line=opening)
    return range(opening + 1, closing)


def _is_fence(lines: Sequence[str], number: int) -> bool:
    return lines[number - 1].strip() == _FENCE


def read_pairs(
    lines: Sequence[str], block: range, path: PurePosixPath
) -> tuple[tuple[Pair, ...], tuple[Finding, ...]]:
    """The pairs in the lines of `block` in the order written, as text, and what is none."""
    plain = read_plain(lines, block)
    if plain is not None:
        return plain, ()
    # Importing YAML takes longer than reading a thousand fragments that can do without it.
    from monorelease.formats.yaml_pairs import read_yaml

    return read_yaml(lines, block, path)


def format_block(bumps: Mapping[NormalizedName, Bump]) -> str:
    """The block that names each of `bumps`, fences included."""
    return "".join((f"{_FENCE}\n", *map(_format_line, bumps.items()), f"{_FENCE}\n"))


def _format_line(pair: tuple[str, Bump]) -> str:
    return f"{pair[0]}: {pair[1].word}\n"


def lines_of(text: str) -> list[str]:
    """The lines of a file, without a byte order mark and without their ends."""
    return [line.removesuffix("\r") for line in text.removeprefix(BOM).split("\n")]


def cut(text: str, names: Collection[NormalizedName]) -> str:
    """See `without` in the room of fragments."""
    block, pairs = _read(text)
    staying = [pair for pair in pairs if canonicalize_name(pair.name) not in names]
    going = (pair for pair in pairs if canonicalize_name(pair.name) in names)
    gone = {number for pair in going for number in range(pair.first, pair.last + 1)}
    lines = text.split("\n")
    rest = [line for number, line in enumerate(lines, 1) if number not in gone]
    cut_text = "\n".join(rest)
    if _said(_read(cut_text)[1]) == _said(staying):
        return cut_text
    end = "\r" if lines[block.start - 2].endswith("\r") else ""
    plain = [f"{pair.name}: {pair.word}{end}" for pair in staying]
    return "\n".join((*lines[: block.start - 1], *plain, *lines[block.stop - 1 :]))


def _read(text: str) -> tuple[range, tuple[Pair, ...]]:
    """The block of `text` and its pairs; nothing of what is not as it should be."""
    lines, path = lines_of(text), PurePosixPath()
    block = find_block(lines, path)
    if isinstance(block, Finding):
        return range(0), ()
    pairs, findings = read_pairs(lines, block, path)
    return block, () if findings else pairs


def _said(pairs: Iterable[Pair]) -> list[tuple[str, str]]:
    return [(pair.name, pair.word) for pair in pairs]
