"""Which package moves how far: the pairs of a fragment, judged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from packaging.utils import NormalizedName, canonicalize_name

from monorelease.formats.fragment_codes import FRAGMENT_HINTS, mistake, quoted
from monorelease.formats.plain_pairs import Pair
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding
from monorelease.model.fragment import Entry
from monorelease.model.guess import suggestion

_NAME = re.compile(r"[A-Z0-9]([A-Z0-9._-]*[A-Z0-9])?", re.ASCII | re.IGNORECASE)
_WORDS = tuple(bump.word for bump in Bump)
_MEANT = {
    "bugfix": "patch",
    "fix": "patch",
    "micro": "patch",
    "feat": "minor",
    "feature": "minor",
    "breaking": "major",
}
"""What people write who think of the category."""


def read_entries(
    pairs: Iterable[Pair], path: PurePosixPath
) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The entries that `pairs` say, and what is wrong with the others."""
    entries: list[Entry] = []
    findings: list[Finding] = []
    lines: dict[NormalizedName, int] = {}
    for pair in pairs:
        name, bump = _name_of(pair, path), _bump_of(pair, path)
        findings += (said for said in (name, bump) if isinstance(said, Finding))
        if isinstance(name, Finding):
            continue
        if name in lines:
            problem = f"{quoted(pair.name)} is already named on line {lines[name]}"
            findings.append(mistake("duplicate-entry", problem, path=path, line=pair.first))
        elif isinstance(bump, Bump):
            entries.append(Entry(name=name, bump=bump, line=pair.first))
        lines.setdefault(name, pair.first)
    return tuple(entries), tuple(findings)


def _name_of(pair: Pair, path: PurePosixPath) -> NormalizedName | Finding:
    if not pair.name.strip():
        return mistake("empty-name", "there is a bump without a name", path=path, line=pair.first)
    if _NAME.fullmatch(pair.name) is None:
        problem = f"{quoted(pair.name)} is not the name of a Python package"
        return mistake("bad-name", problem, path=path, line=pair.first)
    return canonicalize_name(pair.name)


def _bump_of(pair: Pair, path: PurePosixPath) -> Bump | Finding:
    if pair.word in _WORDS:
        return Bump.from_word(pair.word)
    problem = (
        f"{quoted(pair.word)} is not a bump" if pair.word else f"{quoted(pair.name)} has no bump"
    )
    return mistake("unknown-bump", problem, path=path, line=pair.first, hint=_meant(pair))


def _meant(pair: Pair) -> str:
    meant = _MEANT.get(pair.word.casefold())
    if meant:
        return f"did you mean {meant!r}? the category stands in the file name"
    if pair.name in _WORDS and _NAME.fullmatch(pair.word):
        return f"the package comes first: {quoted(f'{pair.word}: {pair.name}')}"
    return suggestion(pair.word, _WORDS, otherwise=FRAGMENT_HINTS["unknown-bump"])
