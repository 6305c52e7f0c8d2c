"""The comment on a pull request: what it will release, and what is missing."""

from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.formats.forge_links import commit_link, file_link
from monorelease.model.forge import PullRequest, Site
from monorelease.model.proposal import Proposal
from monorelease.model.value import replace, value
from monorelease.model.words import all_of, counted, short
from monorelease.reports.comment_advice import advice
from monorelease.reports.comment_parts import (
    Address,
    Rows,
    in_part,
    what_is_said,
    what_is_wrong,
    who_moves,
    why_they_move,
)
from monorelease.reports.harmless import code, folded, linked
from monorelease.reports.harmless_markdown import block

MARKER = "<!-- monorelease: comment -->"
"""By which our comment is found again; nobody sees it."""

_ALL = "all of it is told by `monorelease comment`, in a checkout of this branch"


@value
class _Extent:
    """How much is told, where not all of it can be."""

    notes: bool = True
    why: bool = True
    rows: Rows = None
    """Of every table and list."""


def comment_text(
    proposal: Proposal, site: Site | None, request: PullRequest | None, longest: int
) -> str:
    """The comment as Markdown, from `MARKER` on; nothing in it that strangers wrote does anything.

    Where it is too long, the notes go first, then the reasons, then rows of the tables; it says
    so, and where all of it is.

    Args:
        proposal: what it tells, perhaps from a stranger.
        site: the repository, for links; None for none.
        request: the pull request that it will stand on, for links to its branch.
        longest: the most characters that it may have; a thousand at least.
    """
    head = _head(site, request)
    extents = (_Extent(), _Extent(notes=False), _Extent(notes=False, why=False))
    fewer = (_Extent(notes=False, why=False, rows=rows) for rows in (500, 100, 20, 5, 1, 0))
    texts = (_text(proposal, head, request, extent) for extent in (*extents, *fewer))
    return next((text for text in texts if len(text) <= longest), f"{MARKER}\n{_heading(proposal)}")


def _head(site: Site | None, request: PullRequest | None) -> Site | None:
    """Where the pull request's own branch and commits are."""
    if site is None or request is None:
        return site
    return replace(site, repository=request.head_repository) if request.head_repository else None


def _text(
    proposal: Proposal, head: Site | None, request: PullRequest | None, extent: _Extent
) -> str:
    address = _addresses(proposal, head)
    rows = extent.rows
    is_usable = not _is_mistaken(proposal)
    parts = [
        _heading(proposal),
        _latest(proposal, head),
        _introduction(proposal),
        _untold(proposal) if is_usable else "",
        what_is_wrong(proposal.findings, address, rows),
        who_moves(proposal.releases, rows),
        why_they_move(proposal.releases) if extent.why else "",
        _notes(proposal.notes) if extent.notes else "",
        what_is_said(proposal.fragments, address, rows),
        _elsewhere(what_is_wrong(proposal.elsewhere, address, rows)),
        advice(proposal, head, request) if is_usable and rows is None else "",
        _left_out(proposal, extent),
    ]
    return "\n\n".join((MARKER, *filter(None, parts))) + "\n"


def _addresses(proposal: Proposal, head: Site | None) -> Address:
    return lambda path, line: file_link(head, proposal.head, path, line) if head else ""


def _heading(proposal: Proposal) -> str:
    return f"### {_title(proposal)}"


def _title(proposal: Proposal) -> str:
    if proposal.releases_itself:
        return "This is a release"
    if proposal.releases:
        return f"Releases {counted(len(proposal.releases), 'package')}"
    if _is_mistaken(proposal) or _is_unknown(proposal):
        what = "The fragment" if _is_mistaken(proposal) else "The configuration"
        return f"{what} cannot be used"
    if proposal.fragments:
        return "Releases nothing"
    if proposal.untold:
        return f"No fragment for {counted(len(proposal.untold), 'changed package')}"
    return "Nothing to release"


def _introduction(proposal: Proposal) -> str:
    if proposal.releases_itself:
        return "It turns fragments into versions and changelogs, and needs no fragment of its own."
    if proposal.releases:
        return "Once it is merged, it goes out with the next release."
    if _is_mistaken(proposal) or _is_unknown(proposal):
        return "What it releases can be told once the problems below are mended."
    if proposal.fragments:
        return "Its fragments say that no package needs a release for it."
    if proposal.untold:
        return "Merged as it is, it reaches nobody: no fragment says what to release."
    changes = "no package that is released" if proposal.touched else "no package"
    return f"It has no fragment, and needs none: it changes {changes}."


def _is_mistaken(proposal: Proposal) -> bool:
    """Whether it may be for the mistakes in its fragments that nothing is released."""
    folder = PurePosixPath(proposal.directory)
    mistakes = (f.path for f in proposal.findings if f.is_error)
    return not proposal.releases and any(path and path.parent == folder for path in mistakes)


def _is_unknown(proposal: Proposal) -> bool:
    """Whether it may be for what it does to the repository's settings that nothing is told."""
    said = (proposal.releases, proposal.fragments, proposal.touched, proposal.untold)
    mistakes = (f.path for f in proposal.findings if f.is_error)
    return not any(said) and any(mistakes)


def _latest(proposal: Proposal, head: Site | None) -> str:
    address = commit_link(head, proposal.head) if head else ""
    return f"Latest commit: {linked(code(short(proposal.head)), address)}"


def _untold(proposal: Proposal) -> str:
    names = in_part([code(name) for name in proposal.untold])
    return f"Changed, and named by no fragment: {names}." if names else ""


def _notes(notes: str) -> str:
    body = block(notes)
    return folded("What their changelogs get", body) if body else ""


def _elsewhere(findings: str) -> str:
    if not findings:
        return ""
    return folded("What is wrong in files that this does not change", findings)


def _left_out(proposal: Proposal, extent: _Extent) -> str:
    lists = (proposal.releases, proposal.fragments, proposal.findings, proposal.elsewhere)
    rows = 0 if extent.rows is None else sum(max(0, len(x) - extent.rows) for x in lists)
    is_short_of_why = proposal.releases and not extent.why
    gone = [
        *(["the notes"] if proposal.notes and not extent.notes else []),
        *(["versions and reasons"] if is_short_of_why else []),
        *([counted(rows, "row")] if rows else []),
    ]
    return f"*Left out, for want of room: {all_of(gone)}; {_ALL}.*" if gone else ""
