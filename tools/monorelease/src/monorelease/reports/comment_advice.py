"""How the fragment comes about that a pull request needs: a page to write it on, or a command."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.formats.forge_links import new_file_link
from monorelease.formats.fragment_names import fragment_name
from monorelease.formats.fragments import format_fragment
from monorelease.model.bump import Bump
from monorelease.model.forge import PullRequest, Site
from monorelease.model.proposal import Proposal
from monorelease.reports.harmless import code, fenced, folded, link, visible

_LONGEST_ADDRESS = 6_000
"""Characters; servers and browsers take little more."""

_NAMES_IN_A_COMMAND = 20
_WORDS = "What people who upgrade should know of this change."


def advice(proposal: Proposal, head: Site | None, request: PullRequest | None) -> str:
    """Markdown that leads to one more fragment; empty where none makes sense.

    It is for the members that are untold, else for those that are changed: patched, until
    somebody knows better. `head` is where the pull request's branch is, if it still is.
    """
    names = proposal.untold or proposal.touched
    if proposal.releases_itself or not names:
        return ""
    path, content = _path(proposal, request), _content(names, request)
    address = new_file_link(head, request.head, path, content) if head and request else ""
    words = "Write the fragment" if proposal.untold else "Write another fragment"
    command = code(f"monorelease add --patch {_named(names)} --category {proposal.category}")
    if 0 < len(address) <= _LONGEST_ADDRESS:
        way = f"{link(f'{words} here', address)}, or with {command}."
    else:
        way = f"{words} with {command}."
    if not proposal.untold:
        return way
    return f"{way}\n\n{folded('What is a fragment?', _explanation(proposal, path, content))}"


def _path(proposal: Proposal, request: PullRequest | None) -> PurePosixPath:
    """A name that no fragment of the pull request has."""
    issue = str(request.number) if request else "+what-changed"
    taken = {fragment.path for fragment in proposal.fragments}
    folder = PurePosixPath(proposal.directory)
    names = (folder / fragment_name(issue, proposal.category, number) for number in count())
    return next(path for path in names if path not in taken)


def _content(names: Sequence[NormalizedName], request: PullRequest | None) -> str:
    title = " ".join(visible(request.title).split()) if request else ""
    return format_fragment(dict.fromkeys(names, Bump.PATCH), title or _WORDS)


def _named(names: Sequence[NormalizedName]) -> str:
    return ",".join(names) if len(names) <= _NAMES_IN_A_COMMAND else "NAMES"


def _explanation(proposal: Proposal, path: PurePosixPath, content: str) -> str:
    meaning = (
        f"A file in {code(f'{proposal.directory}/')} that says how far a change moves each package "
        "(patch, minor, major, or none), and tells readers of the changelogs what they need "
        f"to know. Here {code(str(path))} might begin as"
    )
    otherwise = (
        "Where no release is needed, say that: with the bump `none`, or with "
        "`monorelease add --empty`."
    )
    return "\n\n".join((meaning, fenced(content), otherwise))
