"""The text of a release pull request: as much of the release as a forge takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monorelease.model.value import replace, value
from monorelease.model.words import counted
from monorelease.reports.harmless import code, folded
from monorelease.reports.release_blocks import Pieces, pieces
from monorelease.reports.release_page import ReleasePage

MARKER = "<!-- monorelease: release pull request -->"
"""What every text of ours begins with; nobody sees it."""


def body(page: ReleasePage, longest: int) -> str:
    """All of `page` in at most `longest` characters, of which some 6000 are needed.

    What does not fit is left out in whole pieces, with a word on it and a link to all of it:
    the last changelogs first, then constraints, then why members are released, then members.
    Each changelog that is missing has a link in its place, as far as room is left for it.
    """
    parts = pieces(page, longest)
    cut = _Cut(
        changelogs=len(parts.changelogs),
        constraints=len(parts.constraints),
        causes=len(parts.rows),
        rows=len(parts.rows),
    )
    for part in _SHRINKING:
        if len(_text(parts, cut)) <= longest:
            break
        cut = _with_most(parts, cut, part, getattr(cut, part) - 1, longest)
    missing = parts.links[cut.changelogs :]
    return _text(parts, _with_most(parts, cut, "links", sum(map(len, missing)), longest))


@value
class _Cut:
    """How many of the pieces are shown, from the first one on."""

    changelogs: int
    constraints: int
    causes: int
    rows: int
    links: int = 0
    """To changelogs that are not shown."""


_SHRINKING = ("changelogs", "constraints", "causes", "rows")


def _with_most(parts: Pieces, cut: _Cut, part: str, limit: int, longest: int) -> _Cut:
    """`cut` with as many of one `part`, up to `limit`, as there is room for; or with none."""

    def fits(count: int) -> bool:
        return len(_text(parts, replace(cut, **{part: count}))) <= longest

    return replace(cut, **{part: _most(limit, fits)})


def _most(limit: int, fits: Callable[[int], bool]) -> int:
    """The most, up to `limit`, that fits, as far as less is shorter; 0 where nothing does."""
    least, beyond = 0, limit + 1
    while beyond - least > 1:
        middle = (least + beyond) // 2
        least, beyond = (middle, beyond) if fits(middle) else (least, middle)
    return least


def _text(parts: Pieces, cut: _Cut) -> str:
    blocks = (
        MARKER,
        parts.opening,
        *_table(parts, cut),
        _constraints(parts, cut.constraints),
        parts.warnings,
        *_changelogs(parts, cut),
        parts.closing,
    )
    return "\n\n".join(filter(None, blocks)) + "\n"


def _table(parts: Pieces, cut: _Cut) -> Iterator[str]:
    head = ("| Package | From → To | Bump | Why |", "| --- | --- | --- | --- |")
    told = min(cut.causes, cut.rows)
    rows = (*parts.rows[:told], *parts.bare_rows[told : cut.rows])
    if rows:
        yield "\n".join((*head, *rows))
    if hidden := len(parts.rows) - cut.rows:
        yield f"And {counted(hidden, 'more package')}: {parts.everything}."
    if silent := cut.rows - told:
        yield (
            f"Why is left out for {counted(silent, 'package')}: the words would not fit here. "
            f"{code('monorelease explain NAME')} tells, and so do {parts.everything}."
        )


def _constraints(parts: Pieces, shown: int) -> str:
    what = f"{counted(parts.raised, 'constraint')} raised"
    if not shown:
        return f"{what}: {parts.everything}." if parts.raised else ""
    head = ("| Package | Requires | Before | After |", "| --- | --- | --- | --- |")
    rows = "\n".join((*head, *parts.constraints[:shown]))
    hidden = len(parts.constraints) - shown
    more = f"\n\nAnd {counted(hidden, 'row')} more: {parts.everything}." if hidden else ""
    return folded(what, rows + more)


def _changelogs(parts: Pieces, cut: _Cut) -> Iterator[str]:
    if not parts.links:
        return
    yield "### Changelogs"
    yield from parts.changelogs[: cut.changelogs]
    missing = [link for links in parts.links[cut.changelogs :] for link in links]
    if missing:
        count = counted(len(missing), "more changelog" if cut.changelogs else "changelog")
        yield f"{count} would not fit here; on the branch are {parts.everything}."
        yield "\n".join(missing[: cut.links])
