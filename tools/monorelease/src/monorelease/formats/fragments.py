"""A file of ``changes/`` and the fragment in it: read with all its mistakes, written, cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.formats import front_matter
from monorelease.formats.fragment_codes import mistake
from monorelease.formats.fragment_entries import read_entries
from monorelease.formats.fragment_names import fragment_name, is_fragment, read_name
from monorelease.formats.fragment_prose import (
    conflict_line,
    control_character,
    harmless,
    open_fence,
)
from monorelease.formats.text import BOM
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding
from monorelease.model.fragment import Fragment

__all__ = ["format_fragment", "fragment_name", "is_fragment", "parse_fragment", "without"]

_LARGEST = 256 * 1024


def parse_fragment(
    path: PurePosixPath, data: bytes, categories: Collection[str]
) -> tuple[Fragment | None, tuple[Finding, ...]]:
    """As much of a fragment as can be trusted, and everything that is wrong with the file.

    With findings there may still be a fragment, so that its members can be checked as well;
    there is none where the front matter cannot be read. A fragment's text never has control
    characters.

    Args:
        path: of the file, relative to the root; its name says the id and the category.
        data: the whole file.
        categories: the directory names of towncrier's types.
    """
    issue, category, misnamed = read_name(path, categories)
    text = _decode(data, path)
    if isinstance(text, Finding):
        return None, (*misnamed, text)
    lines = front_matter.lines_of(harmless(text))
    damage = tuple(_find_damage(text, lines, path))
    block = front_matter.find_block(lines, path)
    if isinstance(block, Finding):
        return None, (*misnamed, *damage, *(() if _is_torn(damage) else (block,)))
    if any((finding.line or 0) < block.stop for finding in damage):
        return None, (*misnamed, *damage)
    pairs, unpaired = front_matter.read_pairs(lines, block, path)
    entries, misread = read_entries(pairs, path)
    body = lines[block.stop :]
    words = "\n".join(body).strip()
    fragment = Fragment(path=path, id=issue, category=category, entries=entries, text=words)
    unsaid = _find_unsaid(fragment, body, block.stop)
    return fragment, (*misnamed, *_by_line((*unpaired, *misread, *damage, *unsaid)))


def format_fragment(bumps: Mapping[NormalizedName, Bump], text: str) -> str:
    """The file that says `bumps` and `text`; without bumps it says "no release needed"."""
    words = text.strip()
    return front_matter.format_block(bumps) + (f"\n{words}\n" if words else "")


def without(text: str, names: Collection[NormalizedName]) -> str:
    """A fragment's file without the entries of `names`; all else in it stays as it is.

    Only where an entry cannot be cut out, as in ``{a: patch, b: minor}``, the front matter is
    written anew, plainly. A file whose front matter cannot be read is returned as it is.
    """
    return front_matter.cut(text, names)


def _decode(data: bytes, path: PurePosixPath) -> str | Finding:
    if len(data) > _LARGEST:
        problem = f"the file has {len(data):,} bytes, more than {_LARGEST:,}"
        return mistake("fragment-too-large", problem, path=path)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"the file is not UTF-8 text: it has a byte 0x{data[error.start]:02x}"
        return mistake("fragment-not-utf8", problem, path=path, line=line)
    if not text.removeprefix(BOM).strip():
        return mistake("fragment-empty", "the file is empty", path=path, line=1)
    return text


def _find_damage(text: str, lines: Sequence[str], path: PurePosixPath) -> Iterator[Finding]:
    """What is wrong with the file as a whole, wherever in it."""
    control = control_character(text)
    if control:
        line, name = control
        problem = f"there is a control character, {name}"
        yield mistake("control-character", problem, path=path, line=line)
    conflict = conflict_line(lines)
    if conflict:
        problem = "there is a merge conflict"
        yield mistake("conflict-marker", problem, path=path, line=conflict)


def _is_torn(damage: Iterable[Finding]) -> bool:
    """Whether a merge conflict explains that there is no front matter."""
    return any(finding.code == "conflict-marker" for finding in damage)


def _find_unsaid(fragment: Fragment, body: Sequence[str], above: int) -> Iterator[Finding]:
    """What is wrong with the words: there are none, or they would swallow the next ones."""
    if not fragment.text and any(entry.bump for entry in fragment.entries):
        problem = "the fragment has no text"
        yield mistake("text-missing", problem, path=fragment.path, line=above)
    opening = open_fence(body)
    if opening:
        problem = "there is a code block that never ends"
        yield mistake("code-fence-open", problem, path=fragment.path, line=above + opening)


def _by_line(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.line or 0)
